"""What is made up, before anything is written: each report with its day, words and fate.

The same seed gives the same. Days differ as real ones do: weekends are quieter, and some days have
far more than others for no reason that anybody knows.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hotline.demo.outbreaks import DAY, Outbreak, outbreaks
from hotline.demo.sayings import ANYBODY, SAYINGS
from monitoring.periods import midnight
from monitoring.subjects import communes
from provinces.schema import Category, Priority, Province

SEED = 19_009_120
REPORTS_A_DAY = 8.0
CALLS_A_DAY = 26.0
# So much more than chance alone do days differ: `benchmarks.early_warning` has the same.
_OVERDISPERSION = 0.2
_WEEKDAYS = (1.15, 1.1, 1.05, 1.0, 1.05, 0.85, 0.75)
HOURS = (1, 1, 0, 0, 1, 4, 14, 30, 42, 45, 40, 30, 22, 28, 38, 40, 34, 26, 22, 20, 14, 8, 4, 2)
_SPREAD_DEGREES = 0.012  # about a mile about the middle


@dataclass(frozen=True)
class MadeUp:
    """A report that somebody is to have made; `outbreak` is the one that it belongs to."""

    at: datetime
    category: str
    place: str
    words: str
    latitude: float
    longitude: float
    urgent: bool
    outbreak: str | None = None


@dataclass(frozen=True)
class Plan:
    """A whole demonstration: local days from `first` on, up to `until`."""

    first: date
    until: datetime
    days: int
    outbreaks: Sequence[Outbreak]
    reports: Sequence[MadeUp]  # in the order in which they come
    calls: Sequence[datetime]


def make_plan(province: Province, days: int, seed: int, now: datetime) -> Plan:
    """So many days that end yesterday, and what there is of today."""
    today = now.astimezone(province.timezone).date()
    first = today - days * DAY
    breaks = outbreaks(province, first, days)
    chance = random.Random(seed)
    found: list[MadeUp] = []
    calls: list[datetime] = []
    maker = _Maker(province, chance)
    for number in range(days + 1):
        day = first + number * DAY
        found += maker.usual(day)
        for each in breaks:
            if each.holds(day):
                found += maker.more(day, each)
        calls += maker.moments(day, CALLS_A_DAY)
    reports = sorted((each for each in found if each.at < now), key=lambda each: each.at)
    return Plan(first, now, days, breaks, reports, sorted(at for at in calls if at < now))


class _Maker:
    def __init__(self, province: Province, chance: random.Random) -> None:
        self._province = province
        self._chance = chance
        self._units = communes(province)
        # Few communes and few kinds have most reports, always the same ones.
        self._unit_shares = _shares(chance, len(self._units))
        self._categories = [
            each
            for each in province.categories.values()
            if each.priority is not Priority.DIVERTED and each.deadline is not None
        ]
        self._category_shares = _shares(chance, len(self._categories))

    def usual(self, day: date) -> Iterator[MadeUp]:
        for at in self.moments(day, REPORTS_A_DAY):
            category = self._chance.choices(self._categories, self._category_shares)[0]
            unit_key = self._chance.choices(self._units, self._unit_shares)[0]
            yield self._report(at, category, unit_key)

    def more(self, day: date, outbreak: Outbreak) -> Iterator[MadeUp]:
        for unit_key in outbreak.units:
            for at in self.moments(day, outbreak.more_a_day, even=True):
                # The first kind is what it is about.
                weights = [3.0, *(1.0 for _ in outbreak.categories[1:])]
                code = self._chance.choices(outbreak.categories, weights)[0]
                category = self._province.categories[code]
                yield self._report(at, category, unit_key, outbreak.name)

    def moments(self, day: date, a_day: float, even: bool = False) -> list[datetime]:
        """So many moments of that local day, on average, by the hours at which people call."""
        if not even:
            a_day *= _WEEKDAYS[day.weekday()]
            a_day *= self._chance.gammavariate(1 / _OVERDISPERSION, _OVERDISPERSION)
        begin = midnight(day, self._province.timezone)
        found = []
        for hour in self._chance.choices(range(24), HOURS, k=_poisson(self._chance, a_day)):
            into = timedelta(hours=hour, seconds=self._chance.randrange(3600))
            found.append(begin + into)
        return found

    def _report(
        self, at: datetime, category: Category, unit_key: str, outbreak: str | None = None
    ) -> MadeUp:
        unit = self._province.unit(unit_key)
        assert unit is not None
        chance = self._chance
        said = chance.choice(SAYINGS.get(category.code, ANYBODY))
        pressing = category.priority in (Priority.URGENT, Priority.EMERGENCY)
        return MadeUp(
            at=at,
            category=category.code,
            place=unit_key,
            words=_sentence(said.format(where=_within(unit.full_name))),
            latitude=round(unit.latitude + chance.gauss(0, _SPREAD_DEGREES), 5),
            longitude=round(unit.longitude + chance.gauss(0, _SPREAD_DEGREES), 5),
            urgent=pressing and chance.random() < 0.4,
            outbreak=outbreak,
        )


def _within(name: str) -> str:
    """As it stands in a sentence: `xã Gành Hào`."""
    return name[:1].lower() + name[1:]


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


def _shares(chance: random.Random, count: int) -> Sequence[float]:
    shares = [1 / (rank + 2) for rank in range(count)]
    chance.shuffle(shares)
    return shares


def _poisson(chance: random.Random, mean: float) -> int:
    """How many come where so many are usual: times between them add up to one."""
    count, passed = 0, chance.expovariate(1.0)
    while passed < mean:
        count += 1
        passed += chance.expovariate(1.0)
    return count
