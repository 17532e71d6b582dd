"""What the API refuses, each with the HTTP status and the problem type that tell it.

ApiError
├── NotSignedIn       401: no token, or one that is not valid
├── WrongPassword     401: address and password do not belong together
├── NotAReference     404: the text cannot be a reference; its check digit is wrong
├── NotFound          404: well formed, but nothing has it
└── BadCursor         422: `before` is not a cursor that this API gave
"""

from collections.abc import Mapping
from types import MappingProxyType

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_BEARER: Mapping[str, str] = MappingProxyType({"WWW-Authenticate": 'Bearer realm="hotline"'})


class ApiError(Exception):
    """Root of this package's errors; the message is for the API's client and names nobody."""

    status = 400
    name: str | None = None  # the last part of the problem's type
    headers = _NO_HEADERS


class NotSignedIn(ApiError):
    """No token, or one that is not valid."""

    status, name, headers = 401, "not-signed-in", _BEARER


class WrongPassword(ApiError):
    """Address and password do not belong together."""

    status, name, headers = 401, "wrong-password", _BEARER


class NotAReference(ApiError):
    """The text cannot be a reference: somebody misheard or mistyped it."""

    status, name = 404, "not-a-reference"


class NotFound(ApiError):
    """Well formed, but nothing has it."""

    status, name = 404, "not-found"


class BadCursor(ApiError):
    """`before` is not a cursor that this API gave."""

    status, name = 422, "bad-cursor"
