"""Moments of reports within a day: how soon each rule sees an event, and clusters by chance."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.early_series import EVERY, SERIES, YEAR, watch, years
from monitoring.early.cluster import CLUSTERS, Sighting, clusters

EVENT_H, WAKING_H = 4.0, 12.0
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_KIND, _UNIT = "kind", "commune"


def false_clusters(mean: float, seed: int) -> str:
    """In a hundred days on which nothing happened."""
    found = 0
    for number, series in enumerate(years(mean, seed)):
        spread = _spread(series.counts[-YEAR:], np.random.default_rng([seed, number]))
        found += len(clusters(spread, {(_KIND, _UNIT): mean}))
    return f"{100 * found / (SERIES * YEAR):.2f}"


def _spread(counts: Iterable[int], chance: np.random.Generator) -> list[Sighting]:
    """Each report at some moment of its day's waking hours."""
    found = []
    for day, count in enumerate(counts):
        for number, hour in enumerate(chance.uniform(0, WAKING_H, count).tolist()):
            at = _BEGIN + timedelta(days=day, hours=hour)
            found.append(Sighting(f"{day}/{number}", _KIND, at, _UNIT))
    return found


def hours(mean: float, added: int, seed: int) -> list[str]:
    """An event's reports within hours: which rule sees it, and how long after its first report.

    Counts are looked at with every report, as the task does every minute.
    """
    chance = np.random.default_rng([seed, round(100 * mean), added])
    late: dict[str, list[float]] = {"watch": [], "three": [], "either": []}
    events = 0
    for series in years(mean, seed)[: SERIES // 2]:
        for day in series.judged[:: 3 * EVERY]:
            events += 1
            counts, in_alarm = series.upto(day)
            usual_h = chance.uniform(0, WAKING_H, counts[-1])
            begin_h = chance.uniform(0, WAKING_H - EVENT_H)
            event_h = begin_h + np.sort(chance.uniform(0, EVENT_H, added))
            first = event_h[0]
            times = sorted([*usual_h.tolist(), *event_h.tolist()])
            by_count = next(
                (
                    hour
                    for number, hour in enumerate(times, start=1)
                    if watch([*counts[:-1], number], in_alarm)
                ),
                None,
            )
            by_three = _three(times, mean)
            for name, hour in (("watch", by_count), ("three", by_three)):
                if hour is not None:
                    late[name].append(max(0.0, hour - first))
            either = [hour for hour in (by_count, by_three) if hour is not None]
            if either:
                late["either"].append(max(0.0, min(either) - first))
    return [
        f"{100 * len(each) / events:.0f} / {np.median(each):.1f}" if each else "0 / –"
        for each in late.values()
    ]


def _three(times: Sequence[float], mean: float) -> float | None:
    """When the cluster rule first says something."""
    for upto in range(CLUSTERS.least, len(times) + 1):
        seen = [
            Sighting(str(number), _KIND, _BEGIN + timedelta(hours=hour), _UNIT)
            for number, hour in enumerate(times[:upto])
        ]
        if clusters(seen, {(_KIND, _UNIT): mean}):
            return times[upto - 1]
    return None
