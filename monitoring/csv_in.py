"""Figures from a CSV file: looked through, or stored, in batches; memory stays flat however long
the file is. Faulty lines are left out and told; sent again once mended, what is known is no news.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accounts.audit import record
from monitoring.checking import Checker, Reading, Reason, Refused
from monitoring.csv_rows import AT, INDICATOR, MEASURE, VALUE, CsvFigures, Figure, LineFault
from monitoring.observing import store
from monitoring.streams import Stream, stream_of
from provinces.schema import Province, UnitKey
from storage.database import transaction

BATCH = 5000
MOST_FAULTS = 100  # are told one by one; all are counted
SHOWN = 10  # lines of a preview
Clock = Callable[[], datetime]

_Series = tuple[str, UnitKey | None, str]
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
    # What can be true does not depend on the commune: one series of each indicator will do.
    series = {
        place: Stream(place, code, None, indicator.source)
        for place, (code, indicator) in enumerate(province.indicators.items(), 1)
    }
    places = {stream.indicator: place for place, stream in series.items()}
    checker = Checker(province, series, now)
    for figure in _good(CsvFigures(stream, province), found):
        checked = checker.check(0, _reading(places[figure.indicator.code], figure))
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
    """Store a file's good lines, a batch in a transaction; noted in the audit log.

    Raises:
        UnreadableCsv: it is no UTF-8, or its header has not the columns that are needed.
    """
    found = Imported()
    series: dict[_Series, int] = {}
    batch: list[Figure] = []

    def keep() -> None:
        with transaction(engine) as session:
            made = _store(session, province, batch, series, clock(), by, found)
        series.update(made)  # not before: a transaction that failed has made none
        batch.clear()

    for figure in _good(CsvFigures(stream, province), found):
        batch.append(figure)
        if len(batch) == BATCH:
            keep()
    if batch:
        keep()
    found.faults.sort(key=lambda fault: fault.line)
    with transaction(engine) as session:
        record(
            session, by, "observations.imported", "file", "csv", clock(),
            lines=found.lines, new=found.new, corrected=found.corrected, faults=found.fault_count,
        )  # fmt: skip
    return found


def _good(figures: CsvFigures, found: Imported) -> Iterator[Figure]:
    """The lines that could be read; all are counted."""
    for line in figures:
        found.lines += 1
        if isinstance(line, LineFault):
            found.note_fault(line)
        else:
            yield line


def _store(
    session: Session,
    province: Province,
    batch: list[Figure],
    known: Mapping[_Series, int],
    now: datetime,
    by: str,
    found: Imported,
) -> Mapping[_Series, int]:
    """Store a batch; the series that it made or found."""
    made: dict[_Series, int] = {}
    readings = []
    for figure in batch:
        key = (figure.indicator.code, figure.unit, figure.source)
        stream = known.get(key) or made.get(key)
        if stream is None:
            unit = None if figure.unit is None else f"{figure.unit.edition}:{figure.unit.code}"
            stream = stream_of(session, figure.indicator.code, unit, figure.source, now).id
            made[key] = stream
        readings.append(_reading(stream, figure))
    stored = store(session, province, readings, now, by)
    found.new += stored.new
    found.repeated += stored.repeated
    found.corrected += stored.corrected
    for refused in stored.refused:
        found.note_fault(_fault(batch[refused.index], refused))
    return made


def _reading(stream: int, figure: Figure) -> Reading:
    return Reading(stream, figure.at, figure.value, figure.measure)


def _fault(figure: Figure, refused: Refused) -> LineFault:
    column = _COLUMNS.get(refused.reason, INDICATOR)
    return LineFault(figure.line, column, refused.reason.value, refused.expected, refused.found)
