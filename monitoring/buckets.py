"""Hours, days, weeks and months of the province's clocks, as moments.

A day has 23 hours or 25 where clocks are changed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from monitoring import periods
from monitoring.periods import midnight
from provinces.modules import Period


class Bucket(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"  # from Monday on
    MONTH = "month"


def begin_of(bucket: Bucket, at: datetime, zone: tzinfo) -> datetime:
    """When the period of the province's clocks begins in which `at` lies, in UTC."""
    local = at.astimezone(zone)
    if bucket is Bucket.HOUR:
        # By the length since the hour began: where clocks go back, an hour comes twice.
        since = timedelta(minutes=local.minute, seconds=local.second)
        return at.astimezone(UTC).replace(microsecond=0) - since
    return midnight(periods.begin_of(local.date(), Period(bucket)), zone)


def begins_of(bucket: Bucket, first: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
    """When each period begins, from the one that begins at `first` on and before `end`."""
    at = first
    while at < end:
        yield at
        at = following(bucket, at, zone)


def following(bucket: Bucket, at: datetime, zone: tzinfo) -> datetime:
    """When the period after the one begins that begins at `at`."""
    if bucket is Bucket.HOUR:
        return at + timedelta(hours=1)
    return midnight(periods.later(at.astimezone(zone).date(), Period(bucket), 1), zone)
