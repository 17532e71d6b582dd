"""The three outbreaks that early warning ought to find: what, where, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitoring.early.neighbours import Point, neighbours
from monitoring.subjects import communes
from provinces.schema import Province

DAY = timedelta(days=1)
_GANH_HAO, _PHUOC_LONG, _BAC_LIEU = "2025:31972", "2025:31867", "2025:31825"


@dataclass(frozen=True)
class Outbreak:
    """`categories` with so many more reports a day in each of `units`; the last day is among them.

    `indicator`: the one that shows it too.
    """

    name: str
    categories: Sequence[str]
    units: Sequence[str]
    begin: date
    end: date
    more_a_day: float
    indicator: str

    @property
    def days(self) -> int:
        return (self.end - self.begin).days + 1

    def holds(self, day: date) -> bool:
        return self.begin <= day <= self.end


def outbreaks(province: Province, first: date, days: int) -> Sequence[Outbreak]:
    """Those of a demonstration of so many days from `first`, as far as the pack has their kinds."""
    known = communes(province)
    if not known:
        return ()
    flooded = _first_of(known, _GANH_HAO, 0)
    middle = _first_of(known, _PHUOC_LONG, len(known) // 2)
    town = _first_of(known, _BAC_LIEU, -1)
    towns, three = (town, *_near(province, town, 1)), (middle, *_near(province, middle, 2))
    # The flood is going on now: whoever looks at the board finds something to do.
    found = (
        _one(first, days, "scam", ("KM01",), towns, 0.25, 6, 4.0),
        _one(first, days, "dengue", ("YT01",), three, 0.55, 14, 1.4),
        _one(first, days, "flood", ("NG02", "NG01", "TT01"), (flooded,), 0.995, 4, 9.0),
    )
    return [each for each in found if set(each.categories) <= province.categories.keys()]


_INDICATORS = {"scam": "cyberspace.mentions", "dengue": "health.dengue", "flood": "traffic.jams"}


def _one(
    first: date,
    days: int,
    name: str,
    categories: Sequence[str],
    units: Sequence[str],
    share: float,
    length: int,
    more_a_day: float,
) -> Outbreak:
    begin = first + round(share * (days - 1)) * DAY
    last = first + days * DAY
    end = min(begin + (min(length, max(2, days // 3)) - 1) * DAY, last)
    return Outbreak(name, categories, units, begin, end, more_a_day, _INDICATORS[name])


def _first_of(known: Sequence[str], wanted: str, otherwise: int) -> str:
    return wanted if wanted in known else known[otherwise]


def _near(province: Province, unit_key: str, count: int) -> Sequence[str]:
    middles = {
        key: Point(unit.latitude, unit.longitude)
        for key in communes(province)
        if (unit := province.unit(key)) is not None
    }
    return neighbours(middles)[unit_key][:count]
