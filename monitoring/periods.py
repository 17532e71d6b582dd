"""The periods that indicators are told for, as days of the calendar: where each begins."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from provinces.modules import Period

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
# Weekdays meet: a Monday is compared with a Monday.
YEAR_OF_WEEKS = timedelta(days=364)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When that local day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def is_daily(period: Period) -> bool:
    """Whether a day is the shortest that is shown of it."""
    return period in (Period.HOUR, Period.DAY)


def begin_of(day: date, period: Period) -> date:
    """The first day of the period that has this day. Hours are shown by days."""
    if is_daily(period):
        return day
    if period is Period.WEEK:
        return day - timedelta(days=day.weekday())
    months = _MONTHS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def later(begin: date, period: Period, count: int) -> date:
    """Where the period begins that is `count` after this one; before it, where that is negative."""
    if is_daily(period):
        return begin + count * DAY
    if period is Period.WEEK:
        return begin + count * WEEK
    months = begin.year * 12 + begin.month - 1 + count * _MONTHS[period]
    return date(months // 12, months % 12 + 1, 1)


def end_of(begin: date, period: Period) -> date:
    """The last day of the period that begins so."""
    return later(begin, period, 1) - DAY


def begins_until(last: date, period: Period, count: int) -> Sequence[date]:
    """Where the `count` periods begin of which the last one has the day `last`, in order."""
    begin = begin_of(last, period)
    return [later(begin, period, -back) for back in range(count - 1, -1, -1)]


def week_before(begin: date, period: Period) -> date:
    """What it is compared with first: the same weekday, else the period before."""
    return begin - WEEK if is_daily(period) else later(begin, period, -1)


def year_before(begin: date, period: Period) -> date:
    """What it is compared with in the year before: the same weekday, week, month or quarter."""
    if is_daily(period) or period is Period.WEEK:
        return begin - YEAR_OF_WEEKS
    return later(begin, period, -12 // _MONTHS[period])
