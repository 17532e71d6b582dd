"""What the citizens' pages need of the rest, given once by whoever puts the house together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from sqlalchemy import Engine

from provinces.schema import Province
from reports.proposals import Propose
from reports.tries import TryLimits
from reports.web_filing import Alert

Counted = Literal[
    "citizen_browser", "citizen_address", "citizen_additions", "citizen_tries", "citizen_looks"
]
Count = Callable[[Counted, str], int | None]
"""Counts one more of somebody; None, or the seconds until the next is taken."""


class FoundPlace(Protocol):
    """A unit of today, `edition:code`; `old` is the former unit whose name was written."""

    @property
    def unit(self) -> str: ...
    @property
    def old(self) -> str | None: ...


@dataclass(frozen=True)
class CitizensServices:
    """`address` is whose request this is; `before_writing` loads what the first write needs."""

    engine: Engine
    clock: Callable[[], datetime]
    province: Province
    attachments: Path
    alert: Alert
    propose: Propose
    find_places: Callable[[str], Sequence[FoundPlace]]
    count: Count
    address: Callable[[], str]
    before_writing: Callable[[], None] = lambda: None

    @property
    def tries(self) -> TryLimits:
        limits = self.province.limits
        return TryLimits(limits.pin_tries_per_report_day, limits.tries_per_caller_hour)
