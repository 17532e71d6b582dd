"""Hours, days, weeks and months of the province's clocks, as moments.

A day has 23 hours or 25 where clocks are changed.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum


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
    day = local.date()
    if bucket is Bucket.WEEK:
        day -= timedelta(days=day.weekday())
    elif bucket is Bucket.MONTH:
        day = day.replace(day=1)
    return midnight(day, zone)


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
    day = at.astimezone(zone).date()
    days = {Bucket.DAY: 1, Bucket.WEEK: 7, Bucket.MONTH: 32}[bucket]
    following = day + timedelta(days=days)
    return midnight(following.replace(day=1) if bucket is Bucket.MONTH else following, zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When that local day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
