"""Storing what was observed: checked, told in the indicator's measure, and nothing ever lost.

What is known now of a moment of a series is one row; what was known before stays beside it. The
days' sums are kept right in the same transaction, so whoever reads them reads what is known now.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby

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
    hold_days,
    known_of,
    put_days,
    put_merged,
    values_between,
)
from monitoring.merging import Known, merge
from monitoring.streams import streams_by_id
from provinces.schema import Province

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stored:
    """What became of readings.

    `new`: of moments of which nothing was known; `repeated`: known already, nothing changed;
    `corrected`: something else was known, and is kept as what was known before.
    """

    new: int
    repeated: int
    corrected: int
    refused: Sequence[Refused]


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
    checker = Checker(province, streams_by_id(session, {r.stream_id for r in readings}), now)
    refused: list[Refused] = []
    told: dict[Key, list[float]] = defaultdict(list)
    for index, reading in enumerate(readings):
        checked = checker.check(index, reading)
        if isinstance(checked, Told):
            told[checked.stream_id, checked.at].append(checked.value)
        else:
            refused.append(checked)
    # Nearly all are new: they are put in without looking first.
    firsts = {key: Known(now, values[0], made_by) for key, values in told.items()}
    added = add_new(session, firsts)
    add_to_days(session, _days(added, firsts, province.timezone))
    new = set(added)
    others = {
        key: values[1:] if key in new else values
        for key, values in told.items()
        if key not in new or len(values) > 1
    }
    # What is told again is known already: nobody needs to wait for that.
    known = current_values(session, others)
    different = {key: values for key, values in others.items() if set(values) != {known.get(key)}}
    repeated = sum(len(values) for key, values in others.items() if key not in different)
    corrected = 0
    if different:
        again, corrected = _merge(session, different, province.timezone, now, made_by)
        repeated += again
    return Stored(len(new), repeated, corrected, refused)


def _merge(
    session: Session,
    told: Mapping[Key, Sequence[float]],
    zone: tzinfo,
    now: datetime,
    made_by: str | None,
) -> tuple[int, int]:
    known = known_of(session, told)
    merged = {key: merge(known.get(key, ()), values, now, made_by) for key, values in told.items()}
    changed = {key: each for key, each in merged.items() if each.corrected}
    if changed:
        put_merged(session, changed)
        _add_days_up(session, {(stream, _day(at, zone)) for stream, at in changed}, zone)
    return (
        sum(each.repeated for each in merged.values()),
        sum(each.corrected for each in merged.values()),
    )


def _days(keys: Iterable[Key], known: Mapping[Key, Known], zone: tzinfo) -> Sequence[DayRow]:
    ordered = sorted(keys)
    days = groupby(ordered, key=lambda key: (key[0], _day(key[1], zone)))
    return [_day_row(day, [(key[1], known[key].value) for key in some]) for day, some in days]


def _add_days_up(session: Session, days: Collection[DayKey], zone: tzinfo) -> None:
    """Anew, from all values that are known of them now."""
    hold_days(session, days)
    streams: dict[date, list[int]] = defaultdict(list)
    for stream, day in sorted(days):
        streams[day].append(stream)
    for day, some in streams.items():
        begin, end = (datetime.combine(each, time(), zone) for each in (day, day + _DAY))
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
