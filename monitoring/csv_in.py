"""Figures from a CSV file: looked through, or stored, in batches; memory stays flat however long
the file is. Faulty lines are left out and told; sent again once mended, what is known is no news.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accounts.audit import record
from monitoring.checking import Checker, Reading, Reason, Refused
from monitoring.csv_rows import AT, INDICATOR, MEASURE, SOURCE, VALUE, CsvFigures, Figure, LineFault
from monitoring.observing import Stored, Telling, store_told
from monitoring.partitions import make_months_of_all
from monitoring.pieces import in_pieces
from monitoring.streams import Series
from provinces.schema import Province
from storage.database import transaction

BATCH = 5000
MOST_FAULTS = 100  # are told one by one; all are counted
SHOWN = 10  # lines of a preview
Clock = Callable[[], datetime]

_COLUMNS = {
    Reason.ZONE: AT,
    Reason.FUTURE: AT,
    Reason.ANCIENT: AT,
    Reason.PURGED: AT,
    Reason.UNIT: MEASURE,
    Reason.UNLIKE: MEASURE,
    Reason.NUMBER: VALUE,
    Reason.LOW: VALUE,
    Reason.HIGH: VALUE,
    Reason.COUNTED: SOURCE,
}


@dataclass
class Imported:
    """What became of a file, or would; `lines` are those that hold anything.

    `shown` are the first good lines. Of a preview `new` counts all good ones.
    """

    lines: int = 0
    new: int = 0
    repeated: int = 0
    corrected: int = 0
    fault_count: int = 0
    faults: list[LineFault] = field(default_factory=list)
    shown: list[Figure] = field(default_factory=list)

    def note_fault(self, fault: LineFault) -> None:
        """Count it; the first are kept."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


def look_through(stream: BinaryIO, province: Province, now: datetime) -> Imported:
    """What is wrong with a file, and its first good lines; nothing is stored.

    Raises:
        UnreadableCsv: it is no UTF-8, or its header has not the columns that are needed.
    """
    found = Imported()
    checker = Checker(province, now)
    for figure in _good(CsvFigures(stream, province), found):
        reading = Reading(0, figure.at, figure.value, figure.measure)
        checked = checker.check_of(0, figure.indicator, figure.source, reading)
        if isinstance(checked, Refused):
            found.note_fault(_fault(figure, checked))
            continue
        found.new += 1
        if len(found.shown) < SHOWN:
            found.shown.append(figure)
    found.faults.sort(key=lambda fault: fault.line)
    return found


def bring_in(
    engine: Engine, province: Province, stream: BinaryIO, clock: Clock, by: str
) -> Imported:
    """Store a file's good lines, in many transactions; what was stored is noted in the audit log,
    also where something breaks it off.

    Raises:
        UnreadableCsv: it is no UTF-8, or its header has not the columns that are needed.
    """
    found = Imported()
    figures = CsvFigures(stream, province)
    series: dict[Series, int] = {}
    batch: list[Figure] = []

    def store_some(session: Session, some: Sequence[Figure]) -> tuple[Stored, Mapping[Series, int]]:
        return store_told(session, province, [_telling(each) for each in some], clock(), by, series)

    def keep() -> None:
        make_months_of_all(engine, [each.at for each in batch], clock(), province.timezone)
        for begin, (stored, made) in in_pieces(engine, batch, store_some):
            series.update(made)  # not before: a transaction that failed has made none
            found.new += stored.new
            found.repeated += stored.repeated
            found.corrected += stored.corrected
            for refused in stored.refused:
                found.note_fault(_fault(batch[begin + refused.index], refused))
        batch.clear()

    try:
        for figure in _good(figures, found):
            batch.append(figure)
            if len(batch) == BATCH:
                keep()
        if batch:
            keep()
    finally:
        with transaction(engine) as session:
            record(
                session, by, "observations.imported", "file", "csv", clock(), lines=found.lines,
                new=found.new, corrected=found.corrected, faults=found.fault_count,
            )  # fmt: skip
    found.faults.sort(key=lambda fault: fault.line)
    return found


def _good(figures: CsvFigures, found: Imported) -> Iterator[Figure]:
    """The lines that could be read; all are counted."""
    for line in figures:
        found.lines += 1
        if isinstance(line, LineFault):
            found.note_fault(line)
        else:
            yield line


def _telling(figure: Figure) -> Telling:
    unit = None if figure.unit is None else f"{figure.unit.edition}:{figure.unit.code}"
    return Telling(figure.indicator, unit, figure.source, figure.at, figure.value, figure.measure)


def _fault(figure: Figure, refused: Refused) -> LineFault:
    column = _COLUMNS.get(refused.reason, INDICATOR)
    return LineFault(figure.line, column, refused.reason.value, refused.expected, refused.found)
