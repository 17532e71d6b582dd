"""Single series: years in which nothing happened, days and weeks with more than usual."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.ears import c2, c2_sigmas, poisson, poisson_p
from benchmarks.simulated_counts import CALIBRATION, days_of
from monitoring.alert_kinds import Level
from monitoring.early.burst import BURSTS, burst

SERIES, YEAR = 100, 365
EVERY = 10  # each tenth day something is added, as if it were the only one
LASTING_DAYS = 7
Judge = Callable[[Sequence[int], Sequence[bool]], bool]
Score = Callable[[Sequence[int]], float]


def watch(counts: Sequence[int], in_alarm: Sequence[bool]) -> bool:
    found = burst(counts, in_alarm) if counts[-1] >= BURSTS.least else None
    return found is not None and found.level is not None


def alert(counts: Sequence[int], in_alarm: Sequence[bool]) -> bool:
    found = burst(counts, in_alarm) if counts[-1] >= BURSTS.least else None
    return found is not None and found.level is Level.ALERT


def three_by(judge: Callable[[Sequence[int]], bool]) -> Judge:
    return lambda counts, _: counts[-1] >= BURSTS.least and judge(counts)


def by(judge: Callable[[Sequence[int]], bool]) -> Judge:
    return lambda counts, _: judge(counts)


JUDGES: dict[str, Judge] = {
    "watch": watch,
    "alert": alert,
    "C2": by(c2),
    "C2, 3 or more": three_by(c2),
    "Poisson": by(poisson),
    "Poisson, 3 or more": three_by(poisson),
}


@dataclass(frozen=True)
class Series:
    """A year of a series with the weeks before it, and the days in alarm that it made itself."""

    counts: list[int]
    in_alarm: list[bool]

    def upto(self, day: int) -> tuple[list[int], list[bool]]:
        first = day + 1 - BURSTS.history_days
        return self.counts[first : day + 1], self.in_alarm[first : day + 1]

    @property
    def judged(self) -> range:
        return range(BURSTS.history_days, len(self.counts))


def years(mean: float, seed: int) -> list[Series]:
    chance = np.random.default_rng([seed, round(100 * mean)])
    found = []
    for row in days_of(chance, np.full(SERIES, mean), BURSTS.history_days + YEAR).tolist():
        series = Series(row, [False] * len(row))
        for day in series.judged:
            series.in_alarm[day] = watch(*series.upto(day))
        found.append(series)
    return found


def false_alarms(mean: float, seed: int) -> list[str]:
    """Days in alarm of a hundred, by each judge."""
    wrong = dict.fromkeys(JUDGES, 0)
    for series in years(mean, seed):
        for day in series.judged:
            told = series.upto(day)
            for name, judge in JUDGES.items():
                wrong[name] += judge(*told)
    return [f"{100 * each / (SERIES * YEAR):.2f}" for each in wrong.values()]


def one_day(mean: float, added: int, seed: int) -> list[str]:
    """How many of a hundred events of one day are seen that day."""
    seen = dict.fromkeys(JUDGES, 0)
    events = 0
    for series in years(mean, seed):
        for day in series.judged[::EVERY]:
            counts, in_alarm = series.upto(day)
            counts[-1] += added
            events += 1
            for name, judge in JUDGES.items():
                seen[name] += judge(counts, in_alarm)
    return [f"{100 * each / events:.0f}" for each in seen.values()]


def lasting(mean: float, added: int, seed: int) -> list[str]:
    """For a week with as many more each day: how many are seen, and on which day on average."""
    days: dict[str, list[int]] = {name: [] for name in JUDGES}
    events = 0
    for series in years(mean, seed):
        for first in series.judged[: -LASTING_DAYS : 3 * EVERY]:
            events += 1
            more = Series(list(series.counts), list(series.in_alarm))
            for day in range(first, first + LASTING_DAYS):
                more.counts[day] += added
            for name, judge in JUDGES.items():
                for day in range(first, first + LASTING_DAYS):
                    if judge(*more.upto(day)):
                        days[name].append(day - first)
                        break
    return [
        f"{100 * len(each) / events:.0f} / {np.mean(each):.1f}" if each else "0 / –"
        for each in days.values()
    ]


def as_seldom_wrong(mean: float, added: Sequence[int], seed: int) -> Iterable[list[str]]:
    """What is seen on one day, and false alarms, with bounds that are wrong as often as ours.

    The bounds are set on other years: what they then come to on these is told.
    """
    other = [series.upto(day) for series in years(mean, CALIBRATION) for day in series.judged]
    share = sum(watch(*told) for told in other) / len(other)
    scores: dict[str, Score] = {
        "C2": c2_sigmas,
        "Poisson": lambda counts: -poisson_p(counts),
    }
    judges: dict[str, Judge] = {"watch": watch}
    for name, score in scores.items():
        enough = [score(counts) if counts[-1] >= BURSTS.least else -np.inf for counts, _ in other]
        judges[name] = three_by(_above(score, float(np.quantile(enough, 1 - share))))
    rows: dict[int, list[list[bool]]] = {more: [] for more in (0, *added)}
    for series in years(mean, seed):
        for day in series.judged:
            for more in rows if day % EVERY == 0 else (0,):
                counts, in_alarm = series.upto(day)
                counts[-1] += more
                rows[more].append([judge(counts, in_alarm) for judge in judges.values()])
    shares = {more: 100 * np.mean(told, axis=0) for more, told in rows.items()}
    wrong = [f"{each:.2f}" for each in shares[0]]
    for more in added:
        seen = [f"{each:.0f}" for each in shares[more]]
        cells = [f"{one} ({other})" for one, other in zip(seen, wrong, strict=True)]
        yield [f"{mean:g}, +{more}", *cells]


def _above(
    score: Callable[[Sequence[int]], float], bound: float
) -> Callable[[Sequence[int]], bool]:
    return lambda counts: score(counts) > bound
