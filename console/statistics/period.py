"""The days that figures are about, as an address has them; and the days before, to compare."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

MOST_DAYS = 366
DAY = timedelta(days=1)
# Before the oldest report that anybody could have; dates beyond computing are no question.
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Period:
    """Days of the province's calendar, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_month(self) -> bool:
        """Whether it is one whole month."""
        return self == month_of(self.first)

    def before(self) -> "Period":
        """What it is compared with: the month before a month, else as many days."""
        last = self.first - DAY
        return month_of(last) if self.is_month else Period(last - (self.days - 1) * DAY, last)

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From its first moment to before the first one after it."""
        begin = datetime.combine(self.first, time(), zone)
        return begin, datetime.combine(self.last + DAY, time(), zone)

    def __str__(self) -> str:
        return f"{self.first.isoformat()}_{self.last.isoformat()}"


def month_of(day: date) -> Period:
    """The month that has this day."""
    length = calendar.monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=length))


def usual_periods(today: date) -> Mapping[str, Period]:
    """What the page offers, by the wording's key; the first where nothing is asked for."""
    month = month_of(today)
    return {
        "stat_last_30": Period(today - 29 * DAY, today),
        "stat_today": Period(today, today),
        "stat_yesterday": Period(today - DAY, today - DAY),
        "stat_last_7": Period(today - 6 * DAY, today),
        "stat_this_month": Period(month.first, today),
        "stat_last_month": month.before(),
    }


def read_period(given: Mapping[str, str], today: date) -> tuple[Period, Sequence[str]]:
    """`since` and `until` as an address has them, and wording keys of what is wrong with them."""
    usual = next(iter(usual_periods(today).values()))
    since, until = given.get("since", "").strip(), given.get("until", "").strip()
    if not since and not until:
        return usual, ()
    try:
        first = date.fromisoformat(since) if since else date.fromisoformat(until)
        last = date.fromisoformat(until) if until else max(first, today)
    except ValueError:
        return usual, ("stat_bad_day",)
    if not EARLIEST <= first <= last <= LATEST:
        return usual, ("stat_bad_period",)
    if (last - first).days >= MOST_DAYS:
        return Period(last - (MOST_DAYS - 1) * DAY, last), ("stat_too_long",)
    return Period(first, last), ()
