"""Who waits in the queue and how its agents are, by Asterisk's own word."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from ivr.ami import Line, Manager
from ivr.errors import AmiRefused, AsteriskAway
from ivr.queue_members import ABSENT, QUEUE, Duty, duty_of

ITS_DRIVER = "agi"  # of calls that Asterisk carries: of others' it knows nothing
# Asking for all takes a millisecond or two; events would tell no sooner what a page can show.
ASK_EVERY_S = 0.3
WRAP_UP_S = 5  # as asterisk_conf/queues.conf has it: Asterisk tells only an agent's own
REST_S = 2.0  # before a connection is tried again


class AgentState(StrEnum):
    """What an agent does. `away`: their telephone is not there."""

    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    RESTING = "resting"  # wrap-up after a talk
    PAUSED = "paused"
    AWAY = "away"


@dataclass(frozen=True)
class Agent:
    """`name` is a user's id, or the name of a telephone on a desk. `since` is when this state
    began, where Asterisk knows it; `taken` counts their calls."""

    name: str
    state: AgentState
    since: datetime | None = None
    taken: int = 0


@dataclass(frozen=True)
class Waiting:
    """A caller in the queue; `driver_call_id` is the call's id at Asterisk."""

    driver_call_id: str
    place: int
    since: datetime


@dataclass(frozen=True)
class QueueState:
    """The queue at one moment."""

    seen_at: datetime
    waiting: Sequence[Waiting] = ()
    agents: Sequence[Agent] = ()


# Asterisk's device states (`include/asterisk/devicestate.h`).
_TALKING = {"2", "3", "8"}  # in use, busy, on hold
_RINGING = {"6", "7"}
_PAUSES = {Duty.AFTER_CALL: AgentState.RESTING, Duty.AWAY: AgentState.AWAY}


def read_queue(line: Line, now: datetime) -> QueueState:
    """The queue as it is now.

    Raises:
        AsteriskAway, AmiRefused: as `Line.ask`.
    """
    waiting: list[Waiting] = []
    agents: list[Agent] = []
    for event in line.ask("QueueStatus", Queue=QUEUE).events:
        match event.get("Event"):
            case "QueueEntry":
                since = now - timedelta(seconds=_number(event, "Wait"))
                waiting.append(
                    Waiting(event.get("Uniqueid", ""), _number(event, "Position"), since)
                )
            case "QueueMember":
                agents.append(_agent(event, now))
    waiting.sort(key=lambda each: each.place)
    agents.sort(key=lambda each: each.name)
    return QueueState(now, tuple(waiting), tuple(agents))


def _agent(event: Mapping[str, str], now: datetime) -> Agent:
    state, since = AgentState.READY, _moment(event, "LastCall") or _moment(event, "LoginTime")
    status, (duty, _, _) = event.get("Status", "0"), duty_of(event)
    if status in ABSENT:
        state, since = AgentState.AWAY, None
    elif status in _TALKING or event.get("InCall") == "1":
        state, since = AgentState.TALKING, None
    elif status in _RINGING:
        state, since = AgentState.RINGING, None
    elif duty is not Duty.READY:
        state = _PAUSES.get(duty, AgentState.PAUSED)
        since = _moment(event, "LastPause")
    elif _resting(event, now):
        state = AgentState.RESTING
    name = event.get("Name") or event.get("Location", "")
    return Agent(name[:80], state, since, _number(event, "CallsTaken"))


def _resting(event: Mapping[str, str], now: datetime) -> bool:
    last = _moment(event, "LastCall")
    wrap_up_s = _number(event, "Wrapuptime") or WRAP_UP_S
    return last is not None and now - last < timedelta(seconds=wrap_up_s)


def _moment(event: Mapping[str, str], name: str) -> datetime | None:
    seconds = _number(event, name)
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None


def _number(event: Mapping[str, str], name: str) -> int:
    text = event.get(name, "")
    return int(text) if text.isdecimal() else 0


def _nothing() -> None:
    """For who wants to be told of nothing."""


@dataclass
class QueueWatch:
    """Keeps the queue's state fresh while it is watched; `clock` gives aware UTC moments.

    `last` is what was seen last, None while nothing was; `away_since` is since when Asterisk has
    not answered, None while it does.
    """

    manager: Manager
    clock: Callable[[], datetime]
    last: QueueState | None = None
    away_since: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def state(self) -> tuple[QueueState | None, datetime | None]:
        """What was seen last, and since when Asterisk is away."""
        with self._lock:
            return self.last, self.away_since

    def look(self) -> None:
        """Ask once."""
        try:
            with self.manager.line() as line:
                self._keep(read_queue(line, self.clock()), _nothing)
        except (AsteriskAway, AmiRefused):
            self._lose(_nothing)

    def run(self, stop: threading.Event, changed: Callable[[], None] = _nothing) -> None:
        """Watch until `stop` is set; `changed` is called after each change."""
        while not stop.is_set():
            try:
                with self.manager.line() as line:
                    while not stop.is_set():
                        self._keep(read_queue(line, self.clock()), changed)
                        stop.wait(ASK_EVERY_S)
            except (AsteriskAway, AmiRefused):
                self._lose(changed)
                stop.wait(REST_S)

    def _keep(self, seen: QueueState, changed: Callable[[], None]) -> None:
        with self._lock:
            known, back = self.last, self.away_since is not None
            if known is not None:
                seen = _steady(seen, known)
            self.last, self.away_since = seen, None
        if back or known is None or (seen.waiting, seen.agents) != (known.waiting, known.agents):
            changed()

    def _lose(self, changed: Callable[[], None]) -> None:
        with self._lock:
            already = self.away_since is not None
            if not already:
                self.away_since = self.clock()
        if not already:
            changed()


def _steady(seen: QueueState, known: QueueState) -> QueueState:
    """Moments that Asterisk tells as whole seconds of waiting, as they were told first: they would
    jump to and fro by a second else."""
    first = {each.driver_call_id: each.since for each in known.waiting}
    waiting = tuple(
        replace(each, since=first.get(each.driver_call_id, each.since)) for each in seen.waiting
    )
    return replace(seen, waiting=waiting)
