"""Days of series, added up: as they are known now, or as they were known at a moment.

What is known now is read from the days that are kept added up. Of an earlier moment nearly all days
are the same: only those are read from the observations that somebody told of, or corrected, since.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitoring.models import Observation, ObservationDay, ObservationVersion
from monitoring.periods import midnight

DAY = timedelta(days=1)
# A statement takes as many values on every database.
_AT_ONCE = 5000


class DayValue(NamedTuple):
    """A day of a series: how many values, their sum, and the last of them, of `last_at`."""

    stream: int
    day: date
    told: int
    sum: float
    last: float
    last_at: datetime


@dataclass(frozen=True)
class Moment:
    """`known_at` None: as it is known now. Days are those of `zone`."""

    zone: tzinfo
    known_at: datetime | None = None


def day_values(
    session: Session, streams: Collection[int], first: date, last: date, moment: Moment
) -> Sequence[DayValue]:
    """The days that have values, from `first` to `last`, both included."""
    return [
        each
        for some in _some(sorted(streams))
        for each in _of_some(session, some, first, last, moment)
    ]


def by_stream(days: Iterable[DayValue]) -> Mapping[int, Sequence[DayValue]]:
    """The days of each series."""
    found: dict[int, list[DayValue]] = {}
    for each in days:
        found.setdefault(each.stream, []).append(each)
    return found


def _of_some(
    session: Session, streams: Sequence[int], first: date, last: date, moment: Moment
) -> Iterator[DayValue]:
    days = ObservationDay
    kept = session.execute(
        select(days.datastream, days.day, days.count, days.sum, days.last, days.last_at).where(
            days.datastream.in_(streams), days.day >= first, days.day <= last
        )
    )
    if moment.known_at is None:
        yield from [DayValue(*row) for row in kept]
        return
    begin = midnight(first, moment.zone)
    end = midnight(last + DAY, moment.zone)
    later = _told_later(session, streams, begin, end, moment.zone, moment.known_at)
    for row in kept:
        if (row[0], row[1]) not in later:
            yield DayValue(*row)
    if later:
        yield from _as_known(session, later, moment.zone, moment.known_at)


def _told_later(
    session: Session,
    streams: Sequence[int],
    begin: datetime,
    end: datetime,
    zone: tzinfo,
    known_at: datetime,
) -> set[tuple[int, date]]:
    """The days of which somebody told since."""
    at = Observation.phenomenon_at
    later = (
        Observation.datastream.in_(streams),
        at >= begin,
        at < end,
        Observation.known_at > known_at,
    )
    local = [begin.astimezone(zone) + n * DAY for n in range((end - begin).days + 1)]
    offsets = {zone.utcoffset(each.replace(tzinfo=None)) for each in local}
    offset = offsets.pop()
    if offsets or offset is None:  # clocks are changed meanwhile
        rows = session.execute(select(Observation.datastream, at).where(*later))
        return {(stream, moment.astimezone(zone).date()) for stream, moment in rows}
    if session.get_bind().dialect.name == "postgresql":
        day = func.to_char(func.timezone("UTC", at) + offset, "YYYY-MM-DD")
    else:
        day = func.date(at, f"{offset.total_seconds():+.0f} seconds")
    days = session.execute(select(Observation.datastream, day).where(*later).distinct())
    return {(stream, date.fromisoformat(told)) for stream, told in days}


def _as_known(
    session: Session, pairs: Collection[tuple[int, date]], zone: tzinfo, known_at: datetime
) -> Iterator[DayValue]:
    """Those days anew, from what was known at that moment."""
    streams = sorted({stream for stream, _ in pairs})
    days = sorted({day for _, day in pairs})
    begin = midnight(days[0], zone)
    end = midnight(days[-1] + DAY, zone)
    found: dict[tuple[int, date], list[tuple[datetime, float]]] = {}
    for table in (Observation, ObservationVersion):
        query = select(table.datastream, table.phenomenon_at, table.value).where(
            table.datastream.in_(streams),
            table.phenomenon_at >= begin,
            table.phenomenon_at < end,
            table.known_at <= known_at,
        )
        if table is ObservationVersion:
            query = query.where(ObservationVersion.superseded_at > known_at)
        for stream, at, value in session.execute(query):
            pair = (stream, at.astimezone(zone).date())
            if pair in pairs:
                found.setdefault(pair, []).append((at, value))
    for (stream, day), values in found.items():
        told = [value for _, value in values]
        last_at, last = max(values)
        yield DayValue(stream, day, len(told), sum(told), last, last_at)


def _some(streams: Sequence[int]) -> Iterable[Sequence[int]]:
    for begin in range(0, len(streams), _AT_ONCE):
        yield streams[begin : begin + _AT_ONCE]
