"""Reading single observations in pages, as they are known now or were known at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from monitoring.checking import AHEAD
from monitoring.models import Datastream, Observation, ObservationVersion


@dataclass(frozen=True)
class Wanted:
    """Which observations are meant; None: all of that kind.

    `whole`: those of the whole province alone. `begin`: of then or later; `end`: of before then.
    """

    indicators: Sequence[str]
    unit_key: str | None = None
    whole: bool = False
    source: str | None = None
    begin: datetime | None = None
    end: datetime | None = None


class Key(NamedTuple):
    """Where a page ends."""

    stream: int
    at: datetime


@dataclass(frozen=True)
class Observed:
    """A single value, with what its series is of."""

    stream: int
    indicator: str
    unit_key: str | None
    source: str
    at: datetime
    known_at: datetime
    value: float

    @property
    def key(self) -> Key:
        return Key(self.stream, self.at)


def observations(
    session: Session,
    wanted: Wanted,
    limit: int,
    after: Key | None = None,
    known_at: datetime | None = None,
) -> Sequence[Observed]:
    """Series by series, those made last first, each from its newest value backwards; what comes
    behind `after`. `session` sees one moment of the database."""
    found = _read(session, Observation, wanted, limit, after, known_at)
    if known_at is not None:
        found += _read(session, ObservationVersion, wanted, limit, after, known_at)
        found.sort(key=lambda each: each.key, reverse=True)
    return found[:limit]


def _read(
    session: Session,
    table: type[Observation | ObservationVersion],
    wanted: Wanted,
    limit: int,
    after: Key | None,
    known_at: datetime | None,
) -> list[Observed]:
    series = Datastream
    # The series by their ids, then each one's values: so they lie in the key, and a page ends after
    # as many. By an index of indicators all values would be read, and sorted.
    told = series.indicator.concat("")
    query = (
        select(
            series.id,
            series.indicator,
            series.unit_key,
            series.source,
            table.phenomenon_at,
            table.known_at,
            table.value,
        )
        .join(table, table.datastream == series.id)
        .where(told.in_(list(wanted.indicators)), *_conditions(table, wanted))
        .order_by(series.id.desc(), table.phenomenon_at.desc())
        .limit(limit)
    )
    if after is not None:
        within = and_(series.id == after.stream, table.phenomenon_at < after.at)
        query = query.where(or_(series.id < after.stream, within), series.id <= after.stream)
    if known_at is not None:
        # What was observed later was not known then: it need not be passed by.
        query = query.where(table.known_at <= known_at, table.phenomenon_at <= known_at + AHEAD)
        if table is ObservationVersion:
            query = query.where(ObservationVersion.superseded_at > known_at)
    return [Observed(*row) for row in session.execute(query)]


def _conditions(
    table: type[Observation | ObservationVersion], wanted: Wanted
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.whole:
        found.append(Datastream.unit_key.is_(None))
    elif wanted.unit_key is not None:
        found.append(Datastream.unit_key == wanted.unit_key)
    if wanted.source is not None:
        found.append(Datastream.source == wanted.source)
    if wanted.begin is not None:
        found.append(table.phenomenon_at >= wanted.begin)
    if wanted.end is not None:
        found.append(table.phenomenon_at < wanted.end)
    return found
