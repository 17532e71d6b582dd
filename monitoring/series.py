"""Reading series: single values, values put together by hour, day, week or month, and the latest;
as they are known now, or as they were known at a moment.

Days, weeks and months of what is known now come from the days that are kept added up; hours, and
what was known before, from single values.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from monitoring.buckets import Bucket as Bucket
from monitoring.buckets import begin_of as begin_of
from monitoring.buckets import begins_of as begins_of
from monitoring.buckets import following
from monitoring.checking import AHEAD
from monitoring.models import Datastream, Observation, ObservationDay, ObservationVersion
from monitoring.numbering import FIRST
from monitoring.periods import midnight
from provinces.modules import Aggregate

# A statement takes as many values on every database.
_AT_ONCE = 5000
_LATELY = timedelta(days=40)


@dataclass(frozen=True)
class Point:
    """A value of a series, of the moment `at` or of the period that begins then.

    `value` is None where nobody told anything of the period. `count` is of how many single values
    it was made, the last of them of `last_at`. `known_at`: of a single value, since when it is
    known; None for a period.
    """

    stream_id: int
    at: datetime
    value: float | None
    count: int
    known_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True)
class Value:
    """A single value."""

    at: datetime
    value: float


@dataclass(frozen=True)
class _Sum:
    """Single values put together."""

    count: int
    sum: float
    last: float
    last_at: datetime

    def plus(self, other: "_Sum") -> "_Sum":
        later = max(self, other, key=lambda each: each.last_at)
        return _Sum(self.count + other.count, self.sum + other.sum, later.last, later.last_at)

    def told(self, aggregate: Aggregate) -> float:
        match aggregate:
            case Aggregate.SUM:
                return self.sum
            case Aggregate.MEAN:
                return self.sum / self.count
            case Aggregate.LAST:
                return self.last


_Sums = dict[tuple[int, datetime], _Sum]


def points(
    session: Session,
    stream_ids: Collection[int],
    begin: datetime,
    end: datetime,
    bucket: Bucket | str | None,
    aggregate: Aggregate | str,
    known_at: datetime | None = None,
    *,
    zone: tzinfo,
) -> list[Point]:
    """The series from `begin` on and before `end`, by series and time.

    Without a `bucket`: single values as they are. With one: every period that begins in that time
    (the first one: in which `begin` lies), those without values too, with `value` None.
    `known_at` None: as it is known now. `session` sees one moment of the database.
    """
    if begin >= end:
        return []
    if bucket is None:
        rows = _values(session, stream_ids, begin, end, known_at)
        return [Point(row.stream, row.at, row.value, 1, row.known_at) for row in rows]
    bucket, aggregate = Bucket(bucket), Aggregate(aggregate)
    first = begin_of(bucket, begin, zone)
    begins = list(begins_of(bucket, first, end, zone))
    if known_at is None and bucket is not Bucket.HOUR:
        sums = _from_days(session, stream_ids, first, end, bucket, zone)
    else:
        sums = _from_values(session, stream_ids, first, end, bucket, zone, known_at)
    found = []
    for stream in sorted(set(stream_ids)):
        for at in begins:
            told = sums.get((stream, at))
            if told is None:
                found.append(Point(stream, at, None, 0))
            else:
                found.append(
                    Point(stream, at, told.told(aggregate), told.count, None, told.last_at)
                )
    return found


def latest(
    session: Session, stream_ids: Collection[int], known_at: datetime | None = None
) -> dict[int, Value]:
    """The last value of each series that has any, by the moment that it is of."""
    found: dict[int, Value] = {}
    for some in _some(stream_ids):
        if known_at is None:
            rows = session.execute(_last_days(some))
            found |= {row.datastream: Value(row.last_at, row.last) for row in rows}
            continue
        # Nearly all have told something lately: that is in few months' tables.
        for since in (known_at - _LATELY, FIRST):
            left = [stream for stream in some if stream not in found]
            if not left:
                continue
            for stream, value in _last_known(session, left, since, known_at, known_at + AHEAD):
                if stream not in found or found[stream].at < value.at:
                    found[stream] = value
    return found


def last_before(
    session: Session,
    stream_ids: Collection[int],
    day: date,
    known_at: datetime | None = None,
    *,
    zone: tzinfo,
) -> dict[int, Value]:
    """The last value of each series from before that day, of those that have any."""
    found: dict[int, Value] = {}
    begin = midnight(day, zone)
    for some in _some(stream_ids):
        if known_at is None:
            rows = session.execute(_last_days(some, day))
            found |= {row.datastream: Value(row.last_at, row.last) for row in rows}
            continue
        until = min(begin - timedelta(microseconds=1), known_at + AHEAD)
        for stream, value in _last_known(session, some, FIRST, known_at, until):
            if stream not in found or found[stream].at < value.at:
                found[stream] = value
    return found


def put_together(values: Iterable[float | None], aggregate: Aggregate | str) -> float | None:
    """What values of several units are for all of them; None where nobody told any.

    Counts, and what each told last, are added up; shares and durations are averaged, each unit as
    much as another.
    """
    told = [value for value in values if value is not None]
    if not told:
        return None
    return sum(told) / len(told) if aggregate == Aggregate.MEAN else sum(told)


def _from_days(
    session: Session,
    stream_ids: Collection[int],
    first: datetime,
    end: datetime,
    bucket: Bucket,
    zone: tzinfo,
) -> _Sums:
    # The last period is told whole, as the first one is.
    until = following(bucket, begin_of(bucket, end - timedelta(microseconds=1), zone), zone)
    days = ObservationDay
    sums: _Sums = {}
    for some in _some(stream_ids):
        query = select(
            days.datastream, days.day, days.count, days.sum, days.last, days.last_at
        ).where(
            days.datastream.in_(some),
            days.day >= first.astimezone(zone).date(),
            days.day < until.astimezone(zone).date(),
        )
        begins: dict[date, datetime] = {}
        for stream, day, count, total, last, last_at in session.execute(query):
            if day not in begins:
                begins[day] = begin_of(bucket, midnight(day, zone), zone)
            _add(sums, (stream, begins[day]), _Sum(count, total, last, last_at))
    return sums


def _from_values(
    session: Session,
    stream_ids: Collection[int],
    first: datetime,
    end: datetime,
    bucket: Bucket,
    zone: tzinfo,
    known_at: datetime | None,
) -> _Sums:
    until = following(bucket, begin_of(bucket, end - timedelta(microseconds=1), zone), zone)
    begins = list(begins_of(bucket, first, until, zone))
    rows = _values(session, stream_ids, first, until, known_at)
    parts = groupby(rows, key=lambda row: (row.stream, begins[bisect_right(begins, row.at) - 1]))
    sums: _Sums = {}
    for key, part in parts:
        values = list(part)
        total = sum(row.value for row in values)
        sums[key] = _Sum(len(values), total, values[-1].value, values[-1].at)
    return sums


def _add(sums: _Sums, key: tuple[int, datetime], told: _Sum) -> None:
    before = sums.get(key)
    sums[key] = told if before is None else before.plus(told)


class _Row(NamedTuple):
    stream: int
    at: datetime
    value: float
    known_at: datetime


def _values(
    session: Session,
    stream_ids: Collection[int],
    begin: datetime,
    end: datetime,
    known_at: datetime | None,
) -> list[_Row]:
    found: list[_Row] = []
    for some in _some(stream_ids):
        for table in (Observation, ObservationVersion):
            query = select(
                table.datastream, table.phenomenon_at, table.value, table.known_at
            ).where(
                table.datastream.in_(some),
                table.phenomenon_at >= begin,
                table.phenomenon_at < end,
            )
            if known_at is not None:
                query = query.where(table.known_at <= known_at)
            if table is ObservationVersion:
                if known_at is None:
                    continue
                query = query.where(ObservationVersion.superseded_at > known_at)
            found += (_Row(*row) for row in session.execute(query))
    return sorted(found)


def _last_days(
    stream_ids: Sequence[int], before: date | None = None
) -> Select[int, datetime, float]:
    """For each series one step into the index, not one for each of its days."""
    inner = aliased(ObservationDay)
    known = [inner.day < before] if before is not None else []
    last = (
        select(inner.day)
        .where(inner.datastream == Datastream.id, *known)
        .order_by(inner.day.desc())
        .limit(1)
        .correlate(Datastream)
        .scalar_subquery()
    )
    days = ObservationDay
    return (
        select(days.datastream, days.last_at, days.last)
        .select_from(Datastream)
        .join(days, (days.datastream == Datastream.id) & (days.day == last))
        .where(Datastream.id.in_(stream_ids))
    )


def _last_known(
    session: Session,
    stream_ids: Sequence[int],
    since: datetime,
    known_at: datetime,
    until: datetime,
) -> Iterator[tuple[int, Value]]:
    """The last of what was known then and is now, and of what was known then alone."""
    still, before = aliased(Observation), aliased(ObservationVersion)
    # What was observed later was not known then: it need not be passed by.
    of_still = (
        still.known_at <= known_at,
        still.phenomenon_at.between(since, until),
    )
    of_before = (
        before.known_at <= known_at,
        before.superseded_at > known_at,
        before.phenomenon_at.between(since, until),
    )
    for table, one in (
        (Observation, select(still.phenomenon_at).where(*_last_of(still, of_still))),
        (ObservationVersion, select(before.phenomenon_at).where(*_last_of(before, of_before))),
    ):
        moment = still.phenomenon_at if table is Observation else before.phenomenon_at
        last = one.order_by(moment.desc()).limit(1).correlate(Datastream).scalar_subquery()
        query = (
            select(table.datastream, table.phenomenon_at, table.value)
            .select_from(Datastream)
            .join(table, (table.datastream == Datastream.id) & (table.phenomenon_at == last))
            .where(Datastream.id.in_(stream_ids), table.known_at <= known_at)
            .where(table.phenomenon_at.between(since, until))
        )
        if table is ObservationVersion:
            query = query.where(ObservationVersion.superseded_at > known_at)
        for stream, at, value in session.execute(query):
            yield stream, Value(at, value)


def _last_of(
    inner: type[Observation | ObservationVersion], known: tuple[ColumnElement[bool], ...]
) -> tuple[ColumnElement[bool], ...]:
    return (inner.datastream == Datastream.id, *known)


def _some(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    wanted = sorted(set(ids))
    for begin in range(0, len(wanted), _AT_ONCE):
        yield wanted[begin : begin + _AT_ONCE]
