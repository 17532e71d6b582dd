"""How indicators stand: the figure of now, what it was before, and whether it is as it should be.

An indicator's figure for the whole area is what its source tells of the whole; where it tells of
units only, they are put together: counts are added up, shares and durations are averaged.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from monitoring.alert_kinds import AlertView, Level
from monitoring.day_values import DayValue, Moment, day_values
from monitoring.periods import begin_of, begins_until, is_daily, week_before
from monitoring.series import put_together
from monitoring.streams import Stream, streams
from provinces.modules import Aggregate, Indicator, Period
from provinces.schema import Province

# So many periods make a trend.
TREND = {
    Period.HOUR: 14,
    Period.DAY: 14,
    Period.WEEK: 12,
    Period.MONTH: 12,
    Period.QUARTER: 8,
    Period.YEAR: 5,
}
# A figure that is older than so many periods is an old one.
FRESH = 2


class State(StrEnum):
    """How something is, by the worst of its open alerts."""

    ALERT = "alert"
    WATCH = "watch"
    QUIET = "quiet"
    UNKNOWN = "unknown"  # nobody has told anything of it


@dataclass(frozen=True)
class Bucket:
    """A period's figure, put together from `told` series; None where nobody told any."""

    begin: date
    value: float | None
    told: int = 0


@dataclass(frozen=True)
class Standing:
    """An indicator as it stands.

    Attributes:
        now: the latest period that has a figure; None where none has.
        before: the same weekday a week before, or the period before.
        stale: the figure is older than it should be.
        met: whether the target is; None where there is none, or no figure.
        told, of: how many series the figure is made of, and how many there are.
    """

    indicator: Indicator
    state: State
    now: Bucket | None
    before: float | None
    stale: bool
    met: bool | None
    of: int
    trend: Sequence[Bucket]


def streams_of(session: Session, indicators: Iterable[Indicator]) -> Mapping[str, Sequence[Stream]]:
    """The series of those indicators, by their codes: of each unit one, where several sources tell
    of it the indicator's own."""
    own = {each.code: each.source for each in indicators}
    found: dict[str, dict[str | None, Stream]] = {code: {} for code in own}
    for each in sorted(streams(session, own), key=lambda one: one.source != own[one.indicator]):
        found[each.indicator].setdefault(each.unit_key, each)
    return {code: tuple(by_unit.values()) for code, by_unit in found.items()}


def of_whole(province: Province, streams: Sequence[Stream]) -> Sequence[Stream]:
    """Those that the figure of the whole area is made of."""
    whole = [each for each in streams if each.unit_key is None]
    return whole or of_today(province, streams)


def of_today(province: Province, streams: Sequence[Stream]) -> Sequence[Stream]:
    """Those of units of today; of former ones where there are no others."""
    units = [each for each in streams if each.unit_key is not None]
    ahead = f"{province.current_edition}:"
    return [each for each in units if (each.unit_key or "").startswith(ahead)] or units


def standings(
    session: Session,
    province: Province,
    indicators: Sequence[Indicator],
    today: date,
    moment: Moment,
    alerts: Sequence[AlertView],
    unit_key: str | None = None,
) -> Sequence[Standing]:
    """How those indicators stand on that day, in their order; of a unit where one is given."""
    known = streams_of(session, indicators)
    chosen = {
        code: [each for each in some if each.unit_key == unit_key]
        if unit_key is not None
        else of_whole(province, some)
        for code, some in known.items()
    }
    read: dict[str, Sequence[DayValue]] = {}
    for period in {each.period for each in indicators}:
        ids = {s.id for i in indicators if i.period == period for s in chosen[i.code]}
        first = begins_until(today, period, TREND[period])[0]
        read[period] = day_values(session, ids, first, today, moment) if ids else ()
    worst = worst_by(alerts, lambda alert: [alert.subject])
    return [
        _standing(each, chosen[each.code], read[each.period], today, worst.get(each.code))
        for each in indicators
    ]


def worst_by(
    alerts: Iterable[AlertView], keys: Callable[[AlertView], Iterable[str]]
) -> Mapping[str, Level]:
    """The gravest level of each key."""
    found: dict[str, Level] = {}
    for alert in alerts:
        for key in keys(alert):
            if key not in found or alert.level.rank > found[key].rank:
                found[key] = alert.level
    return found


def state_of(level: Level | None, known: bool = True) -> State:
    """The state that goes with the gravest of the alerts; `known`: there are figures."""
    if level is not None:
        return State(level.value)
    return State.QUIET if known else State.UNKNOWN


def buckets(
    indicator: Indicator,
    streams: Sequence[Stream],
    days: Iterable[DayValue],
    begins: Sequence[date],
) -> Sequence[Bucket]:
    """The figure of each period that begins at `begins`, put together from the series' days."""
    ids = {each.id for each in streams}
    figures: dict[date, dict[int, float]] = {begin: {} for begin in begins}
    if is_daily(indicator.period):  # a day of a series is one row: a year of communes is thousands
        for each in days:
            if each.stream in ids and each.day in figures:
                figures[each.day][each.stream] = _together(indicator, (each,))
    else:
        rows: dict[tuple[date, int], list[DayValue]] = {}
        for each in days:
            begin = begin_of(each.day, indicator.period)
            if each.stream in ids and begin in figures:
                rows.setdefault((begin, each.stream), []).append(each)
        for (begin, stream), few in rows.items():
            figures[begin][stream] = _together(indicator, few)
    kept: dict[int, float] = {}  # of a stock the last count holds until the next one
    found = []
    for begin in begins:
        told = figures[begin]
        kept = {**kept, **told} if indicator.aggregate is Aggregate.LAST else told
        found.append(
            Bucket(
                begin, put_together(kept.values(), indicator.aggregate) if told else None, len(told)
            )
        )
    return found


def _together(indicator: Indicator, days: Sequence[DayValue]) -> float:
    """One series in one period."""
    if indicator.aggregate is Aggregate.LAST:
        return days[-1].last if len(days) == 1 else max(days, key=lambda each: each.day).last
    whole = days[0].sum if len(days) == 1 else sum(each.sum for each in days)
    if indicator.aggregate is Aggregate.SUM:
        return whole
    return whole / (days[0].told if len(days) == 1 else sum(each.told for each in days))


def _standing(
    indicator: Indicator,
    streams: Sequence[Stream],
    days: Sequence[DayValue],
    today: date,
    level: Level | None,
) -> Standing:
    begins = begins_until(today, indicator.period, TREND[indicator.period])
    trend = buckets(indicator, streams, days, begins)
    by_begin = {each.begin: each.value for each in trend}
    now = next((each for each in reversed(trend) if each.value is not None), None)
    return Standing(
        indicator=indicator,
        state=state_of(level, now is not None),
        now=now,
        before=by_begin.get(week_before(now.begin, indicator.period)) if now else None,
        stale=now is not None and now.begin < begins[-1 - FRESH],
        met=indicator.met(now.value) if now is not None and now.value is not None else None,
        of=len(streams),
        trend=trend,
    )
