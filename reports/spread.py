"""Where reports lie on the map: how many in each unit, each by itself, or many as one.

Most are told by telephone and have no point, only a unit: they are counted at its middle.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, select
from sqlalchemy.orm import Session

from provinces.schema import Province, UnitKey
from reports.area import Area, Box
from reports.days import Span, tallies_of
from reports.models import Report, ReportStatus
from reports.search_filters import Filters, chosen, one_of, within, without_index
from reports.search_hits import hits_counted
from reports.search_list import RARE_NEAR, matching
from reports.tallied import are_tallied, chosen_tallies, counts_by

MOST_PINS = 2000  # what a browser draws one by one without a pause
CELLS_ACROSS = 64
_ROW = 1000  # a cell's number is its row times this, and its column
_SMALLEST = 1e-4  # degrees: a few metres
_CHOSEN = ("statuses", "categories", "places", "agencies", "officer")


@dataclass(frozen=True)
class Pin:
    """One report at its point."""

    latitude: float
    longitude: float
    reference: str
    status: str
    urgent: bool


@dataclass(frozen=True)
class Cell:
    """`count` reports in the square around this point."""

    latitude: float
    longitude: float
    count: int


@dataclass(frozen=True)
class Spread:
    """What lies in a part of the map: `pins`, or where those would be too many, `cells`; and how
    many have no point, by the unit of today that they count to."""

    pins: Sequence[Pin]
    cells: Sequence[Cell]
    without_point: Mapping[str, int]


def unit_today(province: Province, place: str) -> str:
    """The unit that reports of `place` count to: what became of it whole, else itself."""
    edition, _, code = place.partition(":")
    key = UnitKey(edition, code)
    while len(after := province.successors.get(key, ())) == 1:
        (key,) = after
    return f"{key.edition}:{key.code}"


def places_in(province: Province, place: str) -> tuple[str, ...]:
    """All places whose reports count to that unit: its own, and those that became part of it."""
    known = (f"{key.edition}:{key.code}" for key in province.units)
    return tuple(sorted({place, *(p for p in known if unit_today(province, p) == place)}))


def places_around(province: Province, area: Area) -> tuple[str, ...]:
    """The places whose reports are drawn within the area where they have no point."""
    return tuple(
        place
        for key in province.units
        if (unit := province.unit(unit_today(province, place := f"{key.edition}:{key.code}")))
        and area.holds((unit.latitude, unit.longitude))
    )


def counts_of_units(
    session: Session, province: Province, filters: Filters, now: datetime
) -> Mapping[str | None, int]:
    """How many of the reports that are meant count to each unit, the most first; None: to none.

    `session` sees one moment of the database (`storage.database.reading`).
    """
    return by_unit_today(province, _counts_of_places(session, filters, now))


def by_unit_today(province: Province, counts: Mapping[str | None, int]) -> Mapping[str | None, int]:
    """Counts by place, as counts of the units of today, the most first; None: in no unit."""
    found: Counter[str | None] = Counter()
    for place, count in counts.items():
        found[unit_today(province, place) if place else None] += count
    return dict(sorted(found.items(), key=lambda row: (-row[1], row[0] or "")))


def spread(
    session: Session, province: Province, filters: Filters, now: datetime, seen: Box
) -> Spread:
    """Where in `seen` the reports lie that the filters mean.

    `filters.near` tells which are meant, as in a list; `seen` only which of them are looked at.
    """
    narrow = _is_narrow(session, seen)
    meant = _Meant(session, filters, now, narrow)
    here = [*meant.conditions(), *seen.holds_columns(meant.latitude, meant.longitude)]
    some = select(Report.id).where(*here).limit(MOST_PINS + 1).subquery()
    few = (session.scalar(select(func.count()).select_from(some)) or 0) <= MOST_PINS
    return Spread(
        list(_pins(session, here)) if few else [],
        [] if few else list(_cells(session, filters, now, seen, narrow)),
        _without_point(session, province, filters, now),
    )


def count_reports(session: Session, filters: Filters, now: datetime) -> int:
    """How many are meant."""
    area = filters.near
    if not isinstance(area, Area):
        return _counted(session, filters, now, None)
    # Apart, each by its own index: those with a point in it, and those without one.
    narrow = _is_narrow(session, area.box)
    drawn, told = replace(filters, near=replace(area, places=())), replace(filters, near=None)
    where = matching(told, now, session.get_bind().dialect.name)
    without = [*where, Report.latitude.is_(None), Report.place.in_(area.places)]
    pointless = select(func.count()).select_from(Report).where(*without)
    others = _if_most(told)
    if others is None:
        found = _counted(session, drawn, now, narrow)
    else:
        every, less = replace(drawn, statuses=None), replace(drawn, statuses=others)
        found = _counted(session, every, now, narrow) - _counted(session, less, now, narrow)
    return found + (session.scalar(pointless) or 0)


def _counted(session: Session, filters: Filters, now: datetime, narrow: bool | None) -> int:
    where = _Meant(session, filters, now, narrow).conditions()
    return session.scalar(select(func.count()).select_from(Report).where(*where)) or 0


class _Meant:
    """The conditions of a query over part of the map, such that SQLite takes the right index.

    It does not know how many reports lie in a box. Of a wide one the others are quicker; of a
    narrow one that of the points, and of everything as well: it has all that is counted.
    `narrow` is None where it may do as it likes.
    """

    def __init__(
        self, session: Session, filters: Filters, now: datetime, narrow: bool | None
    ) -> None:
        self.dialect = session.get_bind().dialect.name
        self.filters, self.now = filters, now
        self.latitude: Any = Report.latitude
        self.longitude: Any = Report.longitude
        self.columns = chosen(filters)
        self.bare = replace(filters, near=None, **{each: None for each in _CHOSEN})
        self.narrow = narrow
        if narrow is False and (self.columns or self.bare != Filters()):
            self.latitude = without_index(Report.latitude)
            self.longitude = without_index(Report.longitude)

    def conditions(self) -> list[ColumnElement[bool]]:
        found = matching(self.bare, self.now, self.dialect)
        for column, values in self.columns:
            found.append(one_of(without_index(column) if self.narrow else column, values))
        if self.filters.near is not None:
            columns = SimpleNamespace(
                latitude=self.latitude, longitude=self.longitude, place=Report.place
            )
            found.append(within(self.filters.near, columns))
        return found


def _is_narrow(session: Session, box: Box) -> bool | None:
    """Whether few reports lie in the box; None where the database knows by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    there = Area(((box.south, box.west), (box.north, box.east)))
    counted = hits_counted(None, there, "sqlite", RARE_NEAR + 1)
    return (session.scalar(counted) or 0) <= RARE_NEAR


def _without_point(
    session: Session, province: Province, filters: Filters, now: datetime
) -> Mapping[str, int]:
    where = matching(filters, now, session.get_bind().dialect.name)
    query = select(Report.place, func.count()).where(*where, Report.latitude.is_(None))
    found: Counter[str] = Counter()
    for place, count in session.execute(query.group_by(Report.place)):
        if place is not None:
            found[unit_today(province, place)] += count
    return found


def _counts_of_places(
    session: Session, filters: Filters, now: datetime
) -> Mapping[str | None, int]:
    if are_tallied(filters):
        found = tallies_of(session, Span(filters.received_from, filters.received_to))
        if found is not None:
            tallies, codes = found
            meant = replace(filters, received_from=None, received_to=None)
            return counts_by(chosen_tallies(meant, tallies, codes), "place", codes)
    where = matching(filters, now, session.get_bind().dialect.name)
    query = select(Report.place, func.count()).where(*where).group_by(Report.place)
    return {place: count for place, count in session.execute(query)}


def _pins(session: Session, here: Sequence[Any]) -> Iterator[Pin]:
    query = select(
        Report.latitude, Report.longitude, Report.reference, Report.status, Report.urgent
    ).where(*here)
    for latitude, longitude, reference, status, urgent in session.execute(query):
        yield Pin(latitude or 0, longitude or 0, reference, status, urgent)


def _cells(
    session: Session, filters: Filters, now: datetime, seen: Box, narrow: bool | None
) -> Iterator[Cell]:
    size = max(seen.north - seen.south, seen.east - seen.west, _SMALLEST) / CELLS_ACROSS

    def counted(filters: Filters) -> Mapping[int, int]:
        return _counted_cells(_Meant(session, filters, now, narrow), session, seen, size)

    others = _if_most(filters)
    if others is None:
        found = counted(filters)
    else:
        left = Counter(counted(replace(filters, statuses=None)))
        left.subtract(counted(replace(filters, statuses=others)))
        found = +left
    for number, count in found.items():
        row, column = divmod(number, _ROW)
        latitude, longitude = seen.south + (row + 0.5) * size, seen.west + (column + 0.5) * size
        yield Cell(latitude, longitude, count)


def _counted_cells(meant: _Meant, session: Session, seen: Box, size: float) -> Mapping[int, int]:
    row: Any = (meant.latitude - seen.south) / size
    column: Any = (meant.longitude - seen.west) / size
    if meant.dialect == "sqlite":  # it may lack floor(); nothing here is below 0
        number: Any = cast(row, Integer) * _ROW + cast(column, Integer)
    else:
        number = func.floor(row) * _ROW + func.floor(column)
    query: Select[Any] = (
        select(number, func.count())
        .where(*meant.conditions(), *seen.holds_columns(meant.latitude, meant.longitude))
        .group_by(number)
    )
    return {int(number): count for number, count in session.execute(query)}


def _if_most(filters: Filters) -> tuple[str, ...] | None:
    """The other states, where those asked for are those of most reports and nothing else is asked:
    what is left of all without the few is counted far sooner than what is asked for."""
    asked = filters.statuses
    if asked is None or ReportStatus.CLOSED not in asked or filters != Filters(statuses=asked):
        return None
    return tuple(status.value for status in ReportStatus if status not in asked)
