"""One indicator as a chart has it: every hour, day, week or month of a time, beside earlier ones.

Of the whole province it is what its source tells of the whole, else its units put together; of a
stock each unit's last count holds until its next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from sqlalchemy.orm import Session

from monitoring.numbering import FIRST
from monitoring.series import Bucket, begin_of, begins_of, points, put_together
from monitoring.standing import of_whole, streams_of
from monitoring.streams import Stream, streams
from provinces.modules import Aggregate, Indicator
from provinces.schema import Province

_WEEK = timedelta(days=7)
_YEAR = timedelta(days=364)  # weekdays meet
_HELD = timedelta(days=400)  # what is told once a year still holds


class Compare(StrEnum):
    """What a period is compared with."""

    LAST_WEEK = "last_week"
    LAST_YEAR = "last_year"


@dataclass(frozen=True)
class ChartPoint:
    """A period; `value` None where nobody told anything, `told` of so many units it is made."""

    at: datetime
    value: float | None
    told: int
    compared: float | None


@dataclass(frozen=True)
class Chart:
    """`next_begin`: where what is left begins; None: nothing is."""

    points: Sequence[ChartPoint]
    next_begin: datetime | None


@dataclass(frozen=True)
class Charted:
    """Of what a chart is: `unit_key` None the whole province; `source` None its own, else another
    where its own tells nothing."""

    indicator: Indicator
    unit_key: str | None = None
    source: str | None = None


def chart(
    session: Session,
    province: Province,
    charted: Charted,
    begin: datetime,
    end: datetime,
    bucket: Bucket,
    most: int,
    compare: Compare | None = None,
    known_at: datetime | None = None,
) -> Chart:
    """The periods that begin from `begin` (the first: in which it lies) until before `end`, at most
    `most`. Nothing is known of the time before 2000, so no period of it is told."""
    zone, indicator = province.timezone, charted.indicator
    if max(begin, FIRST) >= end:
        return Chart((), None)
    begins: list[datetime] = []
    following: datetime | None = None
    for at in begins_of(bucket, begin_of(bucket, max(begin, FIRST), zone), end, zone):
        if len(begins) == most:
            following = at
            break
        begins.append(at)
    chosen = _streams(session, province, charted)

    def read(wanted: Sequence[datetime]) -> Mapping[datetime, tuple[float | None, int]]:
        last = wanted[-1] + timedelta(microseconds=1)
        return _put_together(
            session, chosen, indicator, wanted[0], last, bucket, known_at, province
        )

    figures = read(begins)
    earlier = {} if compare is None else {at: _before(at, bucket, compare, zone) for at in begins}
    compared = read(sorted(set(earlier.values()))) if earlier else {}
    return Chart(
        [
            ChartPoint(at, *figures[at], compared.get(earlier.get(at, at), (None, 0))[0])
            for at in begins
        ],
        following,
    )


def _streams(session: Session, province: Province, charted: Charted) -> Sequence[Stream]:
    code, unit_key = charted.indicator.code, charted.unit_key
    if charted.source is not None:
        found = streams(session, [code], source=charted.source)
    else:
        found = streams_of(session, [charted.indicator])[code]
    if unit_key is not None:
        return [each for each in found if each.unit_key == unit_key]
    return of_whole(province, found)


def _put_together(
    session: Session,
    chosen: Sequence[Stream],
    indicator: Indicator,
    begin: datetime,
    end: datetime,
    bucket: Bucket,
    known_at: datetime | None,
    province: Province,
) -> Mapping[datetime, tuple[float | None, int]]:
    zone = province.timezone
    by_begin: dict[datetime, dict[int, float]] = {
        at: {} for at in begins_of(bucket, begin_of(bucket, begin, zone), end, zone)
    }
    ids = [each.id for each in chosen]
    for point in points(session, ids, begin, end, bucket, indicator.aggregate, known_at, zone=zone):
        if point.value is not None:
            by_begin[point.at][point.stream_id] = point.value
    kept = _held(session, ids, indicator, min(by_begin), known_at, province)
    found: dict[datetime, tuple[float | None, int]] = {}
    for at, told in by_begin.items():
        kept = {**kept, **told} if indicator.aggregate is Aggregate.LAST else told
        value = put_together(kept.values(), indicator.aggregate) if told else None
        found[at] = (value, len(told))
    return found


def _held(
    session: Session,
    ids: Sequence[int],
    indicator: Indicator,
    begin: datetime,
    known_at: datetime | None,
    province: Province,
) -> dict[int, float]:
    """What each series of a stock told last before that moment: it holds still."""
    if indicator.aggregate is not Aggregate.LAST or len(ids) < 2:
        return {}
    told = points(
        session,
        ids,
        begin - _HELD,
        begin,
        Bucket.DAY,
        indicator.aggregate,
        known_at,
        zone=province.timezone,
    )
    # Of the day of `begin` itself may be told what comes later.
    day = begin_of(Bucket.DAY, begin, province.timezone)
    return {each.stream_id: each.value for each in told if each.value is not None and each.at < day}


def _before(at: datetime, bucket: Bucket, compare: Compare, zone: tzinfo) -> datetime:
    local = at.astimezone(zone)
    if bucket is Bucket.MONTH:
        months = local.year * 12 + local.month - 1 - (1 if compare is Compare.LAST_WEEK else 12)
        local = local.replace(year=months // 12, month=months % 12 + 1)
    else:  # by the clock on the wall, whatever was changed meanwhile
        local -= _WEEK if compare is Compare.LAST_WEEK else _YEAR
    return begin_of(bucket, local, zone)
