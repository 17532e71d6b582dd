"""What SensorThings refuses, in the form in which the standard's servers tell it.

Refused   an HTTP status and a sentence that says what was expected and what was found
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})
_LONGEST_QUOTED = 60


class Refused(Exception):
    """The message is for the client; it names nobody."""

    def __init__(
        self,
        message: str,
        status: int = HTTPStatus.BAD_REQUEST,
        headers: Mapping[str, str] = _NOTHING,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


def quoted(found: object) -> str:
    """What was found, short enough for one line."""
    text = repr(found)
    return text if len(text) <= _LONGEST_QUOTED else text[:_LONGEST_QUOTED] + "…"
