"""What the live view is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ivr.live_calls import LiveCall
from ivr.queue_watch import Agent, AgentState, QueueWatch


class Health(StrEnum):
    """How a part of the hotline is: `away` is wanted and not there, `low` will be soon; `unknown`
    is what nobody could look at yet."""

    READY = "ready"
    OFF = "off"
    LOW = "low"
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PartHealth:
    """A part's state; the wording `live_<name>_<state>` says it, with the figures."""

    name: str
    state: Health
    figures: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class LiveServices:
    """`health` asks every part, for a second at most; `queue` looks at Asterisk's, None where there
    is none. `streams` pages are kept up to date at once, each for `stream_s` before it comes anew;
    whoever was signed out still sees for `check_s`.
    """

    health: Callable[[], Sequence[PartHealth]] = tuple
    queue: QueueWatch | None = None
    streams: int = 32
    stream_s: float = 240.0
    check_s: float = 3.0


class Standing(StrEnum):
    """What a call is doing."""

    ASKED = "asked"
    SPEAKING = "speaking"
    LISTENED = "listened"
    WAITING = "waiting"  # in the queue
    TALKING = "talking"  # to an agent
    CONNECTED = "connected"  # to an outside line
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ShownCall:
    """A call in progress; `waits_since` is since when it stands in the queue."""

    call: LiveCall
    standing: Standing
    waits_since: datetime | None = None


@dataclass(frozen=True)
class Told:
    """How far Asterisk's word goes: `known` once it has answered; `away_since` is how old it is;
    `there` is false where the hotline has no Asterisk."""

    known: bool = False
    there: bool = True
    away_since: datetime | None = None


@dataclass(frozen=True)
class ShownQueue:
    """Those who wait longest, and how many wait in all."""

    calls: Sequence[ShownCall] = ()
    count: int = 0
    told: Told = Told()


@dataclass(frozen=True)
class ShownAgents:
    """The agents; `names` are those of whom we know by their ids."""

    agents: Sequence[Agent] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    told: Told = Told()


@dataclass(frozen=True)
class Figures:
    """The whole in a few figures, none of anybody; `stale_since` is since when the database has not
    answered. `waiting` and `agents` are None where nobody knows, and so is `longest_since` then; it
    is None too where nobody waits. `troubles` counts the database among the parts."""

    calls: int = 0
    waiting: int | None = None
    longest_since: datetime | None = None
    agents: Mapping[AgentState, int] | None = None
    calls_today: int = 0
    reports_today: int = 0
    troubles: int = 0
    stale_since: datetime | None = None
