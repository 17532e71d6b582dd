"""The words by which alerts are told apart, and an alert as it crosses a border.

`why` of an alert has numbers and codes alone, never a word of a person. By rule:

    threshold  value, unit (code of a measure), bound, release, worse (higher or lower),
               phenomenon_at, source
    burst      count, expected, dispersion, p, day, baseline_days, weekday
    cluster    count, expected, p, hours, radius_m (None: the whole commune), first_at, last_at
    scan       count, expected, dispersion, score, p, draws, days, first_day, day, members (units)

`monitoring.saying` makes sentences of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Rule(StrEnum):
    """What an alert was found by."""

    THRESHOLD = "threshold"
    BURST = "burst"
    CLUSTER = "cluster"
    SCAN = "scan"


class Level(StrEnum):
    """How grave it is."""

    WATCH = "watch"
    ALERT = "alert"

    @property
    def rank(self) -> int:
        return 1 if self is Level.WATCH else 2


class AlertState(StrEnum):
    """How far staff are with it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class AlertEventKind(StrEnum):
    """What happened to an alert."""

    OPENED = "opened"
    RAISED = "raised"
    LOWERED = "lowered"
    SEEN_AGAIN = "seen_again"
    ACKNOWLEDGED = "acknowledged"
    COMMENTED = "commented"
    ESCALATED = "escalated"
    CLOSED = "closed"
    TOLD = "told"
    MUTED = "muted"


CURRENT = (AlertState.OPEN, AlertState.ACKNOWLEDGED)
SYSTEM = "system"
"""The actor of what nobody did by hand."""


@dataclass(frozen=True)
class AlertView:
    """An alert as others show it.

    Attributes:
        id: 32 hexadecimal digits; `number` is what people call it by.
        subject: code of the indicator, category or module that it is about.
        unit_key: `edition:code`; None: the whole province.
        first_at, last_at: when what it tells of was first and last so.
        opened_at, changed_at, closed_at: of the alert itself.
        version: counts what staff and the rules did to it; seeing it again is no change.
        owner: the id of the user who acknowledged it.
        muted: nobody is told of it at this moment.
        demo: it is of made-up data.
    """

    id: str
    number: int
    module: str
    rule: Rule
    subject: str
    unit_key: str | None
    level: Level
    state: AlertState
    why: Mapping[str, Any]
    first_at: datetime
    last_at: datetime
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    version: int
    owner: str | None
    muted: bool
    demo: bool


@dataclass(frozen=True)
class EventView:
    """Something that happened to an alert. `actor` is a user's id or `system`; `level` is the one
    that it had afterwards."""

    id: int
    at: datetime
    actor: str
    kind: AlertEventKind
    level: Level | None
    words: str | None


@dataclass(frozen=True)
class MuteView:
    """For a while nobody is told of such alerts. None: of every rule, subject or unit.

    `places`: of what is about the whole province alone (none), or about any of these units.
    """

    id: int
    rule: Rule | None
    subject: str | None
    unit_key: str | None
    reason: str
    by: str
    from_at: datetime
    until_at: datetime
    ended_at: datetime | None
    places: Sequence[str] | None = None
