"""One number for a moment of a series, for those who want a number.

It is made of both, so nothing is stored or looked up: a year of a hundred thousand series would pay
for a column and an index of its own with some thirty gigabytes. However often a value is
corrected, its number stays.
"""

from datetime import UTC, datetime, timedelta

FIRST = datetime(2000, 1, 1, tzinfo=UTC)
"""Nothing is observed before."""
_MS = timedelta(milliseconds=1)
_BITS = 42  # of milliseconds: enough until 2139
MOST_STREAMS = 2 ** (63 - _BITS)  # a signed number of 64 bits holds the rest


def whole_ms(at: datetime) -> datetime:
    """The moment as it is kept: in UTC, without what is finer than a millisecond."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def number_of(stream_id: int, at: datetime) -> int:
    """The number of what was observed of that series at that moment."""
    return stream_id << _BITS | (whole_ms(at) - FIRST) // _MS


def place_of(number: int) -> tuple[int, datetime] | None:
    """The series and the moment of a number; None for what is no such number."""
    stream_id, ms = number >> _BITS, number & (2**_BITS - 1)
    if not 0 < stream_id < MOST_STREAMS:
        return None
    return stream_id, FIRST + ms * _MS
