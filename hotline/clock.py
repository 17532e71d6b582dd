"""The one place that asks for the time; everything else is told it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
