"""What is usual in each place of a province, and days drawn as they are when nothing happens.

A month of one commune has few reports, so its mean is known badly; weekdays differ; and reports
scatter more than chance. All of it is taken from the same baseline, of all places together where
one tells too little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring.early.burst import WEEK

Numbers = NDArray[np.float64]

_HARDLY = 1e-6
_LEAST_ADDED = 0.5  # usual days: how unlike places may be at most
_PLAIN = 40.0  # reports of a usual weekday; as many pull its share to that of every other day


@dataclass(frozen=True)
class Usual:
    """What a baseline tells of the days after it.

    Attributes:
        reports, exposure: by place: how many there were in how many usual days.
        shares: how many usual days each of the days after it is.
        dispersion: variance by mean of single days, by place; at least 1.
        common: variance of what days have in common everywhere, about 1; rain makes it.
    """

    reports: Numbers
    exposure: Numbers
    shares: Numbers
    dispersion: Numbers
    common: float

    @classmethod
    def of(cls, days: Numbers, alarms: NDArray[np.bool_], ahead: int) -> "Usual":
        """`days` by place and day; `alarms` says which of them do not count."""
        counted = np.where(alarms, 0.0, 1.0)
        seven = _weekday_shares(days, counted)
        weekdays = np.arange(days.shape[1] + ahead) % WEEK
        shares = seven[weekdays]
        exposed = counted * shares[: days.shape[1]]
        reports, exposure = (days * counted).sum(axis=1), exposed.sum(axis=1)
        means = np.outer(reports / exposure, shares[: days.shape[1]])
        dispersion = _dispersion(days, means, counted)
        more_reports, more_exposure = _likeness(reports, exposure, dispersion)
        return cls(
            reports + more_reports,
            exposure + more_exposure,
            shares[days.shape[1] :],
            dispersion,
            _common(days * counted, means * counted, dispersion),
        )

    @property
    def expected(self) -> Numbers:
        """By place and day."""
        return np.outer(self.reports / self.exposure, self.shares)

    def drawn(self, chance: np.random.Generator, times: int) -> Numbers:
        """By draw, place and day: counts as they may be when nothing is unusual."""
        scatter = self.dispersion
        rates = chance.gamma(
            self.reports / scatter, scatter / self.exposure, (times, len(self.reports))
        )
        means = rates[:, :, None] * self.shares
        if self.common:
            days = (times, 1, len(self.shares))
            means = means * chance.gamma(1 / self.common, self.common, days)
        # Poisson about a mean that itself scatters: the variance is `scatter` times the mean.
        more = np.maximum(scatter - 1.0, _HARDLY)[None, :, None]
        return chance.poisson(chance.gamma(means / more, more)).astype(np.float64)


def _weekday_shares(days: Numbers, counted: Numbers) -> Numbers:
    """How many usual days each weekday is, of all places together; few reports tell little."""
    weekdays = np.arange(days.shape[1]) % WEEK
    reports = np.bincount(weekdays, (days * counted).sum(axis=0), WEEK)
    exposed = np.bincount(weekdays, counted.sum(axis=0), WEEK)
    if not reports.sum():
        return np.ones(WEEK)
    expected = exposed * reports.sum() / exposed.sum()
    return np.asarray((reports + _PLAIN) / (expected + _PLAIN))


def _dispersion(days: Numbers, means: Numbers, counted: Numbers) -> Numbers:
    """Variance by mean of each place's days.

    One place has too few reports to tell. All together tell it as if it were the same for all, and
    as if it grew with the mean (the mean itself scattering): each place gets the larger one.
    """
    told = (means > 0) & (counted > 0)
    freedom = told.sum() - told.any(axis=1).sum() - (WEEK - 1)
    if freedom <= 0:
        return np.ones(len(days))
    kept = told.sum() / freedom
    squares = kept * (days - means)[told] ** 2
    same = float((squares / means[told]).mean())
    grows = float((squares - means[told]).sum() / (means[told] ** 2).sum())
    usual = (means * told).sum(axis=1) / np.maximum(told.sum(axis=1), 1)
    return np.asarray(np.maximum(np.maximum(same, 1 + grows * usual), 1.0))


def _common(days: Numbers, means: Numbers, dispersion: Numbers) -> float:
    """What the sums of all places scatter beyond what their own scatter makes them.

    A few weeks show some even where there is none: as much as chance makes of it is taken off.
    """
    expected = means.sum(axis=0)
    if days.shape[1] <= WEEK or not expected.all():
        return 0.0
    beyond = (days.sum(axis=0) - expected) ** 2 * (days.shape[1] / (days.shape[1] - WEEK))
    own = (means * dispersion[:, None]).sum(axis=0)
    error = np.sqrt(2.0 * (own**2).sum())
    return max(0.0, float(((beyond - own).sum() - error) / (expected**2).sum()))


def _likeness(reports: Numbers, exposure: Numbers, dispersion: Numbers) -> tuple[float, float]:
    """Reports and usual days that are added to what each place had of its own.

    The more alike places are, the more a few weeks of one are helped by those of all others: by as
    much as the scatter of their rates leaves beside chance (a gamma prior by its moments).
    """
    mean = (reports.sum() + 0.5) / (exposure.sum() + 0.5)
    beyond_chance = np.var(reports / exposure) - np.mean(dispersion * mean / exposure)
    added = mean / beyond_chance if beyond_chance > 0 else np.inf
    days = float(min(max(added, _LEAST_ADDED), exposure.max()))
    return float(mean) * days, days


def alarms_of(
    places: Sequence[str], in_alarm: Mapping[str, Sequence[bool]], days: int, ahead: int
) -> NDArray[np.bool_]:
    """By place and day of the baseline, with `ahead` days after it; none of a place that was in
    alarm on more than half of them: what lasts so long is the usual."""
    found = np.zeros((len(places), days + ahead), dtype=np.bool_)
    for row, place in enumerate(places):
        told = list(in_alarm.get(place, ()))[-days - ahead :]
        found[row, days + ahead - len(told) :] = told
    found = found[:, :days]
    found[2 * found.sum(axis=1) > days] = False
    return found
