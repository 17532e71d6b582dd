"""Made-up reports a day, of which it is known that nothing happened, or what did.

A day's count is a Poisson variable whose mean is that of the series, by weekday, times chance: a
gamma variable of mean 1 and variance 0.2. So the variance of a day is mean + 0.2 × mean².
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring.early.neighbours import Point, neighbours
from provinces.loader import find_province, load_province
from provinces.schema import LOWEST_KINDS

OVERDISPERSION = 0.2
CALIBRATION = 77  # a seed of nothing that is reported
_WEEK = np.array([1.1, 1.1, 1.1, 1.1, 1.1, 0.8, 0.7])
WEEKDAYS = _WEEK / _WEEK.mean()
UNLIKE = 0.5  # variance of communes' means about their own mean, which is taken as 1

Days = NDArray[np.int64]


def days_of(
    chance: np.random.Generator,
    mean: float | NDArray[np.float64],
    days: int,
    overdispersion: float = OVERDISPERSION,
    shared: float = 0.0,
) -> Days:
    """One row of counts for each mean.

    `shared` is the variance of what days have in common in all rows, as heavy rain has.
    """
    means = np.atleast_1d(mean)[:, None] * WEEKDAYS[np.arange(days) % 7]
    if shared:
        means = means * chance.gamma(1 / shared, shared, days)
    if overdispersion:
        means = chance.gamma(1 / overdispersion, overdispersion * means)
    return np.asarray(chance.poisson(means))


@dataclass(frozen=True)
class Communes:
    """The communes of the pack's present edition and who lies next to whom."""

    names: Sequence[str]
    near: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, province: str) -> "Communes":
        pack = load_province(find_province(province))
        edition = list(pack.editions)[-1]
        middles = {
            unit.key.code: Point(unit.latitude, unit.longitude)
            for unit in pack.units.values()
            if unit.key.edition == edition and unit.kind in LOWEST_KINDS
        }
        return cls(sorted(middles), neighbours(middles))

    def month(
        self, chance: np.random.Generator, mean: float, days: int, shared: float = 0.0
    ) -> Days:
        """By commune and day; communes are unlike each other, about that mean."""
        means = mean * chance.gamma(1 / UNLIKE, UNLIKE, len(self.names))
        return days_of(chance, means, days, shared=shared)

    def cluster(self, chance: np.random.Generator, size: int) -> Sequence[int]:
        """Rows of a commune and its nearest neighbours."""
        middle = self.names[int(chance.integers(len(self.names)))]
        return [self.names.index(each) for each in (middle, *self.near[middle][: size - 1])]
