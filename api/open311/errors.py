"""What Open311 refuses, in the words of its specification.

ApiError                of the package
└── Refused             one or several faults, each with a code and a description

The specification knows three HTTP statuses: 404 for what does not exist, 403 for a key that is
missing or wrong, 400 for all else. What is told more exactly stands in the body as a code.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from api.errors import ApiError

_NOTHING: Mapping[str, str] = MappingProxyType({})
_STATUSES = (404, 403)


class Fault(NamedTuple):
    """One thing that is wrong, in Vietnamese and in English: it is shown to whoever files, and
    repeats nothing of theirs."""

    code: int
    vi: str
    en: str

    def told(self, language: str) -> str:
        return self.vi if language == "vi" else self.en


class Refused(ApiError):
    """A request that is not carried out; told all at once."""

    def __init__(self, faults: Iterable[Fault], headers: Mapping[str, str] = _NOTHING) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.en for fault in self.faults))
        self.headers = headers
        codes = {fault.code for fault in self.faults}
        only = codes.pop() if len(codes) == 1 else 400
        self.status = only if only in _STATUSES else 400


def refused(code: int, vi: str, en: str) -> Refused:
    """Refused for one reason."""
    return Refused([Fault(code, vi, en)])
