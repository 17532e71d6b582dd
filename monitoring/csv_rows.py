"""Lines of a CSV file as figures, and what is wrong with those that are none.

Columns are found by their names, in any order: docs/monitoring.md. Nothing is guessed: a line
that can be read in two ways is told as faulty, and the others go on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from monitoring.csv_lines import MOST_LINE_BYTES, BadLine, Cells, CsvLines
from monitoring.csv_values import MOMENTS, read_moment, read_number
from monitoring.errors import UnreadableCsv
from monitoring.sources import may_send
from monitoring.unit_names import UnitNames
from provinces.modules import Indicator, IndicatorLevel
from provinces.schema import Province, UnitKey
from understanding.fold import fold

AT, INDICATOR, UNIT, VALUE, MEASURE, SOURCE = COLUMNS = (
    "phenomenon_time",
    "indicator",
    "unit",
    "value",
    "measure",
    "source",
)
NEEDED = (AT, INDICATOR, VALUE)
_CALLED: Mapping[str, str] = {
    **{fold(name.replace("_", " ")): name for name in COLUMNS},
    "phenomenontime": AT,
    "time": AT,
    "thoi diem": AT,
    "thoi gian": AT,
    "chi so": INDICATOR,
    "chi tieu": INDICATOR,
    "xa phuong": UNIT,
    "xa": UNIT,
    "don vi hanh chinh": UNIT,
    "gia tri": VALUE,
    "result": VALUE,
    "don vi do": MEASURE,
    "don vi tinh": MEASURE,
    "nguon": SOURCE,
}
_WHOLE_LINE = {"long": f"{MOST_LINE_BYTES} bytes", "encoding": "UTF-8", "quotes": '"…"'}
LONGEST_FOUND = 60
_MOST_KEPT = 20_000  # of each kind of cell: times and names come again and again


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line: its number, where it is one cell's its column, a reason that
    pages have words for, what was expected, what was found."""

    line: int
    column: str | None
    reason: str
    expected: str
    found: str


@dataclass(frozen=True)
class Figure:
    """A line that was understood. `measure` is what the value is told in, as it was written."""

    line: int
    at: datetime
    indicator: Indicator
    unit: UnitKey | None
    value: float
    measure: str | None
    source: str


class CsvFigures:
    """The figures of a file, read while they are asked for; it is read once.

    Raises:
        UnreadableCsv: it is no UTF-8, or its header has not the columns that are needed.
    """

    def __init__(self, stream: BinaryIO, province: Province) -> None:
        self._lines = CsvLines(stream)
        self._province = province
        self._places = _places(self._lines.header)
        self._comma = self._lines.separator == ";"
        self._units = UnitNames(province)
        self._moments: dict[str, datetime | None] = {}
        self._found_units: dict[tuple[str, int], Sequence[UnitKey | None]] = {}
        self._indicators = {
            name: each
            for module in province.modules
            for each in module.indicators
            for name in (each.code, *(fold(name) for name in each.names.values()))
        }

    @property
    def separator(self) -> str:
        """What stands between its cells."""
        return self._lines.separator

    def __iter__(self) -> Iterator[Figure | LineFault]:
        for line in self._lines:
            yield self._bad(line) if isinstance(line, BadLine) else self._figure(line)

    def _bad(self, line: BadLine) -> LineFault:
        return LineFault(line.number, None, line.why, _WHOLE_LINE[line.why], "")

    def _figure(self, line: Cells) -> Figure | LineFault:
        places, cells = self._places, line.cells
        if len(cells) != len(self._lines.header):
            expected, found = str(len(self._lines.header)), str(len(cells))
            return LineFault(line.number, None, "cells", expected, found)

        def cell(column: str) -> str:
            place = places.get(column)
            return cells[place] if place is not None else ""

        def fault(column: str, reason: str, expected: str) -> LineFault:
            found = cell(column)
            shown = found if len(found) <= LONGEST_FOUND else found[:LONGEST_FOUND] + "…"
            return LineFault(line.number, column, reason, expected, shown)

        at = self._moment(cell(AT))
        if at is None:
            return fault(AT, "moment", MOMENTS)
        indicator = self._indicator(cell(INDICATOR))
        if indicator is None:
            return fault(INDICATOR, "indicator", self._some_indicators())
        units = self._find_unit(cell(UNIT), at)
        if len(units) != 1:
            reason = "units" if units else "unit"
            return fault(UNIT, reason, ", ".join(map(self._written, units)) or "2025:31825")
        if units[0] is not None and indicator.level is IndicatorLevel.PROVINCE:
            return fault(UNIT, "level", "")
        if not cell(UNIT) and indicator.level is IndicatorLevel.UNIT:
            return fault(UNIT, "empty", self._province.key)
        value = read_number(cell(VALUE), self._comma)
        if value is None:
            return fault(VALUE, "number", "1234,5" if self._comma else "1234.5")
        source = cell(SOURCE) or indicator.source
        if not may_send(self._province, source):
            return fault(SOURCE, "source", ", ".join(self._province.agencies))
        return Figure(line.number, at, indicator, units[0], value, cell(MEASURE) or None, source)

    def _moment(self, text: str) -> datetime | None:
        kept = self._moments
        if text not in kept:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[text] = read_moment(text, self._province.timezone)
        return kept[text]

    def _indicator(self, text: str) -> Indicator | None:
        return self._indicators.get(text) or self._indicators.get(fold(text))

    def _find_unit(self, text: str, at: datetime) -> Sequence[UnitKey | None]:
        day = at.astimezone(self._province.timezone).date()
        key = (text, day.toordinal())
        kept = self._found_units
        if key not in kept:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[key] = self._units.find(text, day)
        return kept[key]

    def _some_indicators(self) -> str:
        codes = dict.fromkeys(each.code for each in self._indicators.values())
        return ", ".join([*codes][:3]) + ", …"

    def _written(self, unit: UnitKey | None) -> str:
        """So that it is clear."""
        return f"{unit.edition}:{unit.code}" if unit is not None else self._province.key


def _places(header: Sequence[str]) -> Mapping[str, int]:
    """Column → its place.

    Raises:
        UnreadableCsv: a column is missing, unknown, or there twice.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        column = _CALLED.get(" ".join(fold(re.sub("[_,;]", " ", name)).split()))
        if column is None or column in places:
            shown = name[:LONGEST_FOUND]
            raise UnreadableCsv("column", ", ".join(COLUMNS), shown)
        places[column] = place
    missing = [column for column in NEEDED if column not in places]
    if missing:
        raise UnreadableCsv("missing", ", ".join(missing), ", ".join(header)[:LONGEST_FOUND])
    return places
