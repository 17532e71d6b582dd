"""Of which moment a round asks: where the period begins whose figure is wanted."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitoring.checking import Reason, period_begin
from monitoring.errors import BadRound
from monitoring.periods import later, midnight
from provinces.modules import Period

HOUR = timedelta(hours=1)
NOT_OVER = "not_over"


def asked_moment(
    period: Period, within: datetime | None, now: datetime, zone: ZoneInfo
) -> datetime:
    """The beginning of the period in which the local moment `within` lies, or without it of the
    last one that is over.

    Raises:
        BadRound: that period is not over, or beyond the calendar.
    """
    if within is None:
        return last_whole(period, now, zone)
    expected, found = f"a {period} that is over", f"{within:%Y-%m-%d %H:%M}"
    try:
        begin = period_begin(period, within.replace(tzinfo=zone), zone)
    except OverflowError:  # the first days of the year 1
        raise BadRound(Reason.ANCIENT, expected, found) from None
    if not is_over(period, begin, now, zone):
        raise BadRound(NOT_OVER, expected, found)
    return begin


def last_whole(period: Period, now: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the last period that is over."""
    this = period_begin(period, now, zone)
    if period is Period.HOUR:
        return this - HOUR
    return midnight(later(this.astimezone(zone).date(), period, -1), zone)


def is_over(period: Period, begin: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the period that begins then has ended: before, its figure is not known."""
    return begin <= last_whole(period, now, zone)
