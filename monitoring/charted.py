"""One indicator as a chart has it: every hour, day, week or month of a time, beside earlier ones.

Of which series a period is made tells `monitoring.choosing`, as it does for the board.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from sqlalchemy.orm import Session

from monitoring.choosing import Putting, others_needed
from monitoring.day_values import Moment
from monitoring.numbering import FIRST
from monitoring.series import Bucket, Value, begin_of, begins_of, points
from monitoring.standing import held_before, of_unit, streams_of
from monitoring.streams import Stream, streams
from provinces.modules import Indicator
from provinces.schema import Province

_WEEK = timedelta(days=7)
_YEAR = timedelta(days=364)  # weekdays meet


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
    zone = province.timezone
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
        return _put_together(session, chosen, charted, wanted[0], last, bucket, known_at, province)

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
    return of_unit(found, unit_key)


def _put_together(
    session: Session,
    chosen: Sequence[Stream],
    charted: Charted,
    begin: datetime,
    end: datetime,
    bucket: Bucket,
    known_at: datetime | None,
    province: Province,
) -> Mapping[datetime, tuple[float | None, int]]:
    zone, indicator = province.timezone, charted.indicator
    by_begin: dict[datetime, list[tuple[Stream, Value]]] = {
        at: [] for at in begins_of(bucket, begin_of(bucket, begin, zone), end, zone)
    }
    by_id = {each.id: each for each in chosen}
    told: dict[int, set[datetime]] = {}

    def add(some: Collection[Stream], begin: datetime, end: datetime) -> None:
        ids = [each.id for each in some]
        for point in points(
            session, ids, begin, end, bucket, indicator.aggregate, known_at, zone=zone
        ):
            if point.value is not None and point.last_at is not None:
                value = Value(point.last_at, point.value)
                by_begin[point.at].append((by_id[point.stream_id], value))
                told.setdefault(point.stream_id, set()).add(point.at)

    own = charted.source or indicator.source
    add([each for each in chosen if each.source == own], begin, end)
    others, missing = others_needed(chosen, own, told, list(by_begin))
    if others:
        add(others, missing[0], missing[-1] + timedelta(microseconds=1))
    # Of the day of the first period may be told what comes later.
    first = min(by_begin).astimezone(zone).date()
    moment = Moment(zone, known_at)
    held = held_before(session, [indicator], {indicator.code: chosen}, first, moment)
    kept = [(by_id[stream], value) for stream, value in held.items()]
    putting = Putting(province, indicator, kept, charted.source)
    found: dict[datetime, tuple[float | None, int]] = {}
    for at, values in by_begin.items():
        figure = putting.put(values)
        found[at] = (figure.value, figure.told)
    return found


def _before(at: datetime, bucket: Bucket, compare: Compare, zone: tzinfo) -> datetime:
    local = at.astimezone(zone)
    if bucket is Bucket.MONTH:
        months = local.year * 12 + local.month - 1 - (1 if compare is Compare.LAST_WEEK else 12)
        local = local.replace(year=months // 12, month=months % 12 + 1)
    else:  # by the clock on the wall, whatever was changed meanwhile
        local -= _WEEK if compare is Compare.LAST_WEEK else _YEAR
    return begin_of(bucket, local, zone)
