"""Calls in progress for the live view's tests, and Asterisk's queue as it would tell of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from console.live.facts import Health, LiveServices, PartHealth
from ivr.ami import Manager
from ivr.flows.registry import INCOMING
from ivr.models import Call, CallStatus, JournalEntry
from ivr.queue_watch import Agent, AgentState, QueueState, QueueWatch, Waiting
from ivr.steps import Digits, Done, QueueSeen, Recorded, Result
from tests.builders import NOON, a_call, a_journal, a_recording, a_transcript
from tests.console.conftest import Browser

REPORTS = ("Gather:main_menu", Digits("1"))
IN_QUEUE = (
    ("Gather:main_menu", Digits("0")),
    ("LookAtQueue:queue_seen", QueueSeen(0, 1, 10)),
)


def a_live_call(
    *answers: tuple[str, Result], at: datetime = NOON, **given: Any
) -> list[Call | JournalEntry]:
    """A call that began half a minute ago and stands after these answers."""
    values = {
        "status": CallStatus.IN_PROGRESS,
        "flow_version": INCOMING[1],
        "facts": {"language": "vi", "menu": {"1": "GT"}, "submenu": {"1": {"1": "GT01"}}},
        "started_at": at - timedelta(seconds=30),
        "advanced_at": at - timedelta(seconds=5),
        "ended_at": None,
    }
    call = a_call(**(values | given))
    return [call, *a_journal(call, *answers)]


def fill_live(visitor: Browser) -> None:
    """Three calls: one that has spoken, one in the queue, one in danger."""
    spoken = a_live_call(
        REPORTS,
        ("Gather:category", Digits("1")),
        ("Gather:subcategory", Digits("1")),
        ("Record:statement", Recorded("x", 5.0, 1, "", False)),
        started_at=visitor.now - timedelta(seconds=84),
    )
    waits = a_live_call(*IN_QUEUE, driver_call_id="asterisk-1", caller_number=None)
    danger = a_live_call(
        ("Gather:main_menu", Digits("8")),
        ("Do:raise_alarm", Done()),
        caller_number="+84913111222",
    )
    call = spoken[0]
    assert isinstance(call, Call)
    visitor.add(*spoken, *waits, *danger)
    visitor.add(a_recording(a_transcript(confidence=0.6), call_id=call.id, position=3))


def live_services(stream_s: float = 0.0) -> LiveServices:
    """Services that have something to tell, a queue with somebody in it."""
    state = QueueState(
        NOON,
        waiting=(Waiting("asterisk-1", 1, NOON - timedelta(seconds=75)),),
        agents=(
            Agent("lan", AgentState.READY, taken=12),
            Agent("minh", AgentState.PAUSED, NOON - timedelta(minutes=4), 9),
            Agent("tuyet", AgentState.TALKING, taken=14),
        ),
    )
    health = (
        PartHealth("asterisk", Health.READY),
        PartHealth("agi", Health.READY, {"alive": 2, "wanted": 2}),
        PartHealth("speech", Health.LOW, {"engine": "vosk", "used": 8, "places": 8}),
        PartHealth("jobs", Health.READY, {"waiting": 3, "minutes": 0}),
        PartHealth("messages", Health.READY, {"waiting": 1, "minutes": 0}),
        PartHealth("disk", Health.AWAY, {"free_gb": "0.4"}),
    )
    return LiveServices(lambda: health, Told(state, lambda: NOON), stream_s=stream_s)


class Told(QueueWatch):
    """A queue that is as a test says; `at` gives what Asterisk tells, None while it is away."""

    def __init__(self, state: QueueState | None, clock: Callable[[], datetime]) -> None:
        super().__init__(Manager("127.0.0.1:1", "no secret"), clock)
        self.tell(state)

    def tell(self, state: QueueState | None) -> None:
        if state is None:
            self.away_since = self.clock()
        else:
            self.last, self.away_since = state, None

    def look(self) -> None:
        """Nobody is asked."""

    def run(self, stop: Any, changed: Any = None) -> None:
        stop.wait()
