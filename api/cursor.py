"""Cursors: where a listing, newest first, goes on. By key, so nothing is lost or told twice."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from api.errors import BadCursor

MAX_LENGTH = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Cursor(NamedTuple):
    """The last row of a page; the next page has what is older."""

    moment: datetime
    id: str


def write_cursor(cursor: Cursor) -> str:
    """The cursor as URL-safe text; clients give it back and read nothing into it."""
    microseconds = (cursor.moment - _EPOCH) // _MICROSECOND
    return base64.urlsafe_b64encode(f"{microseconds}:{cursor.id}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The cursor that `write_cursor` wrote.

    Raises:
        BadCursor: it was not written by us.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        plain = base64.b64decode(padded, b"-_", validate=True).decode()
        microseconds, _, row_id = plain.partition(":")
        if not row_id.isalnum() or not row_id.isascii():
            raise ValueError
        return Cursor(_EPOCH + int(microseconds) * _MICROSECOND, row_id)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise BadCursor("expected `before` to be a next_before of an earlier page") from error
