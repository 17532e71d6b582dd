"""How indicators stand: the figure of now, what it was before, and whether it is as it should be.

Of which series a period's figure is made tells `monitoring.choosing`; of units counts are added up,
shares and durations are averaged.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from monitoring.alert_kinds import AlertView, Level
from monitoring.choosing import Putting
from monitoring.day_values import DayValue, Moment, by_stream, day_values
from monitoring.periods import begin_of, begins_until, is_daily, week_before
from monitoring.series import Value, last_before
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
    """A period's figure, put together from `told` series; None where nobody told any. `whole`: one
    that told of the whole area."""

    begin: date
    value: float | None
    told: int = 0
    whole: bool = False


@dataclass(frozen=True)
class Standing:
    """An indicator as it stands.

    Attributes:
        now: the latest period that has a figure; None where none has.
        before: the same weekday a week before, or the period before.
        stale: the figure is older than it should be.
        met: whether the target is; None where there is none, or no figure.
        of: how many units there are that tell of it; 1 where the figure is told of the whole.
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
    """All series of those indicators, by their codes."""
    found: dict[str, list[Stream]] = {each.code: [] for each in indicators}
    for each in streams(session, list(found)):
        found[each.indicator].append(each)
    return found


def units_told(province: Province, streams: Sequence[Stream]) -> Sequence[str]:
    """The units that there are series of: those of today; former ones where there are no others."""
    units = list(dict.fromkeys(each.unit_key for each in streams if each.unit_key is not None))
    ahead = f"{province.current_edition}:"
    return [each for each in units if each.startswith(ahead)] or units


def of_unit(streams: Sequence[Stream], unit_key: str | None) -> Sequence[Stream]:
    """Those of that unit; None: all, which the whole area's figure is made of."""
    return [each for each in streams if unit_key is None or each.unit_key == unit_key]


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
    chosen = {code: of_unit(some, unit_key) for code, some in known.items()}
    read: dict[str, Mapping[int, Sequence[DayValue]]] = {}
    held: dict[int, Value] = {}
    for period in sorted({each.period for each in indicators}):
        some = [each for each in indicators if each.period == period]
        ids = {s.id for i in some for s in chosen[i.code]}
        first = begins_until(today, period, TREND[period])[0]
        read[period] = by_stream(day_values(session, ids, first, today, moment) if ids else ())
        held |= held_before(session, some, chosen, first, moment)
    worst = worst_by(alerts, lambda alert: [alert.subject])
    return [
        _standing(
            province,
            each,
            chosen[each.code],
            read[each.period],
            held,
            today,
            worst.get(each.code),
        )
        for each in indicators
    ]


def held_before(
    session: Session,
    indicators: Iterable[Indicator],
    chosen: Mapping[str, Sequence[Stream]],
    first: date,
    moment: Moment,
) -> Mapping[int, Value]:
    """What each series of a stock told last before that day: it holds still. Of one unit alone
    nothing is put together."""
    ids = [
        stream.id
        for each in indicators
        if each.aggregate is Aggregate.LAST and len({s.unit_key for s in chosen[each.code]}) > 1
        for stream in chosen[each.code]
    ]
    return last_before(session, ids, first, moment.known_at, zone=moment.zone) if ids else {}


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
    province: Province,
    indicator: Indicator,
    streams: Sequence[Stream],
    days: Mapping[int, Sequence[DayValue]],
    held: Mapping[int, Value],
    begins: Sequence[date],
) -> Sequence[Bucket]:
    """The figure of each period that begins at `begins`, put together from the series' days."""
    told: dict[date, list[tuple[Stream, Value]]] = {begin: [] for begin in begins}
    daily = is_daily(indicator.period)
    for stream in streams:
        its = days.get(stream.id, ())
        if daily:  # a day of a series is one row: a year of communes is thousands
            for each in its:
                if each.day in told:
                    value = Value(each.last_at, _together(indicator, (each,)))
                    told[each.day].append((stream, value))
            continue
        parts: dict[date, list[DayValue]] = {}
        for each in its:
            parts.setdefault(begin_of(each.day, indicator.period), []).append(each)
        for begin, few in parts.items():
            if begin in told:
                last_at = max(each.last_at for each in few)
                told[begin].append((stream, Value(last_at, _together(indicator, few))))
    kept = [(each, held[each.id]) for each in streams if each.id in held]
    putting = Putting(province, indicator, kept)
    found = []
    for begin in begins:
        figure = putting.put(told[begin])
        found.append(Bucket(begin, figure.value, figure.told, figure.whole))
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
    province: Province,
    indicator: Indicator,
    streams: Sequence[Stream],
    days: Mapping[int, Sequence[DayValue]],
    held: Mapping[int, Value],
    today: date,
    level: Level | None,
) -> Standing:
    begins = begins_until(today, indicator.period, TREND[indicator.period])
    trend = buckets(province, indicator, streams, days, held, begins)
    by_begin = {each.begin: each.value for each in trend}
    now = next((each for each in reversed(trend) if each.value is not None), None)
    return Standing(
        indicator=indicator,
        state=state_of(level, now is not None),
        now=now,
        before=by_begin.get(week_before(now.begin, indicator.period)) if now else None,
        stale=now is not None and now.begin < begins[-1 - FRESH],
        met=indicator.met(now.value) if now is not None and now.value is not None else None,
        of=_of(province, streams, now),
        trend=trend,
    )


def _of(province: Province, streams: Sequence[Stream], now: Bucket | None) -> int:
    units = len(units_told(province, streams))
    return min(1, len(streams)) if units == 0 or (now is not None and now.whole) else units
