"""Indicators' latest values against their thresholds.

Only the latest value is judged: nobody is warned today of what a file tells of last month, nor of
what has passed by the time it is told. Of several sources the one that told last counts, and of
equally new values the indicator's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from monitoring.alert_kinds import CURRENT, AlertState, Level, Rule
from monitoring.alert_models import Alert
from monitoring.demo import are_demo
from monitoring.early.threshold import Bounds, Crossing, Move, Standing, Worse, judge
from monitoring.raising import Found
from monitoring.series import Value, latest
from monitoring.streams import Stream, streams
from provinces.modules import Indicator, Period, Threshold
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
    for stream, value in _newest(session, watched):
        indicator = watched[stream.indicator]
        stood = alerts.get((indicator.code, stream.unit_key), ())
        current = stood[0] if stood and stood[0].state in CURRENT else None
        stale = value.at < now - FRESH[indicator.period]
        if stale or (current is None and _settled(stood, value.at)):
            continue
        threshold, crossed = _gravest(indicator, value, _standing(stood))
        if crossed.move in _STANDS:
            found.append(_found(session, indicator, stream, threshold, crossed, value.at))
        elif crossed.move is Move.RELEASED and current is not None:
            released.append(current.id)
    return Crossings(found, released)


def _newest(session: Session, watched: Mapping[str, Indicator]) -> Iterable[tuple[Stream, Value]]:
    """The last value of each of those indicators in each unit, and the series that has it."""
    known = streams(session, list(watched))
    values = latest(session, [each.id for each in known])
    best: dict[tuple[str, str | None], tuple[Stream, Value]] = {}

    def rank(stream: Stream, value: Value) -> tuple[datetime, bool, int]:
        return value.at, stream.source == watched[stream.indicator].source, -stream.id

    for stream in known:
        value = values.get(stream.id)
        if value is None:
            continue
        key = (stream.indicator, stream.unit_key)
        if key not in best or rank(stream, value) > rank(*best[key]):
            best[key] = (stream, value)
    return best.values()


def _alerts(session: Session) -> Mapping[tuple[str, str | None], Sequence[Alert]]:
    """By indicator and unit: the current one if there is any, then the last one that ended."""
    ended = (
        select(func.max(Alert.number))
        .where(Alert.rule == Rule.THRESHOLD, Alert.state == AlertState.CLOSED)
        .group_by(Alert.subject, Alert.unit_key)
    )
    query = (
        select(Alert)
        .where(
            Alert.rule == Rule.THRESHOLD,
            or_(Alert.state.in_(CURRENT), Alert.number.in_(ended)),
        )
        .order_by(Alert.closed_at.is_not(None))
    )
    found: dict[tuple[str, str | None], list[Alert]] = {}
    for row in session.scalars(query):
        found.setdefault((row.subject, row.unit_key), []).append(row)
    return found


def _settled(stood: Sequence[Alert], at: datetime) -> bool:
    """Whether somebody has closed an alert of this very value."""
    return bool(stood) and at <= stood[0].last_at


def _standing(stood: Sequence[Alert]) -> Standing:
    if not stood:
        return Standing()
    last = stood[0]
    if last.state in CURRENT:
        return Standing(Level(last.level))
    return Standing(None, Level(last.level), last.closed_at)


def _gravest(indicator: Indicator, value: Value, before: Standing) -> tuple[Threshold, Crossing]:
    """Of an indicator with several thresholds the one that stands, and among these the worst."""
    judged = [
        (each, judge(bounds_of(each), value.value, value.at, before))
        for each in indicator.thresholds
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
    session: Session,
    indicator: Indicator,
    stream: Stream,
    threshold: Threshold,
    crossed: Crossing,
    at: datetime,
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
        falls=True,
        demo=are_demo(session, "datastreams", [str(stream.id)]),
    )
