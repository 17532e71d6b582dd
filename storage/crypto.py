"""Keeping personal data unreadable at rest. The key lies in the secrets folder, not the database.

A copy of the database alone thus tells nobody's number. `cryptography`'s Fernet is used as it is.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import NewType

from cryptography.fernet import Fernet, InvalidToken

from storage.errors import BadKey

Sealed = NewType("Sealed", bytes)
_PURPOSE = b"hotline keyed hash"


class Box:
    """Seals and opens short texts with one key."""

    def __init__(self, key: bytes) -> None:
        try:
            self._fernet = Fernet(key)
        except ValueError as error:
            raise BadKey("expected a Fernet key of 32 url-safe base64 bytes") from error
        self._hash_key = hmac.digest(key, _PURPOSE, "sha256")

    def seal(self, text: str) -> Sealed:
        return Sealed(self._fernet.encrypt(text.encode()))

    def open(self, sealed: Sealed) -> str:
        """Raises: BadKey: it was sealed with another key, or damaged."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise BadKey("a stored value was sealed with another key") from error

    def keyed_hash(self, text: str) -> str:
        """The same 64 hexadecimal characters for the same text; useless without the key."""
        return hmac.new(self._hash_key, text.encode(), hashlib.sha256).hexdigest()


_box: Box | None = None


def use_key(key: bytes) -> None:
    """Set the key that this process seals and opens with; once, at start."""
    global _box
    _box = Box(key)


def current_box() -> Box:
    if _box is None:
        raise BadKey("no data key is loaded: call storage.crypto.use_key at start")
    return _box


def read_or_make_key(path: Path) -> bytes:
    """The key in `path`; made, readable by the owner only, where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make_key(path)
    return path.read_bytes().strip()


def _make_key(path: Path) -> None:
    # Several processes may start at once, and any may be killed: whole or not at all, and the
    # first one's key is everybody's.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
