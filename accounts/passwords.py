"""Passwords: hashed with argon2id, compared in constant work, made up on request."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from accounts.errors import DamagedHash, WeakPassword

MIN_LENGTH = 12
MAX_LENGTH = 200

# OWASP's lighter setting. The library's default takes 64 MiB a sign-in: sixteen threads
# of the web server would need a gigabyte whenever somebody tries passwords.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Without 0, o, 1, l and i: a password read from a screen or over the telephone arrives.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5


def hash_password(password: str) -> str:
    """The argon2id hash to keep.

    Raises:
        WeakPassword: it has fewer than 12 or more than 200 characters.
    """
    text = normalized(password)
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        raise WeakPassword(
            f"expected a password of {MIN_LENGTH} to {MAX_LENGTH} characters, found {len(text)}"
        )
    return _HASHER.hash(text)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the hashed one; without a hash, the same work and False.

    Raises:
        DamagedHash: the stored hash cannot be read.
    """
    text = normalized(password)[: MAX_LENGTH + 1]
    try:
        return _HASHER.verify(password_hash or _nobodys_hash(), text) and password_hash is not None
    except VerifyMismatchError:
        return False
    except (InvalidHashError, VerificationError) as error:
        raise DamagedHash("a stored password hash cannot be read") from error


def new_password() -> str:
    """A password of about 99 bits: `k7m2x-…-…-…`."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def normalized(password: str) -> str:
    """The password as it is hashed."""
    # Keyboards differ in how they compose Vietnamese letters; the password is the same.
    # Halves of surrogate pairs can stand in JSON but have no UTF-8 form.
    text = unicodedata.normalize("NFC", password)
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))
