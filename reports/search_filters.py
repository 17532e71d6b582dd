"""Which reports somebody asks for, as values and as conditions of a query."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    SQLColumnExpression,
    and_,
    bindparam,
    false,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.expression import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from provinces.schema import Province, UnitKey
from reports.actors import Actor, Party
from reports.area import Area, lies_in
from reports.lifecycle import ENDED
from reports.models import Report, ReportStatus
from reports.ratings import is_last_rating, last_rating
from reports.search_words import Query
from reports.word_models import WordCheck

METRES_PER_DEGREE = 111_195.0  # of latitude; a sphere is true enough for a few kilometres

OPEN = tuple(status.value for status in ReportStatus if status not in ENDED)
CLOSED = tuple(status.value for status in ReportStatus if status in ENDED)

Values = tuple[str, ...]
Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
_PLUS: custom_op[Any] = custom_op("+")
IN_TIME: ColumnElement[bool] = Report.resolved_at <= Report.expected_at
LATE: ColumnElement[bool] = Report.resolved_at > Report.expected_at
_ANSWERS: Mapping[str, ColumnElement[bool]] = {
    "kept": IN_TIME,
    "missed": LATE,
    "answered": Report.resolved_at.is_not(None),
}
ANSWERS = tuple(_ANSWERS)
"""Answered in time; answered late; answered at all."""


@dataclass(frozen=True)
class Near:
    """Within `radius_m` metres of a point; degrees are WGS 84."""

    latitude: float
    longitude: float
    radius_m: float


@dataclass(frozen=True)
class Filters:
    """Each thing given has to hold; of several values, one. None asks for nothing.

    Attributes:
        categories, places: all that is meant; `categories_of` and `places_of` find them.
        officer: a user's id.
        overdue: open, and an answer was due before `now`.
        received_from, received_to, updated_from, updated_to: from that moment on, before that one.
        near: around a point, or in an area of the map.
        deadline: a name of `ANSWERS`.
        scores: what its reporter rated the answer with, the last time.
        checked: somebody has read the recogniser's words, or nobody has.
    """

    statuses: Values | None = None
    categories: Values | None = None
    places: Values | None = None
    agencies: Values | None = None
    officer: str | None = None
    sources: Values | None = None
    urgent: bool | None = None
    overdue: bool | None = None
    partial: bool | None = None
    reference: str | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    words: Query | None = None
    near: Near | Area | None = None
    deadline: str | None = None
    scores: tuple[int, ...] | None = None
    checked: bool | None = None


def seen_by(actor: Actor, filters: Filters) -> Filters:
    """The same, of the reports that the actor may see alone."""
    match actor.party:
        case Party.STAFF | Party.SYSTEM:
            return filters
        case Party.AGENCY if actor.agency is not None:
            asked = filters.agencies
            theirs = (actor.agency,) if asked is None or actor.agency in asked else ()
            return replace(filters, agencies=theirs)
        case _:
            return replace(filters, agencies=())


def conditions(filters: Filters, now: datetime) -> Iterator[ColumnElement[bool]]:
    """All but the words, the point, and what `chosen` tells."""
    if filters.sources is not None:
        yield one_of(Report.source, filters.sources)
    if filters.urgent is not None:
        yield Report.urgent.is_(filters.urgent)
    if filters.partial is not None:
        yield Report.partial.is_(filters.partial)
    if filters.reference is not None:
        yield Report.reference == filters.reference
    if filters.deadline is not None:
        yield _ANSWERS[filters.deadline]
    if filters.scores is not None:
        last = last_rating()
        rated = select(last.report_id).where(is_last_rating(last), last.score.in_(filters.scores))
        yield Report.id.in_(rated)
    if filters.checked is not None:
        checked = Report.id.in_(select(WordCheck.report_id).where(WordCheck.report_id.is_not(None)))
        yield checked if filters.checked else ~checked
    if filters.overdue is not None:
        late = is_overdue(now)
        yield late if filters.overdue else ~and_(late, Report.expected_at.is_not(None))
    for moment, since, until in (
        (Report.requested_at, filters.received_from, filters.received_to),
        (Report.updated_at, filters.updated_from, filters.updated_to),
    ):
        if since is not None:
            yield moment >= since
        if until is not None:
            yield moment < until


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Open, and an answer was due before `now`."""
    return and_(Report.status.in_(OPEN), Report.expected_at < now)


def chosen(filters: Filters) -> list[tuple[Column, Values]]:
    """The columns that have an index in the order of lists, the most telling one first."""
    officers = None if filters.officer is None else (filters.officer,)
    columns: tuple[tuple[Column, Values | None], ...] = (
        (Report.officer, officers),
        (Report.place, filters.places),
        (Report.agency, filters.agencies),
        (Report.category, filters.categories),
        (Report.status, filters.statuses),
    )
    return [(column, values) for column, values in columns if values is not None]


def within(near: Near | Area, report: Any = Report) -> ColumnElement[bool]:
    """In the square around the circle, which an index finds, and in the circle; or in the area.

    `report` has the columns: the reports themselves unless others are given.
    """
    latitude, longitude = report.latitude, report.longitude
    if isinstance(near, Area):
        return lies_in(near, latitude, longitude, report.place)
    high = near.radius_m / METRES_PER_DEGREE
    narrower = max(0.01, math.cos(math.radians(near.latitude)))
    wide = high / narrower
    north = latitude - near.latitude
    east = (longitude - near.longitude) * narrower
    return and_(
        latitude.between(near.latitude - high, near.latitude + high),
        longitude.between(near.longitude - wide, near.longitude + wide),
        north * north + east * east <= high * high,
    )


def without_index(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The column with a `+` in front: SQLite then looks for no index of it."""
    return UnaryExpression(column.expression, operator=_PLUS)


def categories_of(
    province: Province,
    categories: Sequence[str] | None,
    groups: Sequence[str] | None,
    modules: Sequence[str] | None,
) -> Values | None:
    """The codes that are in all that is asked for; None where nothing is.

    A report may name a whole group, as callers choose one: it counts to the group alone.
    """
    asked: list[set[str]] = []
    if categories is not None:
        asked.append(set(categories))
    if groups is not None:
        within = {c.code for c in province.categories.values() if c.group in groups}
        asked.append(within | set(groups))
    if modules is not None:
        asked.append({c.code for c in province.categories.values() if c.module in modules})
    return tuple(sorted(set.intersection(*asked))) if asked else None


def places_of(province: Province, places: Sequence[str] | None) -> Values | None:
    """The units asked for with all that lies in them, in both editions of the map.

    A unit of today brings the old ones that became part of it; an old district its communes, and
    those of today that were made of nothing else.
    """
    if places is None:
        return None
    found = {_key(place) for place in places}
    while True:
        more = {unit.key for unit in province.units.values() if unit.parent in found}
        more |= {old for old, new in province.successors.items() if new and set(new) <= found}
        for new in {key for keys in province.successors.values() for key in keys}:
            before = {old for old, later in province.successors.items() if new in later}
            if before <= found:
                more.add(new)
        if more <= found:
            return tuple(sorted(f"{key.edition}:{key.code}" for key in found))
        found |= more


def _key(place: str) -> UnitKey:
    edition, _, code = place.partition(":")
    return UnitKey(edition, code)


def one_of(column: SQLColumnExpression[Any], values: Values) -> ColumnElement[bool]:
    """The column has one of the values; never, where there are none."""
    if not values:
        return false()
    # Written into the statement, not sent apart: PostgreSQL would come to plan for "any status",
    # and `closed` is nine of ten reports where `waiting_citizen` is one of a thousand.
    written: BindParameter[Any] = bindparam(None, values, expanding=True, literal_execute=True)
    return column.in_(written)
