"""More reports in a day than usual: dispersion-scaled Poisson over the weeks before.

A day is held against a baseline of four weeks that ends before the two days ahead of it, so that a
slow beginning does not raise what it is held against. Days that were in alarm already are left out,
up to half of the baseline: after two weeks a new level is the usual one. Where more than a few come
a day, weekdays differ visibly, and a day is held against the same weekday.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.alert_kinds import Level
from monitoring.early.poisson import tail

WEEK = 7


@dataclass(frozen=True)
class BurstRule:
    """Days, and how rare a count must be (the chance of as many or more on a usual day).

    Where more than one or two a day are usual the scaled distribution has too few very busy days:
    there a count must be rarer still, for about as many false alarms (decision 0034).
    """

    baseline_days: int = 28
    guard_days: int = 2
    fewest_days: int = 14  # of the baseline; with fewer nothing is said
    least: int = 3  # reports in a day; fewer are never a burst
    watch_p: float = 0.005
    alert_p: float = 0.001
    often_above: float = 1.5  # a day on average
    often_watch_p: float = 0.0015
    often_alert_p: float = 0.0003
    weekday_above: float = 5.0  # a day on average
    weeks: int = 8

    @property
    def history_days(self) -> int:
        """How many days to hand over, the judged one among them."""
        return 1 + max(self.guard_days + self.baseline_days, self.weeks * WEEK)


BURSTS = BurstRule()


@dataclass(frozen=True)
class Burst:
    """A day against its baseline.

    Attributes:
        level: None: nothing unusual.
        count: reports of the day.
        expected: of a usual day.
        dispersion: variance by mean of the baseline; 1: pure chance, never less.
        p: the chance of `count` or more on a usual day.
        baseline_days: how many days `expected` is the mean of.
        weekday: it was held against the same weekday.
    """

    level: Level | None
    count: int
    expected: float
    dispersion: float
    p: float
    baseline_days: int
    weekday: bool


def burst(
    counts: Sequence[int], in_alarm: Sequence[bool] = (), rule: BurstRule = BURSTS
) -> Burst | None:
    """What the last of `counts` is against the days before it.

    `counts` has one number a day without gaps, the oldest first; `rule.history_days` of them are
    looked at, more do no harm. `in_alarm` says of the same days which had been in alarm (the last
    one's is not asked). None: too few days are known.

    Raises:
        ValueError: a count below 0, or `in_alarm` is of another length.
    """
    if in_alarm and len(in_alarm) != len(counts):
        raise ValueError(f"expected in_alarm of {len(counts)} days, found {len(in_alarm)}")
    if any(count < 0 for count in counts):
        raise ValueError(f"expected counts from 0 on, found {min(counts)}")
    last = len(counts) - 1
    first = max(0, last - rule.guard_days - rule.baseline_days)
    days = _usual(range(first, last - rule.guard_days), in_alarm)
    if len(days) < rule.fewest_days:
        return None
    plain = [counts[day] for day in days]
    if sum(plain) > rule.weekday_above * len(plain):
        found = _against_weekday(counts, in_alarm, rule)
        if found is not None:
            return found
    expected, dispersion = _mean(plain), _dispersion(plain)
    return _judged(counts[last], expected, dispersion, len(plain), False, rule)


def scaled_p(count: int, expected: float, dispersion: float) -> float:
    """The chance of `count` or more where the variance is `dispersion` times the mean."""
    return tail(math.ceil(count / dispersion - 1e-9), expected / dispersion)


def level_of(p: float, watch_p: float, alert_p: float) -> Level | None:
    """How grave something so rare is."""
    if p <= alert_p:
        return Level.ALERT
    return Level.WATCH if p <= watch_p else None


def _judged(
    count: int, expected: float, dispersion: float, days: int, weekday: bool, rule: BurstRule
) -> Burst:
    p = scaled_p(count, expected, dispersion)
    level = None
    if count >= rule.least:
        often = expected > rule.often_above
        level = (
            level_of(p, rule.often_watch_p, rule.often_alert_p)
            if often
            else level_of(p, rule.watch_p, rule.alert_p)
        )
    return Burst(level, count, expected, dispersion, p, days, weekday)


def _usual(days: Sequence[int], in_alarm: Sequence[bool]) -> Sequence[int]:
    """Those that were not in alarm; all of them where that were more than half."""
    usual = [day for day in days if not (in_alarm and in_alarm[day])]
    return usual if 2 * len(usual) >= len(days) else days


def _mean(counts: Sequence[int]) -> float:
    # Half a report more than there was: a month without any does not make the first one endless.
    return (sum(counts) + 0.5) / (len(counts) + 0.5)


def _dispersion(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    if not mean:
        return 1.0
    return max(1.0, _squares(counts) / (len(counts) - 1) / mean)


def _squares(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return math.fsum((count - mean) ** 2 for count in counts)


def _against_weekday(
    counts: Sequence[int], in_alarm: Sequence[bool], rule: BurstRule
) -> Burst | None:
    """Against the same weekday of the weeks before; None: too few of them are known.

    One weekday has too few days to tell how much they scatter: that comes from all seven, each
    around its own mean.
    """
    last = len(counts) - 1
    weekdays = []
    for offset in range(WEEK):
        newest = last - WEEK - offset if offset else last - WEEK
        oldest = max(0, newest - (rule.weeks - 1) * WEEK)
        days = _usual(range(newest, oldest - 1, -WEEK), in_alarm)
        weekdays.append([counts[day] for day in days])
    if len(weekdays[0]) < rule.weeks // 2:
        return None
    scattered = [each for each in weekdays if len(each) > 1 and any(each)]
    squares = sum(_squares(each) * len(each) / sum(each) for each in scattered)
    freedom = sum(len(each) - 1 for each in scattered)
    same = weekdays[0]
    expected = _mean(same)
    dispersion = max(1.0, squares / freedom) if freedom else 1.0
    # So few days do not know their mean well; what it may be off adds to the scatter.
    dispersion *= 1 + 1 / len(same)
    return _judged(counts[last], expected, dispersion, len(same), True, rule)
