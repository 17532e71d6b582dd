"""Reports as rows of a table, read piece by piece: memory stays flat however many there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, select

from provinces.schema import Province
from reports.models import Report
from reports.routing import agency_name
from reports.search_filters import Filters
from reports.search_list import Place, piece
from storage.database import reading

AT_ONCE = 2_000
# Words and points are looked up anew for each piece.
FOUND_AT_ONCE = 20_000
LANGUAGE = "vi"

COLUMNS = (
    "reference",
    "status",
    "source",
    "category",
    "category_name",
    "group_name",
    "place",
    "place_name",
    "agency",
    "agency_name",
    "officer",
    "urgent",
    "partial",
    "requested_at",
    "updated_at",
    "expected_at",
    "resolved_at",
    "closed_at",
    "latitude",
    "longitude",
    "address",
    "description",
)
_WORDS = frozenset({"address", "description"})  # people's own

Cell = str | int | float | bool | datetime | None
Naming = Callable[[str], str | None]


@dataclass(frozen=True)
class Column:
    """One column: whose values it shows, by what name, and whether people's words are in it."""

    name: str
    value: Any  # a column of `Report`
    naming: Naming | None = None
    words: bool = False


def columns(province: Province, unit_name: Naming, words: bool) -> tuple[Column, ...]:
    """What is exported: no number and no name of anybody; what was written, only with `words`."""

    def category(code: str) -> str | None:
        found = province.categories.get(code) or province.groups.get(code)
        return found.names.get(LANGUAGE) if found is not None else None

    def group(code: str) -> str | None:
        found = province.categories.get(code)
        return category(found.group if found is not None else code)

    named: Mapping[str, tuple[Any, Naming]] = {
        "category_name": (Report.category, category),
        "group_name": (Report.category, group),
        "place_name": (Report.place, unit_name),
        "agency_name": (Report.agency, lambda code: agency_name(province, code, LANGUAGE)),
    }
    return tuple(
        Column(name, *named[name])
        if name in named
        else Column(name, getattr(Report, name), words=name in _WORDS)
        for name in COLUMNS
        if words or name not in _WORDS
    )


def exported(
    engine: Engine, filters: Filters, shown: Sequence[Column], now: datetime
) -> Iterator[Sequence[Cell]]:
    """A row for each report, newest first.

    Read in short transactions that go on by key, so that somebody who reads slowly holds nothing
    up; what comes in meanwhile is not among them.
    """
    values = list(dict.fromkeys(column.value for column in shown))
    at = [values.index(column.value) for column in shown]
    names: list[Mapping[Any, Cell] | None] = [
        None if column.naming is None else _Names(column.naming) for column in shown
    ]
    plan = list(zip(at, names, strict=True))
    for rows in _pieces(engine, filters, values, now):
        for row in rows:
            yield [row[i] if known is None else known[row[i]] for i, known in plan]


def _pieces(
    engine: Engine, filters: Filters, values: Sequence[Any], now: datetime
) -> Iterator[Sequence[Any]]:
    found = filters.words is not None or filters.near is not None
    at_once = FOUND_AT_ONCE if found else AT_ONCE
    after: Place | None = None
    while True:
        ids = piece(engine.dialect.name, filters, now, at_once, after).subquery()
        query: Select[Any] = (
            select(*values, ids.c.moment.label("piece_moment"), ids.c.id.label("piece_id"))
            .join(ids, ids.c.id == Report.id)
            .order_by(ids.c.moment.desc(), ids.c.id.desc())
        )
        with reading(engine) as session:
            rows = session.execute(query).all()
        if rows:
            yield rows
        if len(rows) < at_once:
            return
        after = Place(rows[-1].piece_moment, rows[-1].piece_id)


class _Names(dict[Any, Cell]):
    """Each code's name, asked for once."""

    def __init__(self, naming: Naming) -> None:
        super().__init__({None: None})
        self.naming = naming

    def __missing__(self, code: str) -> Cell:
        self[code] = self.naming(code)
        return self[code]
