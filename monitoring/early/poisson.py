"""How rare a count is, when its mean is known."""

import math

_EXACT = 1e-12  # what further terms would add


def tail(count: int, mean: float) -> float:
    """The chance that a Poisson variable of that mean is `count` or more."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    # The terms are added from the largest on, away from the mean: no digits are lost far out.
    if count > mean:
        return min(1.0, _term(count, mean) * _upwards(count, mean))
    return max(0.0, 1.0 - _term(count - 1, mean) * _downwards(count - 1, mean))


def _term(count: int, mean: float) -> float:
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))


def _upwards(count: int, mean: float) -> float:
    total = ratio = 1.0
    while ratio > _EXACT * total:
        count += 1
        ratio *= mean / count
        total += ratio
    return total


def _downwards(count: int, mean: float) -> float:
    total = ratio = 1.0
    while count > 0 and ratio > _EXACT * total:
        ratio *= count / mean
        total += ratio
        count -= 1
    return total
