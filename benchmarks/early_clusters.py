"""Communes beside each other: how often the scan is wrong, and what it finds that others do not."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.simulated_counts import CALIBRATION, Communes, Days
from monitoring.early.burst import BURSTS, Burst, burst
from monitoring.early.scan import SCANS, Scan, against, scan
from monitoring.early.usual import Usual

MEANS = (0.1, 0.3, 1.0)
QUIET_DAYS, CLUSTERS, SIZE = 600, 150, 3
LASTING = (2, 3, 5)
SHARED = (0.1, 0.4)
HISTORY = BURSTS.history_days + max(LASTING)
_CERTAIN = 1e9  # a mean from so many days is no longer a guess
Rows = Sequence[Sequence[str]]


def scan_tables(province: str, seed: int) -> Iterable[tuple[str, str, Sequence[str], Rows]]:
    communes = Communes.of(province)
    yield (
        "False alarms of the scan",
        f"Days of a hundred on which the scan over all {len(communes.names)} communes says "
        f"something although nothing happened ({QUIET_DAYS} days each). Plain: the textbook's "
        "draws, pure chance about means that are taken for certain. Shared: days have something "
        "in common everywhere, as rain makes them (of that variance). Any burst: at least one "
        "commune by itself.",
        ["mean a day", "scan: watch", "scan: alert", "plain scan", "any burst (watch)"],
        [
            [_said(mean, shared), *_quiet(communes, mean, shared, seed)]
            for mean, shared in (
                *((mean, 0.0) for mean in MEANS),
                *((0.3, each) for each in SHARED),
            )
        ],
    )
    strict = {mean: _strict(communes, mean) for mean in MEANS}
    yield (
        "Three neighbouring communes, each one report more a day",
        f"Of a hundred such clusters ({CLUSTERS} each), how many are seen: by the scan on the last "
        "day (p ≤ 0.005 for the whole province: one false alarm in 200 days); by any of the three "
        "communes' own series on any of the days, at its level watch, and at one so strict that "
        "all communes together are as seldom wrong as the scan (found on other days). Alone: seen "
        "by the scan, while no series shows anything even at watch. Right: of a hundred that the "
        "scan found, those with two of the three communes or all.",
        ["mean, days", "scan", "alone", "right", "burst (watch)", "burst, as seldom wrong"],
        [
            [f"{mean:g}, {days}", *_power(communes, mean, days, strict[mean], seed)]
            for mean in MEANS
            for days in LASTING
        ],
    )


def _said(mean: float, shared: float) -> str:
    return f"{mean:g}, shared {shared:g}" if shared else f"{mean:g}"


def _quiet(communes: Communes, mean: float, shared: float, seed: int) -> list[str]:
    chance = np.random.default_rng([seed, round(100 * mean), 1])
    watch = alert = plain = any_burst = 0
    for day in range(QUIET_DAYS):
        days = communes.month(chance, mean, HISTORY, shared)
        found = _scanned(communes, days, day)
        watch += bool(found)
        alert += any(each.level == "alert" for each in found)
        plain += bool(_plainly(communes, days, day))
        any_burst += any(each.level is not None for each in _bursts(days))
    return [f"{100 * each / QUIET_DAYS:.1f}" for each in (watch, alert, plain, any_burst)]


def _power(communes: Communes, mean: float, lasting: int, strict: float, seed: int) -> list[str]:
    chance = np.random.default_rng([seed, round(100 * mean), lasting, 2])
    seen = alone = right = by_burst = by_strict = 0
    for number in range(CLUSTERS):
        days = communes.month(chance, mean, HISTORY)
        members = communes.cluster(chance, SIZE)
        days[members, -lasting:] += 1
        found = _scanned(communes, days, number)
        names = {communes.names[each] for each in members}
        singles = [
            each
            for back in range(lasting)
            for each in _bursts(days[members, : days.shape[1] - back])
        ]
        burst_seen = any(each.level is not None for each in singles)
        seen += bool(found)
        alone += bool(found) and not burst_seen
        right += bool(found) and len(names & set(found[0].members)) >= 2
        by_burst += burst_seen
        by_strict += any(each.count >= BURSTS.least and each.p <= strict for each in singles)
    percents = [100 * each / CLUSTERS for each in (seen, alone, by_burst, by_strict)]
    shares = [f"{each:.0f}" for each in percents]
    return [*shares[:2], f"{100 * right / seen:.0f}" if seen else "–", *shares[2:]]


def _strict(communes: Communes, mean: float) -> float:
    """How rare a count of one commune must be for all of them to be wrong on one day in 200."""
    chance = np.random.default_rng([CALIBRATION, round(100 * mean)])
    rarest = []
    for _ in range(5 * QUIET_DAYS):
        days = communes.month(chance, mean, BURSTS.history_days)
        judged = [each.p for each in _bursts(days) if each.count >= BURSTS.least]
        rarest.append(min(judged, default=1.0))
    return float(np.quantile(rarest, SCANS.watch_p))


def _bursts(days: Days) -> list[Burst]:
    """Of each commune that has enough on the last day."""
    rows = days[days[:, -1] >= BURSTS.least].tolist()
    return [found for row in rows if (found := burst(row)) is not None]


def _scanned(communes: Communes, days: Days, seed: int) -> Sequence[Scan]:
    counts = dict(zip(communes.names, days.tolist(), strict=True))
    return scan(counts, communes.near, seed)


def _plainly(communes: Communes, days: Days, seed: int) -> Sequence[Scan]:
    """Means as the baseline has them, for certain, and days of pure chance."""
    recent = days[:, -SCANS.history_days :].astype(float)
    known = SCANS.baseline_days
    usual = Usual.of(
        recent[:, :known], np.zeros((len(recent), known), dtype=bool), SCANS.longest_days
    )
    own = (recent[:, :known].sum(axis=1) + 0.5) / (known + 0.5)
    certain = replace(
        usual,
        reports=own * _CERTAIN,
        exposure=np.full(len(recent), _CERTAIN),
        shares=np.ones_like(usual.shares),
        dispersion=np.ones(len(recent)),
        common=0.0,
    )
    return against(certain, recent[:, known:], communes.names, communes.near, seed)
