"""Made-up figures: for every indicator, in every unit that it is told of, a value each period.

Counts of reports and calls are those of what was made up; all others move about what is usual,
mostly on the good side of their thresholds, with days and hours as people live them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from hotline.demo.outbreaks import Outbreak
from monitoring.periods import begin_of, later, midnight
from monitoring.subjects import communes
from provinces.modules import SYSTEM, Indicator, IndicatorLevel, Period
from provinces.schema import Province

Values = npt.NDArray[np.float64]
_DAY = timedelta(days=1)
# What is usual where no threshold tells: of an indicator or a measure, in a period.
_USUAL = {
    "vehicles_h": 700.0,
    "visits": 90.0,
    "people": 900.0,
    "files": 30.0,
    "cases": 12.0,
    "vnd_million": 42_000.0,
    "percent": 88.0,
    "calls": 20.0,
    "education.schools": 9.0,
    "education.classes": 190.0,
    "education.pupils": 5_400.0,
    "education.mean_mark": 6.4,
    "education.marks_below_5": 9.0,
    "health.inpatients": 1_900.0,
    "health.vaccinations": 160.0,
    "cyberspace.mentions": 620.0,
}
_OTHERWISE = 40.0
_BY_HOUR = np.array(
    (2, 1, 1, 1, 2, 5, 9, 12, 11, 10, 10, 11, 9, 9, 10, 11, 13, 14, 10, 8, 7, 6, 4, 3), float
)
_KNOWN_AFTER = {
    Period.HOUR: timedelta(minutes=2),
    Period.DAY: timedelta(hours=7, minutes=30),
    Period.WEEK: timedelta(days=1, hours=8),
    Period.MONTH: timedelta(days=3, hours=8),
    Period.QUARTER: timedelta(days=8, hours=8),
    Period.YEAR: timedelta(days=20, hours=8),
}
"""So long after its end a period's figure is told."""


@dataclass(frozen=True)
class Series:
    """An indicator's values in a unit (None: the province); periods begin at `moments`."""

    indicator: Indicator
    unit_key: str | None
    moments: Sequence[datetime]
    known: Sequence[datetime]
    values: Values


def made_up_series(
    province: Province,
    first: date,
    until: datetime,
    breaks: Sequence[Outbreak],
    seed: int,
) -> Iterator[Series]:
    """All but what this system counts itself; periods that are not over by `until` have none."""
    zone = province.timezone
    units = communes(province)
    spans = {period: _spans(period, first, until, zone) for period in Period}
    for number, indicator in enumerate(province.indicators.values()):
        if indicator.source == SYSTEM:
            continue
        moments, known = spans[indicator.period]
        if not moments:
            continue
        places = units if indicator.level is IndicatorLevel.UNIT else (None,)
        for place, unit_key in enumerate(places):
            chance = np.random.default_rng((seed, number, place))
            values = _usual(indicator, moments, zone, chance)
            for each in breaks:
                if each.indicator == indicator.code and unit_key in (None, *each.units):
                    values = _higher(indicator, values, moments, zone, each)
            yield Series(indicator, unit_key, moments, known, _plausible(indicator, values))


def _spans(
    period: Period, first: date, until: datetime, zone: ZoneInfo
) -> tuple[Sequence[datetime], Sequence[datetime]]:
    """When each period begins, and when its figure is known; the oldest first."""
    begin = midnight(begin_of(first, period), zone)
    moments: list[datetime] = []
    known: list[datetime] = []
    while True:
        end = _next(begin, period, zone)
        told = end + _KNOWN_AFTER[period]
        if told > until:
            return moments, known
        moments.append(begin)
        known.append(told)
        begin = end


def _next(begin: datetime, period: Period, zone: ZoneInfo) -> datetime:
    if period is Period.HOUR:
        return begin + timedelta(hours=1)
    day = begin.astimezone(zone).date()
    return midnight(later(day, period, 1), zone)


def _usual(
    indicator: Indicator, moments: Sequence[datetime], zone: ZoneInfo, chance: np.random.Generator
) -> Values:
    count = len(moments)
    level = _level(indicator)
    if indicator.unit != "percent":
        level *= chance.lognormal(0, 0.15)
    local = [each.astimezone(zone) for each in moments]
    shape = np.ones(count)
    if indicator.unit == "percent":
        return np.asarray(level + chance.normal(0, _spread(indicator), count))
    if indicator.period is Period.HOUR and indicator.unit != "km_h":
        shape = _BY_HOUR[[each.hour for each in local]] / _BY_HOUR.mean()
    elif indicator.period is Period.DAY:
        weekend = np.array([each.weekday() >= 5 for each in local])
        shape = np.where(weekend, 0.8, 1.08)
    if indicator.decimals == 0 and level < 30:
        return np.asarray(chance.poisson(level * shape), float)
    return np.asarray(level * shape * chance.lognormal(0, 0.08, count))


def _level(indicator: Indicator) -> float:
    """What is usual: well on the good side of the threshold that comes first."""
    bounds = _bounds(indicator)
    if bounds and indicator.thresholds[0].worse == "lower":
        highest = min(indicator.highest, indicator.target or 2.2 * bounds[0])
        return bounds[0] + 0.75 * (highest - bounds[0])
    if bounds:
        # Seldom more than one where one is too many.
        return bounds[0] * (0.45 if bounds[0] > 5 else 0.02 if bounds[0] <= 2 else 0.15)
    return _USUAL.get(indicator.code) or _USUAL.get(indicator.unit, _OTHERWISE)


def _spread(indicator: Indicator) -> float:
    """By how much a share moves: seldom as far as its threshold."""
    bounds = _bounds(indicator)
    return abs(_level(indicator) - bounds[0]) / 3.5 if bounds else 2.0


def _bounds(indicator: Indicator) -> Sequence[float]:
    """Of all thresholds, the first one's first."""
    found = [(each.watch, each.alert) for each in indicator.thresholds]
    return [bound for pair in found for bound in pair if bound is not None]


def _higher(
    indicator: Indicator,
    values: Values,
    moments: Sequence[datetime],
    zone: ZoneInfo,
    outbreak: Outbreak,
) -> Values:
    """The outbreak shows in periods that it lies in: by as much as the bound of the alert."""
    alert = indicator.thresholds[0].alert if indicator.thresholds else None
    more = alert if alert is not None else 2 * _level(indicator)
    day_of = [begin_of(each.astimezone(zone).date(), indicator.period) for each in moments]
    inside = [begin_of(outbreak.begin, indicator.period) <= day <= outbreak.end for day in day_of]
    return np.asarray(values + np.where(inside, more, 0.0))


def _plausible(indicator: Indicator, values: Values) -> Values:
    clipped = np.clip(values, indicator.lowest, indicator.highest)
    return np.asarray(np.round(clipped, indicator.decimals))
