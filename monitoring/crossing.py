"""Indicators' latest values against their thresholds.

Only the latest value is judged: nobody is warned today of what a file tells of last month, nor of
what has passed by the time it is told. Of several sources the same one counts as on the board: the
indicator's own where it told in the newest period, else whoever told last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import CURRENT, AlertState, Level, Rule
from monitoring.alert_models import Alert
from monitoring.demo import demo_rows
from monitoring.early.threshold import Bounds, Crossing, Move, Standing, Worse, judge
from monitoring.periods import begin_of
from monitoring.raising import Found, is_worse
from monitoring.series import Value, last_before, latest
from monitoring.streams import Stream, streams
from provinces.modules import SYSTEM, Indicator, Period, Threshold
from provinces.schema import Province

# An older value tells of nothing that is so now: its source has fallen silent.
FRESH = {
    Period.HOUR: timedelta(hours=26),
    Period.DAY: timedelta(days=3),
    Period.WEEK: timedelta(days=15),
    Period.MONTH: timedelta(days=63),
    Period.QUARTER: timedelta(days=184),
    Period.YEAR: timedelta(days=731),
}
Subject = tuple[str, str | None, bool]  # an indicator, of a unit; whether it is made up
_STANDS = frozenset({Move.OPENED, Move.RAISED, Move.LOWERED, Move.SEEN_AGAIN})


@dataclass(frozen=True)
class Crossings:
    """`found`: bounds that are reached; `released`: ids of alerts that are over."""

    found: Sequence[Found]
    released: Sequence[str]


def crossings(session: Session, province: Province, now: datetime) -> Crossings:
    """How every indicator that has thresholds stands. `session` sees one moment."""
    watched = {each.code: each for each in province.indicators.values() if each.thresholds}
    alerts = _alerts(session)
    found: list[Found] = []
    released: list[str] = []
    made_up = demo_rows(session, "datastreams")
    judged: set[str] = set()
    for stream, value in _newest(session, province, watched, made_up, now):
        indicator, demo = watched[stream.indicator], str(stream.id) in made_up
        stood = alerts.get((indicator.code, stream.unit_key, demo), ())
        current = stood[0] if stood and stood[0].state in CURRENT else None
        if value.at < now - FRESH[indicator.period]:
            continue
        if current is not None:
            judged.add(current.id)
        elif _settled(stood, value):
            continue
        threshold, crossed = _gravest(indicator, value, _standing(stood), now)
        if crossed.move in _STANDS:
            found.append(_found(indicator, stream, threshold, crossed, value.at, demo))
        elif crossed.move is Move.RELEASED and current is not None:
            released.append(current.id)
    current_ones = (each[0] for each in alerts.values() if each[0].state in CURRENT)
    # Its source has fallen silent, or the pack has its threshold no longer.
    released += [each.id for each in current_ones if each.id not in judged]
    return Crossings(found, released)


def _newest(
    session: Session,
    province: Province,
    watched: Mapping[str, Indicator],
    made_up: Collection[str],
    now: datetime,
) -> Iterable[tuple[Stream, Value]]:
    """The last value of each of those indicators in each unit, and the series that has it.

    What is made up is judged by itself: neither stands for the other.
    """
    known = [
        each
        for each in streams(session, list(watched))
        # What this system counts it tells itself, and nobody else.
        if each.source == SYSTEM
        or watched[each.indicator].from_system is None
        or str(each.id) in made_up
    ]
    values = _last_values(session, province, watched, known, now)
    best: dict[Subject, tuple[Stream, Value]] = {}

    def rank(stream: Stream, value: Value) -> tuple[date, bool, datetime, int]:
        indicator = watched[stream.indicator]
        day = value.at.astimezone(province.timezone).date()
        own = stream.source == indicator.source
        return begin_of(day, indicator.period), own, value.at, -stream.id

    for stream in known:
        value = values.get(stream.id)
        if value is None:
            continue
        key = (stream.indicator, stream.unit_key, str(stream.id) in made_up)
        if key not in best or rank(stream, value) > rank(*best[key]):
            best[key] = (stream, value)
    return [
        each
        for key, each in best.items()
        if not _overruled(
            watched[key[0]], each, [one for other, one in best.items() if other[2] == key[2]]
        )
    ]


def _last_values(
    session: Session,
    province: Province,
    watched: Mapping[str, Indicator],
    known: Sequence[Stream],
    now: datetime,
) -> Mapping[int, Value]:
    """The last value by series. What this system tells of a day counts once the day is over: one
    displeased citizen in the morning is no bad day."""
    running = {
        each.id
        for each in known
        if each.source == SYSTEM
        and watched[each.indicator].from_system is not None
        and watched[each.indicator].period is Period.DAY
    }
    today = now.astimezone(province.timezone).date()
    values = latest(session, [each.id for each in known if each.id not in running])
    return values | last_before(session, running, today, zone=province.timezone)


def _overruled(
    indicator: Indicator, newest: tuple[Stream, Value], all_newest: Iterable[tuple[Stream, Value]]
) -> bool:
    """Whether it is what another source tells of the whole, while units tell of themselves."""
    stream, value = newest
    if stream.unit_key is not None or stream.source == indicator.source:
        return False
    fresh = value.at - FRESH[indicator.period]
    return any(
        other.indicator == indicator.code and other.unit_key is not None and its.at >= fresh
        for other, its in all_newest
    )


def _alerts(session: Session) -> Mapping[Subject, Sequence[Alert]]:
    """By what they are of: the current one if there is any, then the last one that ended."""
    ended = (
        select(func.max(Alert.number))
        .where(Alert.rule == Rule.THRESHOLD, Alert.state == AlertState.CLOSED)
        .group_by(Alert.subject, Alert.unit_key, Alert.demo)
    )
    query = (
        select(Alert)
        .where(
            Alert.rule == Rule.THRESHOLD,
            or_(Alert.state.in_(CURRENT), Alert.number.in_(ended)),
        )
        .order_by(Alert.closed_at.is_not(None))
    )
    found: dict[Subject, list[Alert]] = {}
    for row in session.scalars(query):
        found.setdefault((row.subject, row.unit_key, row.demo), []).append(row)
    return found


def _settled(stood: Sequence[Alert], value: Value) -> bool:
    """Whether an alert of this very value has ended; a correction for the worse is another."""
    return bool(stood) and value.at <= stood[0].last_at and not is_worse(value.value, stood[0].why)


def _standing(stood: Sequence[Alert]) -> Standing:
    if not stood:
        return Standing()
    last = stood[0]
    if last.state in CURRENT:
        return Standing(Level(last.level))
    return Standing(None, Level(last.level), last.closed_at)


def _gravest(
    indicator: Indicator, value: Value, before: Standing, now: datetime
) -> tuple[Threshold, Crossing]:
    """Of an indicator with several thresholds the one that stands, and among these the worst."""
    judged = [
        (each, judge(bounds_of(each), value.value, now, before)) for each in indicator.thresholds
    ]
    return max(
        judged,
        key=lambda one: (one[1].move in _STANDS, one[1].level.rank if one[1].level else 0),
    )


def bounds_of(threshold: Threshold) -> Bounds:
    """The threshold as the rule takes it."""
    return Bounds(
        threshold.watch,
        threshold.alert,
        threshold.release,
        Worse(threshold.worse),
        timedelta(hours=threshold.quiet_h),
    )


def _found(
    indicator: Indicator,
    stream: Stream,
    threshold: Threshold,
    crossed: Crossing,
    at: datetime,
    demo: bool,
) -> Found:
    assert crossed.level is not None
    first = threshold.watch if threshold.watch is not None else threshold.alert
    # The pack may have a bound of this level no longer.
    bound = crossed.bound if crossed.bound is not None else first
    # Without a release bound it is over wherever no bound is reached.
    released = crossed.release if crossed.release is not None else first
    return Found(
        module=indicator.module,
        rule=Rule.THRESHOLD,
        subject=indicator.code,
        unit_key=stream.unit_key,
        level=crossed.level,
        at=at,
        why={
            "value": crossed.value,
            "unit": indicator.unit,
            "bound": bound,
            "release": released,
            "worse": threshold.worse,
            "phenomenon_at": at.isoformat(),
            "source": stream.source,
        },
        told_again=timedelta(hours=threshold.quiet_h),
        falls=True,
        demo=demo,
    )
