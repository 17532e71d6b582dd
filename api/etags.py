"""Versions as HTTP knows them: ETag, If-None-Match and If-Match.

A report's ETag is its version, a dot and a hash of what was told: `"7.3f9a0c41d2b8"`. Whoever
changes the report gives it back; what counts then is the version alone.
"""

import re
from hashlib import sha256

from flask import request

from api.errors import BadValue, VersionNeeded

_HASH_LENGTH = 12
_SHOWN = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})(?:\.[0-9a-f]{12})?"')


def etag(version: int, told: bytes) -> str:
    """The ETag of a report at that version, told so."""
    return f'"{version}.{sha256(told).hexdigest()[:_HASH_LENGTH]}"'


def seen_version() -> int:
    """The version that the request names in If-Match.

    Raises:
        VersionNeeded: there is no If-Match, or `*`: nothing is overwritten unseen.
        BadValue: it is no ETag of a report.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        raise VersionNeeded("expected If-Match with the ETag of what you saw")
    match = _SHOWN.fullmatch(given)
    if match is None:
        raise BadValue('expected the ETag as it was given, such as "7.3f9a0c41d2b8"', "If-Match",
                       "headers")  # fmt: skip
    return int(match[1])
