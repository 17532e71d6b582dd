"""What others use, to be compared with: EARS C2 and a plain Poisson bound."""

import math
from collections.abc import Sequence

from monitoring.early.poisson import tail

C2_DAYS, GUARD_DAYS, C2_SIGMAS = 7, 2, 3.0
POISSON_DAYS, POISSON_P = 28, 0.005


def c2(counts: Sequence[int]) -> bool:
    """Whether the last day has more than mean + 3 standard deviations of the week that ends two
    days before it (Hutwagner and others, 2003); of a week without any, one report is more."""
    mean, deviation = _week(counts)
    return counts[-1] > mean + C2_SIGMAS * deviation


def c2_sigmas(counts: Sequence[int]) -> float:
    """How many standard deviations above; of a week that is all alike one of 0.2 is assumed."""
    mean, deviation = _week(counts)
    return (counts[-1] - mean) / max(deviation, 0.2)


def _week(counts: Sequence[int]) -> tuple[float, float]:
    week = counts[-1 - GUARD_DAYS - C2_DAYS : -1 - GUARD_DAYS]
    mean = sum(week) / len(week)
    return mean, math.sqrt(sum((each - mean) ** 2 for each in week) / (len(week) - 1))


def poisson(counts: Sequence[int]) -> bool:
    """Whether so many come on fewer than one day in 200, were days pure chance."""
    return poisson_p(counts) <= POISSON_P


def poisson_p(counts: Sequence[int]) -> float:
    """The chance of as many or more about the mean of four weeks."""
    month = counts[-1 - GUARD_DAYS - POISSON_DAYS : -1 - GUARD_DAYS]
    return tail(counts[-1], (sum(month) + 0.5) / (len(month) + 0.5))
