"""Office hours, and the days on which there are none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Literal

from provinces.lunar import solar_date


@dataclass(frozen=True)
class Opening:
    """Local times from `opens` up to, but not including, `closes`."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Hours:
    """The week's openings; index 0 is Monday."""

    week: tuple[tuple[Opening, ...], ...]

    def on(self, day: date) -> tuple[Opening, ...]:
        """The weekly openings of that weekday, holidays not considered."""
        return self.week[day.weekday()]


@dataclass(frozen=True)
class Operators:
    """When somebody of the call centre is on duty, which need not be office hours."""

    hours: Hours
    on_holidays: bool


@dataclass(frozen=True)
class Holiday:
    """A holiday by rule: `day`/`month` of its calendar, with days off before and from it on.

    Lunar dates are of the Vietnamese calendar and never in a leap month.
    """

    code: str
    names: Mapping[str, str]
    calendar: Literal["solar", "lunar"]
    day: int
    month: int
    before: int
    days: int
    since: int | None

    def days_in(self, year: int, utc_offset_h: float) -> tuple[date, ...]:
        """The days off of the occurrence whose main day belongs to that (lunar) year."""
        if self.since is not None and year < self.since:
            return ()
        if self.calendar == "lunar":
            main = solar_date(self.day, self.month, year, utc_offset_h)
        else:
            main = date(year, self.month, self.day)
        return tuple(main + timedelta(days=n) for n in range(-self.before, self.days))


@dataclass(frozen=True)
class Exchange:
    """By announcement `off_on` is a day off and `worked_on`, a rest day, is worked instead."""

    off_on: date
    worked_on: date


@dataclass(frozen=True)
class Holidays:
    """The holiday rules of a province and what was announced beside them."""

    rules: tuple[Holiday, ...]
    exchanges: tuple[Exchange, ...]
    make_up: bool
    utc_offset_h: float

    def on(self, day: date, hours: Hours) -> Holiday | Exchange | None:
        """Why that local day is off beyond the weekly rest; None for an ordinary day."""
        return _days_off(self, hours, day.year).get(day)

    def worked_as(self, day: date) -> date:
        """The day whose weekly openings `day` has: the exchanged day for a worked rest day."""
        return next((e.off_on for e in self.exchanges if e.worked_on == day), day)

    def __hash__(self) -> int:
        # Names are mappings and have no hash; the rules' codes and the exchanges tell them apart.
        return hash((tuple(rule.code for rule in self.rules), self.exchanges, self.utc_offset_h))


@lru_cache(maxsize=64)
def _days_off(holidays: Holidays, hours: Hours, year: int) -> Mapping[date, Holiday | Exchange]:
    exchanges = {exchange.off_on: exchange for exchange in holidays.exchanges}
    # December and January touch the neighbouring years: a make-up day can fall across them.
    named = dict(_by_rule(holidays, (year - 1, year, year + 1)))
    off: dict[date, Holiday | Exchange] = {**exchanges, **named}
    if holidays.make_up:
        for day, holiday in sorted(named.items()):
            if hours.on(day):
                continue
            substitute = day
            while substitute in off or not hours.on(substitute):
                substitute += timedelta(days=1)
            off[substitute] = holiday
    return {day: why for day, why in off.items() if day.year == year}


def _by_rule(holidays: Holidays, years: tuple[int, ...]) -> Iterator[tuple[date, Holiday]]:
    for year in years:
        for rule in holidays.rules:
            for day in rule.days_in(year, holidays.utc_offset_h):
                yield day, rule
