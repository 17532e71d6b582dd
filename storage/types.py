"""Column types: moments that keep their zone, and text that lies encrypted on disk."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, TypeDecorator

from storage.crypto import Sealed, current_box
from storage.errors import NaiveMoment

LARGEST_ID = 2**31 - 1
"""Of the numbers that rows have: the databases keep them, and refuse to look for a larger one."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment. SQLite forgets zones, so they are taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveMoment(f"expected an aware moment, found {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text of a person (a telephone number): ciphertext in the database, plain in the program.

    It cannot be searched; keep `storage.crypto.keyed_hash` beside it where that is needed.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else current_box().seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else current_box().open(Sealed(value))


class EncryptedJson(TypeDecorator[Any]):
    """Plain data that holds something of a person: sealed as a whole, never searched."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else current_box().seal(json.dumps(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(current_box().open(Sealed(value)))
