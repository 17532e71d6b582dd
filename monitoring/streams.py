"""Series: found by what they are of, made where there are none."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Select, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from monitoring.models import Datastream

# A statement takes as many values on every database.
_AT_ONCE = 5000
_MANY = 20  # are not looked for one by one


@dataclass(frozen=True)
class Stream:
    """A series: an indicator's values of a unit (None: of the whole province) from one source."""

    id: int
    indicator: str
    unit_key: str | None
    source: str


class Series(NamedTuple):
    """What a series is of."""

    indicator: str
    unit_key: str | None
    source: str


def find_or_make(session: Session, wanted: AbstractSet[Series], now: datetime) -> dict[Series, int]:
    """The ids of those series; made where there are none, by everybody in the same order."""
    found: dict[Series, int] = {}
    if len(wanted) > _MANY:
        for each in streams(session, {series.indicator for series in wanted}):
            series = Series(each.indicator, each.unit_key, each.source)
            if series in wanted:
                found[series] = each.id
    for series in sorted(wanted - found.keys(), key=lambda each: (*each[::2], each[1] or "")):
        found[series] = stream_of(session, *series, now).id
    return found


def stream_of(
    session: Session,
    indicator: str,
    unit_key: str | None,
    source: str,
    now: datetime | None = None,
) -> Stream:
    """That series; made where there is none, also when two make it at once.

    `now` is noted as when it was made; without one the clock is asked.
    """
    query = _query().where(
        Datastream.indicator == indicator,
        Datastream.source == source,
        Datastream.unit_key.is_(None) if unit_key is None else Datastream.unit_key == unit_key,
    )
    row = session.execute(query).first()
    if row is None:
        values = {
            "indicator": indicator,
            "unit_key": unit_key,
            "source": source,
            "made_at": now or datetime.now(UTC),
        }
        if session.get_bind().dialect.name == "postgresql":
            session.execute(postgresql.insert(Datastream).values(values).on_conflict_do_nothing())
        else:  # writers queue from their start: nobody else can be making it
            session.execute(insert(Datastream).values(values))
        row = session.execute(query).one()
    return Stream(*row)


def streams(
    session: Session,
    indicators: Collection[str] | None = None,
    unit_keys: Collection[str | None] | None = None,
    source: str | None = None,
) -> Sequence[Stream]:
    """The series of those indicators, units and source, by their ids; None: of all of them."""
    query = _query().order_by(Datastream.id)
    if indicators is not None:
        query = query.where(Datastream.indicator.in_(list(indicators)))
    if unit_keys is not None:
        named = Datastream.unit_key.in_([key for key in unit_keys if key is not None])
        query = query.where(named | Datastream.unit_key.is_(None) if None in unit_keys else named)
    if source is not None:
        query = query.where(Datastream.source == source)
    return [Stream(*row) for row in session.execute(query)]


def streams_by_id(session: Session, ids: Collection[int]) -> dict[int, Stream]:
    """The series of those ids that there are."""
    found: dict[int, Stream] = {}
    wanted = sorted(set(ids))
    for begin in range(0, len(wanted), _AT_ONCE):
        query = _query().where(Datastream.id.in_(wanted[begin : begin + _AT_ONCE]))
        found |= {row.id: Stream(*row) for row in session.execute(query)}
    return found


def _query() -> Select[int, str, str | None, str]:
    return select(Datastream.id, Datastream.indicator, Datastream.unit_key, Datastream.source)
