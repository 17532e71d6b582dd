"""More reports than usual in neighbouring communes together, though in none of them alone.

The expectation-based Poisson scan: every commune with its 0 to 5 nearest neighbours, over the last
1 to 7 days, is scored by how much likelier its count is under a higher mean than under the usual
one. How high the best score is by chance alone is tried out: days are drawn as they usually are,
and scanned the same way.

Those days must be drawn as days really are. Reports scatter more than chance (somebody tells, and
others follow), and what is usual is known from a few weeks only: a plain Poisson draw knows neither
and cries wolf (docs/decisions/0034). So each draw takes its means from what the baseline
leaves open, and scatters its days as widely as the baseline's were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitoring.alert_kinds import Level
from monitoring.early.burst import level_of
from monitoring.early.usual import Numbers, Usual, alarms_of


@dataclass(frozen=True)
class ScanRule:
    """Days, and how rare the best score must be."""

    longest_days: int = 7
    baseline_days: int = 28  # before the longest window
    fewest_days: int = 14
    most_neighbours: int = 5
    least: int = 3
    draws: int = 999
    watch_p: float = 0.005
    alert_p: float = 0.001

    @property
    def history_days(self) -> int:
        """How many days to hand over, the last one among them."""
        return self.baseline_days + self.longest_days


SCANS = ScanRule()
_DRAWN_AT_ONCE = 111


@dataclass(frozen=True)
class Scan:
    """Places that together had more than usual in the last days.

    Attributes:
        level: watch or alert.
        members: the places, the middle one first.
        days: how many days, up to and with the last one.
        count, expected: of all of them over those days.
        dispersion: variance by mean of one's single days, on average; 1: pure chance, never less.
        score: logarithm of how much likelier it is under a higher mean.
        p: the share of draws that had as high a score anywhere; never below 1 / (`draws` + 1).
        draws: how many.
    """

    level: Level
    members: Sequence[str]
    days: int
    count: int
    expected: float
    dispersion: float
    score: float
    p: float
    draws: int


def scan(
    counts: Mapping[str, Sequence[int]],
    near: Mapping[str, Sequence[str]],
    seed: int,
    in_alarm: Mapping[str, Sequence[bool]] | None = None,
    rule: ScanRule = SCANS,
) -> Sequence[Scan]:
    """The clusters up to the last day of `counts`, the clearest first; no two share a place.

    `counts` has for each place one number a day, of the same days without gaps, the oldest first;
    `rule.history_days` of them are looked at. `near` has for each place others of `counts`, the
    nearest first (`neighbours`). `in_alarm` says of the same days which had been in alarm there:
    the baseline leaves them out, up to half of it. The same `seed` gives the same p. Empty: nothing
    unusual, or too few days are known.

    Raises:
        ValueError: places differ in their days, or a count is below 0.
        KeyError: `near` names a place that `counts` does not have.
    """
    places = sorted(counts)
    if not places:
        return ()
    if len({len(counts[place]) for place in places}) > 1:
        raise ValueError("expected as many days of each place, found different numbers")
    days = np.array([counts[place] for place in places], dtype=np.float64).reshape(len(places), -1)
    days = days[:, -rule.history_days :]
    if days.size and days.min() < 0:
        raise ValueError(f"expected counts from 0 on, found {days.min():.0f}")
    known = days.shape[1] - rule.longest_days
    if known < rule.fewest_days:
        return ()
    alarms = alarms_of(places, in_alarm or {}, known, rule.longest_days)
    usual = Usual.of(days[:, :known], alarms, rule.longest_days)
    return against(usual, days[:, known:], places, near, seed, rule)


def _regions(
    places: Sequence[str], near: Mapping[str, Sequence[str]], most: int
) -> Sequence[tuple[int, ...]]:
    """Every place with its 0 to `most` nearest neighbours; the same set of places once."""
    index = {place: at for at, place in enumerate(places)}
    found: dict[frozenset[int], tuple[int, ...]] = {}
    for place in places:
        members = [index[place], *(index[other] for other in near.get(place, ())[:most])]
        for size in range(1, len(members) + 1):
            found.setdefault(frozenset(members[:size]), tuple(members[:size]))
    return tuple(found.values())


def against(
    usual: Usual,
    days: Numbers,
    places: Sequence[str],
    near: Mapping[str, Sequence[str]],
    seed: int,
    rule: ScanRule = SCANS,
) -> Sequence[Scan]:
    """The same for the last `days` (by place and day) when it is known what is usual."""
    regions = _regions(places, near, rule.most_neighbours)
    inside = np.zeros((len(regions), len(places)))
    for row, region in enumerate(regions):
        inside[row, list(region)] = 1.0
    counted = _windows(inside, days[None])[0]
    expected = _windows(inside, usual.expected[None])
    scores = _scores(counted, expected[0], rule.least)
    best = float(scores.max())
    if best <= 0.0:
        return ()
    highest = _drawn_highest(inside, expected, usual, best, seed, rule)
    found: list[Scan] = []
    taken: set[int] = set()
    for at in np.argsort(-scores, axis=None, kind="stable"):
        row, window = (int(each) for each in np.unravel_index(at, scores.shape))
        score = float(scores[row, window])
        p = (1 + int((highest >= score).sum())) / (rule.draws + 1)
        level = level_of(p, rule.watch_p, rule.alert_p) if score > 0 else None
        if level is None:
            break
        if taken & set(regions[row]):
            continue
        taken |= set(regions[row])
        members = tuple(places[each] for each in regions[row])
        count, mean = int(counted[row, window]), float(expected[0, row, window])
        scatter = float(usual.dispersion[list(regions[row])].mean())
        found.append(Scan(level, members, window + 1, count, mean, scatter, score, p, rule.draws))
    return tuple(found)


def _drawn_highest(
    inside: Numbers, expected: Numbers, usual: Usual, best: float, seed: int, rule: ScanRule
) -> Numbers:
    """The highest score of each draw; no more draws once `best` cannot be rare any longer."""
    chance = np.random.default_rng(seed)
    highest = np.empty(0)
    while len(highest) < rule.draws:
        times = min(_DRAWN_AT_ONCE, rule.draws - len(highest))
        drawn = _scores(_windows(inside, usual.drawn(chance, times)), expected, rule.least)
        highest = np.append(highest, drawn.max(axis=(1, 2)))
        if 1 + (highest >= best).sum() > rule.watch_p * (rule.draws + 1):
            break
    return highest


def _windows(inside: Numbers, days: Numbers) -> Numbers:
    """By draw, region and window (the last day, the last two, …): sums of `days`."""
    return np.asarray(inside @ np.cumsum(days[:, :, ::-1], axis=2))


def _scores(counted: Numbers, expected: Numbers, least: int) -> Numbers:
    more = (counted > expected) & (counted >= least)
    ratio = np.divide(counted, expected, out=np.ones_like(counted), where=more)
    return np.where(more, counted * np.log(ratio) + expected - counted, 0.0)
