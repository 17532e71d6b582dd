"""What is counted of a report - its tally - packed into 23 bytes: a million are added up at once.

`hour` counts hours of UTC since 1970. Codes are numbers of `Codes`; 0 stands for none.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

TALLY = np.dtype(
    [
        ("status", "<u2"),
        ("category", "<u2"),
        ("place", "<u2"),
        ("agency", "<u2"),
        ("source", "<u2"),
        ("flags", "u1"),
        ("hour", "<u4"),
        ("waited_us", "<i8"),  # until it was resolved
    ]
)
CODED = ("status", "category", "place", "agency", "source")

URGENT, PARTIAL, KEPT, MISSED = 1, 2, 4, 8
"""Flags; kept and missed are deadlines of what was resolved."""

NOT_RESOLVED = int(np.iinfo(np.int64).min)

Tallies = npt.NDArray[Any]  # of TALLY
_HOUR_S = 3600
_US = timedelta(microseconds=1)


class Codes:
    """Numbers of codes. An unknown code gets the next number, and is then `added`."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._numbers = dict(known)
        self._next = max(self._numbers.values(), default=0) + 1
        self.added: dict[str, int] = {}

    def number(self, code: str | None) -> int:
        if code is None:
            return 0
        found = self._numbers.get(code)
        if found is None:
            found = self._numbers[code] = self.added[code] = self._next
            self._next += 1
        return found

    def names(self) -> Mapping[int, str | None]:
        return {0: None} | {number: code for code, number in self._numbers.items()}


def pack(rows: Iterable[Any], codes: Codes) -> Tallies:
    """The tallies of reports, or of rows with the columns of `reports.day_models.COUNTED`."""
    return np.array([_tally(row, codes) for row in rows], dtype=TALLY)


def unpack(packed: Iterable[bytes]) -> Tallies:
    """The tallies of many days, one after the other."""
    return np.frombuffer(b"".join(packed), dtype=TALLY)


def _tally(row: Any, codes: Codes) -> tuple[int, ...]:
    flags = URGENT * bool(row.urgent) + PARTIAL * bool(row.partial)
    resolved: datetime | None = row.resolved_at
    waited = NOT_RESOLVED
    if resolved is not None:
        waited = (resolved - row.requested_at) // _US
        if row.expected_at is not None:
            flags += KEPT if resolved <= row.expected_at else MISSED
    return (
        codes.number(row.status),
        codes.number(row.category),
        codes.number(row.place),
        codes.number(row.agency),
        codes.number(row.source),
        flags,
        int(row.requested_at.timestamp()) // _HOUR_S,
        waited,
    )
