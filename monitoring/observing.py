"""Storing what was observed: checked, told in the indicator's measure, and nothing ever lost.

What is known now of a moment of a series is one row; what was known before stays beside it. The
days' sums are kept right in the same transaction, so whoever reads them reads what is known now.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from types import MappingProxyType

from sqlalchemy.orm import Session

from monitoring.checking import Checker, Told
from monitoring.checking import Reading as Reading
from monitoring.checking import Reason as Reason
from monitoring.checking import Refused as Refused
from monitoring.keeping import (
    DayKey,
    DayRow,
    Key,
    add_new,
    add_to_days,
    current_values,
    held,
    put_days,
    put_merged,
    values_between,
    versions_of,
)
from monitoring.merging import Known, Merged, merge
from monitoring.periods import midnight
from monitoring.streams import Series, find_or_make, streams_by_id
from provinces.modules import Indicator
from provinces.schema import Province

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stored:
    """What became of readings.

    `new`: of moments of which nothing was known; `repeated`: known already, nothing changed;
    `corrected`: something else was known, and is kept as what was known before. `moments`: of each
    reading when its period begins, which is where it is kept; None where it was refused.
    """

    new: int
    repeated: int
    corrected: int
    refused: Sequence[Refused]
    moments: Sequence[datetime | None]


@dataclass(frozen=True)
class Telling:
    """A value, and what it is of; `measure` is how it is measured, as somebody wrote it."""

    indicator: Indicator
    unit_key: str | None
    source: str
    at: datetime
    value: float
    measure: str | None = None

    @property
    def series(self) -> Series:
        return Series(self.indicator.code, self.unit_key, self.source)


def store(
    session: Session,
    province: Province,
    readings: Sequence[Reading],
    now: datetime,
    made_by: str | None = None,
) -> Stored:
    """Keep those readings that can be true; the others are told why not. They are known from `now`.

    Of two who correct a value at once both are kept: the one with the later `now` is what is known.
    Give thousands at a time: that is quicker by far than each alone. Call it once in a
    transaction; whoever calls it twice may have to wait for somebody who waits for them, and then
    the database ends one of the two.
    """
    known = streams_by_id(session, {each.stream_id for each in readings})
    checker = Checker(province, now, known)
    checked = [checker.check(index, reading) for index, reading in enumerate(readings)]
    return _store(session, province.timezone, checked, now, made_by)


def store_told(
    session: Session,
    province: Province,
    given: Sequence[Telling],
    now: datetime,
    made_by: str | None = None,
    known: Mapping[Series, int] = MappingProxyType({}),
) -> tuple[Stored, Mapping[Series, int]]:
    """The same of what may have no series yet; and the series that were found or made.

    What is refused makes none. `known` are ids that the caller has found before.
    """
    checker = Checker(province, now)
    checked = [
        checker.check_of(
            index, each.indicator, each.source, Reading(0, each.at, each.value, each.measure)
        )
        for index, each in enumerate(given)
    ]
    good = {
        index: given[index].series for index, each in enumerate(checked) if isinstance(each, Told)
    }
    made = find_or_make(session, set(good.values()) - known.keys(), now)
    kept = [
        each._replace(stream_id=known.get(good[index]) or made[good[index]])
        if isinstance(each, Told)
        else each
        for index, each in enumerate(checked)
    ]
    return _store(session, province.timezone, kept, now, made_by), made


def _store(
    session: Session,
    zone: tzinfo,
    checked: Sequence[Told | Refused],
    now: datetime,
    made_by: str | None,
) -> Stored:
    """Rows of observations are taken first, and then all days, each in their order: of two who
    tell of the same nobody waits for one who waits for them."""
    told: dict[Key, list[float]] = defaultdict(list)
    for each in checked:
        if isinstance(each, Told):
            told[each.stream_id, each.at].append(each.value)
    # Nearly all are new: they are put in without looking first.
    firsts = {key: Known(now, values[0], made_by) for key, values in told.items()}
    new = set(add_new(session, firsts))
    others = {
        key: values[1:] if key in new else values
        for key, values in told.items()
        if key not in new or len(values) > 1
    }
    # What is told again is known already: nobody needs to wait for that.
    known = current_values(session, others)
    different = {key: values for key, values in others.items() if set(values) != {known.get(key)}}
    repeated = sum(len(values) for key, values in others.items() if key not in different)
    merged = _merge(session, different, now, made_by)
    changed = {(stream, _day(at, zone)) for (stream, at), each in merged.items() if each.corrected}
    added = [row for row in _days(new, firsts, zone) if (row.datastream, row.day) not in changed]
    add_to_days(session, added, changed)
    _add_days_up(session, changed, zone)
    return Stored(
        new=len(new),
        repeated=repeated + sum(each.repeated for each in merged.values()),
        corrected=sum(each.corrected for each in merged.values()),
        refused=[each for each in checked if isinstance(each, Refused)],
        moments=[each.at if isinstance(each, Told) else None for each in checked],
    )


def _merge(
    session: Session, told: Mapping[Key, Sequence[float]], now: datetime, made_by: str | None
) -> Mapping[Key, Merged]:
    if not told:
        return {}
    current = held(session, told)
    # What was known before matters only to those who are told after something later.
    before = versions_of(session, [key for key, each in current.items() if each.known_at >= now])
    merged = {
        key: merge(
            [current[key], *(each.known for each in before.get(key, ()))], values, now, made_by
        )
        for key, values in told.items()
    }
    changed = {key: each for key, each in merged.items() if each.corrected}
    if changed:
        put_merged(session, changed, before)
    return merged


def _days(keys: Iterable[Key], known: Mapping[Key, Known], zone: tzinfo) -> Sequence[DayRow]:
    ordered = sorted(keys)
    days = groupby(ordered, key=lambda key: (key[0], _day(key[1], zone)))
    return [_day_row(day, [(key[1], known[key].value) for key in some]) for day, some in days]


def _add_days_up(session: Session, days: Collection[DayKey], zone: tzinfo) -> None:
    """Anew, from all values that are known of them now; nobody else changes them."""
    streams: dict[date, list[int]] = defaultdict(list)
    for stream, day in sorted(days):
        streams[day].append(stream)
    for day, some in streams.items():
        begin, end = (midnight(each, zone) for each in (day, day + _DAY))
        rows = values_between(session, some, begin, end)
        put_days(
            session,
            [
                _day_row((stream, day), [(at, value) for _, at, value in its])
                for stream, its in groupby(rows, key=lambda row: row[0])
            ],
        )


def _day_row(key: DayKey, values: Sequence[tuple[datetime, float]]) -> DayRow:
    """`values` in order of their moments."""
    numbers = [value for _, value in values]
    last_at, last = values[-1]
    return DayRow(*key, len(numbers), math.fsum(numbers), min(numbers), max(numbers), last, last_at)


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
