"""What the API refuses, each with the HTTP status and the problem type that tell it.

ApiError
├── NotSignedIn       401: no token, or one that is not valid
├── WrongPassword     401: address and password do not belong together
├── NotAllowed        403: the token's scopes, or its user's role, do not have what this takes
├── NotAReference     404: the text cannot be a reference; its check digit is wrong
├── NotFound          404: well formed, but nothing has it
├── BadCursor         404: `before` is not a cursor that this API gave: there is no such page
├── NotPossible       409: the report's state has no such way, or not for who asks
├── ChangedSince      412: somebody changed the report since; tells what
├── TooLarge          413: a file is larger than is taken
├── WrongMedia        415: a file of a kind that is not taken
├── BadValue          422: a field names what the province, or the hotline, does not have
├── BadKey            422: an Idempotency-Key that is none, or was used for something else
├── VersionNeeded     428: who changes a report says which version they saw
└── TooMany           429: more requests than are taken; Retry-After says when
UnlistedRoute         a fault of ours: `api.permissions` has no line about a route
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[str, str] = MappingProxyType({})
_BEARER: Mapping[str, str] = MappingProxyType({"WWW-Authenticate": 'Bearer realm="hotline"'})


class UnlistedRoute(Exception):
    """`api.permissions` has no line about a route."""


class ApiError(Exception):
    """Root of this package's errors; the message is for the API's client and names nobody."""

    status = 400
    name: str | None = None  # the last part of the problem's type
    headers = _NOTHING
    errors: Sequence[Mapping[str, str]] = ()  # the fields that were not understood
    more: Mapping[str, Any] = _NOTHING  # members of the problem beyond the usual ones


class NotSignedIn(ApiError):
    """No token, or one that is not valid."""

    status, name, headers = 401, "not-signed-in", _BEARER


class WrongPassword(ApiError):
    """Address and password do not belong together."""

    status, name, headers = 401, "wrong-password", _BEARER


class NotAllowed(ApiError):
    """The token's scopes, or its user's role, do not have what this takes."""

    status, name = 403, "not-allowed"


class NotAReference(ApiError):
    """The text cannot be a reference: somebody misheard or mistyped it."""

    status, name = 404, "not-a-reference"


class NotFound(ApiError):
    """Well formed, but nothing has it."""

    status, name = 404, "not-found"


class NotPossible(ApiError):
    """The report's state has no such way, or not for who asks."""

    status, name = 409, "not-possible"


class ChangedSince(ApiError):
    """Somebody changed the report since; `more` tells its version and what happened."""

    status, name = 412, "changed-since"

    def __init__(self, message: str, more: Mapping[str, Any], etag: str) -> None:
        super().__init__(message)
        self.more = more
        self.headers = {"ETag": etag}


class TooLarge(ApiError):
    """A file is larger than is taken."""

    status, name = 413, "too-large"


class WrongMedia(ApiError):
    """A file of a kind that is not taken."""

    status, name = 415, "wrong-media"


class BadValue(ApiError):
    """A field names what the province, or the hotline, does not have."""

    status, name = 422, "bad-value"

    def __init__(self, message: str, field: str | None = None, where: str = "json") -> None:
        super().__init__(message)
        if field is not None:
            self.errors = ({"in": where, "field": field, "message": message},)


class BadCursor(ApiError):
    """`before` is not a cursor that this API gave: there is no such page."""

    status, name = 404, "bad-cursor"


class BadKey(ApiError):
    """An Idempotency-Key that is none, or was used for something else."""

    status, name = 422, "bad-idempotency-key"


class VersionNeeded(ApiError):
    """Who changes a report says which version they saw."""

    status, name = 428, "version-needed"


class TooMany(ApiError):
    """More requests than are taken; Retry-After says when, in seconds."""

    status, name = 429, "too-many"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.headers = {"Retry-After": str(retry_after_s)}
