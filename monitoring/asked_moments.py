"""Of which moment a round asks: where the period begins whose figure is wanted."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitoring.periods import begin_of, later, midnight
from provinces.modules import Period

HOUR = timedelta(hours=1)


def last_whole(period: Period, now: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the last period that is over."""
    if period == Period.HOUR:
        whole = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return whole - HOUR
    return midnight(later(begin_of(now.astimezone(zone).date(), period), period, -1), zone)


def period_with(period: Period, moment: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the period in which the local `moment` lies."""
    if period == Period.HOUR:
        local = moment.replace(minute=0, second=0, microsecond=0, tzinfo=zone)
        return local.astimezone(UTC)
    return midnight(begin_of(moment.date(), period), zone)


def is_over(period: Period, begin: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the period that begins then has ended: before, its figure is not known."""
    return begin <= last_whole(period, now, zone)
