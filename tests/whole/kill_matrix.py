"""Every wait of two conversations, each with its server killed at four instants: what it costs."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import func, select

from ivr.models import Call, JournalEntry
from notifications.models import Message
from reports.models import Report, Update
from storage.database import reading
from tests.asterisk.running import until
from tests.whole.dying_agi import Instant
from tests.whole.lane import Caller, Lane

SPEAK = "speak"
WAIT = "wait"
LEAVE = "leave"
EVENT_S = 20.0

Conversation = Literal["report", "follow_up"]
# What the caller does at each wait; at the last one but once they leave, they have it repeated.
REPORT: Mapping[str, Sequence[str]] = {
    "Gather:line_dropped": ("1",),
    "Gather:main_menu": ("1",),
    "Gather:category": ("1",),
    "Gather:subcategory": ("1",),
    "Record:statement": (SPEAK,),
    "Record:place": (SPEAK,),
    "Hear:place_words": (WAIT,),
    "Gather:confirm_place": ("1",),
    "Gather:contact": ("2",),
    "Gather:other_number": ("0912345678#",),
    "Gather:confirm_number": ("1",),
    "Gather:confirm_report": ("1",),
    "Gather:anything_else": ("1", LEAVE),
}
FOLLOW_UP: Mapping[str, Sequence[str]] = {
    "Gather:main_menu": ("2",),
    "Gather:enter_reference": ("{reference}",),
    "Gather:enter_pin": ("{pin}",),
    "Gather:open_actions": ("2",),
    "Record:addition": (SPEAK,),
}
CONVERSATIONS: Mapping[Conversation, Mapping[str, Sequence[str]]] = {
    "report": REPORT,
    "follow_up": FOLLOW_UP,
}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Case:
    """A server dies at `instant` of the wait `step`; at none, where that is None."""

    conversation: Conversation
    step: str = ""
    instant: Instant | None = None

    def __str__(self) -> str:
        return f"{self.conversation} {self.step} {self.instant or 'undisturbed'}"


def all_cases() -> list[Case]:
    """The whole matrix; the main menu, which both have, is killed once."""
    return [
        Case(conversation, step, instant)
        for conversation, steps in CONVERSATIONS.items()
        for step in steps
        # The main menu is the same in both; a dropped line has a test of its own.
        if step != "Gather:line_dropped"
        and (conversation, step) != ("follow_up", "Gather:main_menu")
        for instant in Instant
    ]


@dataclass
class Outcome:
    """What a case brought. The counts are those of its own call.

    `takeover_s`: from the death, or from the end of the recording that was being made then, to
    the first command of the next server's turn. `repeated`: turns spoken more than once.
    """

    case: Case
    problem: str | None = None
    takeover_s: float | None = None
    repeated: int = 0
    reports: int = 0
    messages: int = 0
    additions: int = 0
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Each promise that was not kept."""
        report = self.case.conversation == "report"
        kept = {
            self.problem or "": self.problem is None,
            "nobody took over": self.case.instant is None or self.takeover_s is not None,
            f"{self.repeated} turns repeated": self.repeated <= 1,
            f"{self.reports} reports": self.reports == int(report),
            f"{self.messages} messages": self.messages == int(report),
            f"{self.additions} additions": self.additions == int(not report),
        }
        return [what for what, well in kept.items() if not well]


def run_case(lane: Lane, case: Case, values: Mapping[str, str]) -> Outcome:
    """Place the call, have the server die, and look at what is left of it.

    `values` fill the caller's answers: the reference and the PIN of a report that is there.
    """
    outcome = Outcome(case)
    lane.wait_for_servers()
    _, before = lane.trace()
    lane.disarm()
    if case.instant is not None:
        lane.arm(case.step, case.instant)
    number = f"09{70_000_000 + next(_numbers)}"
    caller = _Script(lane, case, values, before)
    lane.place_call(number, caller.run)
    outcome.problem = lane.finish(number)
    if outcome.problem is None and not caller.heard_out:
        outcome.problem = "the caller was cut off"
    trace, _ = lane.trace(before)
    call_id = next((event["call"] for event in trace if "call" in event), None)
    if call_id is None:
        outcome.problem = outcome.problem or "nothing was committed"
        return outcome
    try:
        until(lambda: _ended(lane, call_id), 10)
    except AssertionError:
        outcome.problem = outcome.problem or "the call is not ended"
    outcome.takeover_s = _takeover_s(trace, caller.recorded_until)
    outcome.repeated = _repeated(trace)
    _count(lane, call_id, outcome)
    return outcome


@dataclass
class _Script:
    """The caller of one case, who acts when a living server asks."""

    lane: Lane
    case: Case
    values: Mapping[str, str]
    before: int
    leave_at: str = ""
    left: Mapping[str, Any] | None = None
    heard_out: bool = False
    recorded_until: float | None = None
    _times: dict[str, int] = field(default_factory=dict)
    _last_position: int = -1

    def run(self, caller: Caller) -> None:
        for event in self._events(caller):
            if event["what"] == "turn" and event["step"] == "end":
                self.heard_out = caller.hear_out(15.0)
                return
            if event["what"] != "asks":
                continue
            if event["step"] == self.leave_at:
                self.left = event
                return
            recording = event["step"].startswith("Record:")
            # Whoever speaks does not know that the server died: Asterisk goes on recording.
            if event["dies"] and not recording:
                continue
            if self._act(caller, event["step"], event["position"], event["dies"]):
                self.heard_out = True
                return

    def _act(self, caller: Caller, step: str, position: int, dies: bool) -> bool:
        """Do what the caller does there; whether they leave."""
        answers = CONVERSATIONS[self.case.conversation][step]
        if position != self._last_position:  # a repeated question gets the same answer
            self._times[step] = self._times.get(step, -1) + 1
            self._last_position = position
        answer = answers[min(self._times[step], len(answers) - 1)].format(**self.values)
        match answer:
            case "speak":
                caller.speak()
                if dies:
                    self.recorded_until = time.monotonic()
                caller.press("#")
            case "leave":
                return True
            case keys:
                caller.press(keys)
        return False

    def _events(self, caller: Caller) -> Iterator[Any]:
        """What the servers do for this caller, among others who ring at the same time."""
        seen, number = self.before, caller.visit.environment["agi_extension"]
        until_s = time.monotonic() + EVENT_S
        while time.monotonic() < until_s:
            told, seen = self.lane.trace(seen)
            for event in told:
                if event.get("caller") == number:
                    until_s = time.monotonic() + EVENT_S
                    yield event
            caller.listen(0.01)  # fails when the hotline has hung up
        raise AssertionError(f"no server did anything for {EVENT_S:g} s")


def converse(
    lane: Lane,
    caller: Caller,
    conversation: Conversation,
    values: Mapping[str, str],
    leave_at: str,
) -> Mapping[str, Any]:
    """Go on until `leave_at` asks: what its server told then. The caller has not answered it."""
    script = _Script(lane, Case(conversation), values, lane.trace()[1], leave_at=leave_at)
    script.run(caller)
    assert script.left is not None, f"never came to {leave_at}"
    return script.left


def _takeover_s(trace: Iterable[Mapping[str, Any]], recorded_until: float | None) -> float | None:
    death = None
    for event in trace:
        if event["what"] == "dies":
            death = event
        elif death is not None and event["what"] == "turn" and event["pid"] != death["pid"]:
            return float(event["at"] - max(death["at"], recorded_until or 0.0))
    return None


def _repeated(trace: Iterable[Mapping[str, Any]]) -> int:
    turns = [event["position"] for event in trace if event["what"] == "turn"]
    return len(turns) - len(set(turns))


def _ended(lane: Lane, call_id: str) -> bool:
    with reading(lane.database) as session:
        return session.get_one(Call, call_id).ended_at is not None


def _count(lane: Lane, call_id: str, outcome: Outcome) -> None:
    of_call = select(Report.id).where(Report.call_id == call_id)
    with reading(lane.database) as session:
        outcome.reports = len(session.scalars(of_call).all())
        outcome.messages = (
            session.scalar(
                select(func.count()).select_from(Message).where(Message.report_id.in_(of_call))
            )
            or 0
        )
        outcome.additions = (
            session.scalar(
                select(func.count())
                .select_from(Update)
                .where(Update.call_id == call_id, Update.kind == "addition")
            )
            or 0
        )
        answers = session.scalars(
            select(JournalEntry.result).where(JournalEntry.call_id == call_id)
        ).all()
    for answer in answers:
        value = answer.get("value")
        if isinstance(value, dict) and "pin" in value:
            reference = value["reference"].replace("-", "")
            outcome.values = {"reference": reference, "pin": value["pin"]}


def run_cases(
    lane: Lane, cases: Iterable[Case], tell: Callable[[Outcome], None] = lambda outcome: None
) -> list[Outcome]:
    """One after the other, after a call in which nobody dies: its report is what others ask of."""
    first = run_case(lane, Case("report"), {})
    tell(first)
    outcomes = [first]
    if first.wrong:
        return outcomes
    for case in cases:
        outcomes.append(run_case(lane, case, first.values))
        tell(outcomes[-1])
    return outcomes
