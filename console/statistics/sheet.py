"""A sheet of figures, before it becomes a page, a PDF or a workbook: all three show the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from console.statistics.period import Period

Value = int | float | None
"""None: there is nothing to tell, such as the mean of no ratings."""


class Unit(StrEnum):
    """What a number counts."""

    COUNT = "count"
    SHARE = "share"  # 0 to 1
    SECONDS = "seconds"  # of a call: minutes and seconds
    SPAN = "span"  # of a report: hours and days; in seconds, too
    SCORE = "score"  # 1 to 5


@dataclass(frozen=True)
class Cell:
    """A number, and where what it counts is listed."""

    value: Value
    unit: Unit = Unit.COUNT
    href: str | None = None


@dataclass(frozen=True)
class Figure:
    """One number with a name. `stat_<key>` is its wording, `stat_<key>_note` its definition.

    A share has the numbers that it was made of: `part` of `whole`.
    """

    key: str
    cell: Cell
    before: Value = None
    part: Value = None
    whole: Value = None


@dataclass(frozen=True)
class Row:
    """A line of a table; its name is in the reader's language."""

    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """Attributes:
    columns: keys of wording, the first one that of the lines' names.
    chart: of the first number: `bars` or `line` above the table, or a `meter` in each line; ''
        where a picture tells no more.
    """

    key: str
    columns: Sequence[str]
    rows: Sequence[Row]
    chart: str = ""

    @property
    def most(self) -> float:
        """The largest of the first numbers, and not less than 1."""
        return max([1, *(row.cells[0].value or 0 for row in self.rows)])


@dataclass(frozen=True)
class Section:
    """Figures and tables under one heading, `stat_<key>`."""

    key: str
    figures: Sequence[Figure]
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Sheet:
    """All figures of a period. `calls_since` and `calls_until`: the oldest and the youngest call
    that are counted, of all days."""

    period: Period
    before: Period
    made_at: datetime
    sections: Sequence[Section]
    calls_since: datetime | None = None
    calls_until: datetime | None = None
    agency: str | None = field(default=None)  # the name of the agency whose figures alone these are
    demo: bool = False  # some of what is counted is made up

    def definitions(self) -> Iterator[str]:
        """The keys of all figures and tables, in order."""
        for section in self.sections:
            yield from (figure.key for figure in section.figures)
            yield from (table.key for table in section.tables)


def share(part: Value, whole: Value) -> float | None:
    """The share of one in the other; None of nothing."""
    return part / whole if whole and part is not None else None
