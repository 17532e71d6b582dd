"""Every way that a call can take through a flow, as a graph of the moments where it waits."""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from ivr.dialogue import REPEAT
from ivr.errors import FlowDiverged, IvrError
from ivr.facts import CallFacts
from ivr.flow_check.answers import answers, silence
from ivr.flow_check.limits import MOST_COMMANDS, MOST_MOMENTS, MOST_SILENT_TURNS
from ivr.flow_check.states import Alike, State, one_for_all, state_of
from ivr.session import CallSession, Entry, Turn
from ivr.steps import (
    Digits,
    Do,
    Done,
    Flow,
    Gather,
    Manner,
    NoInput,
    Record,
    Recorded,
    Result,
    step_name,
)

FlowFunction = Callable[[CallFacts], Flow[None]]


@dataclass(frozen=True)
class Edge:
    """An answer, the commands that it led to, and the turn after them."""

    answer: Result
    commands: tuple[object, ...]
    turn: Turn


@dataclass(eq=False)
class Moment:
    """A call waits here, or is over. `way` is a shortest journal that leads here."""

    turn: Turn
    way: tuple[Entry, ...]
    edges: list[Edge] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Where this is, with the answers that lead here: how a person finds it again."""
        return f"{step_name(self.turn.wait)} after {told(self.way)}"


@dataclass
class Walk:
    """What was met in one case: the moments that were walked on from, and what went wrong."""

    facts: CallFacts
    flow: FlowFunction
    moments: list[Moment] = field(default_factory=list)
    turns: dict[Hashable, Turn] = field(default_factory=dict)
    states: int = 0
    answers: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)  # where, what

    def session(self, way: tuple[Entry, ...] = ()) -> CallSession:
        """Raises: IvrError: the flow fails on the way."""
        return CallSession(lambda: self.flow(self.facts), Manner(self.facts.language), way)


class Walker:
    """Walks flows for several cases; what an earlier walk has shown is not walked again."""

    def __init__(self) -> None:
        self._shown: set[Hashable] = set()

    def walk(self, flow: FlowFunction, facts: CallFacts, case: Hashable = None) -> Walk:
        """`case` names how `facts` differ from the usual ones; the usual ones come first."""
        found = Walk(facts, flow)
        alike = Alike.by(facts)
        name = one_for_all(alike)
        seen: set[State] = set()
        waiting: deque[tuple[Moment | None, tuple[Entry, ...]]] = deque([(None, ())])
        while waiting:
            before, way = waiting.popleft()
            found.answers += 1
            try:
                session = found.session(way)
                commands = _carry_out(session, alike)
            except IvrError as error:
                found.problems.append((f"after {told(way)}", str(error)))
                continue
            turn = session.turn
            if before is not None:
                before.edges.append(Edge(way[-1].result, commands, turn))
            state = state_of(session, name, case)
            if state in seen:
                continue
            seen.add(state)
            found.turns.setdefault(state.turn, turn)
            news = state.news()
            if news <= self._shown:
                continue
            self._shown |= news
            moment = Moment(turn, tuple(session.journal))
            found.moments.append(moment)
            if turn.wait is not None:
                step = step_name(turn.wait)
                waiting.extend(
                    (moment, (*moment.way, Entry(step, answer)))
                    for answer in answers(turn.wait, alike)
                )
            if (problem := _silent(session)) is not None:
                found.problems.append((moment.name, problem))
                return found
            if len(found.moments) > MOST_MOMENTS:
                endless = f"more than {MOST_MOMENTS} moments: it can probably go on for ever"
                found.problems.append((moment.name, endless))
                return found
        found.states = len(seen)
        _slow_down(found)
        return found


def _carry_out(session: CallSession, alike: Alike) -> tuple[object, ...]:
    """The commands that come now; run on past those whose handlers can return one thing only.

    Raises: IvrError: the flow fails, or asks for commands without end.
    """
    commands: list[object] = []
    while isinstance(do := session.turn.wait, Do):
        commands.append(do.command)
        if len(commands) > MOST_COMMANDS:
            raise FlowDiverged(f"more than {MOST_COMMANDS} commands in one turn: {step_name(do)}")
        returned = answers(do, alike)
        if len(returned) > 1:
            break
        session.resume(returned[0])
    return tuple(commands)


def _slow_down(found: Walk) -> None:
    """Adds what is said to who presses `**`. It is not walked on from: only the pace differs."""
    first = next((m for m in found.moments if isinstance(m.turn.wait, Gather)), None)
    if first is None:
        return
    try:
        session = found.session(first.way)
        for times in (1, 2):
            session.resume(Digits(REPEAT))
            found.turns["repeated", times] = session.turn
    except IvrError:
        return  # the rule about `*` tells it


def _silent(session: CallSession) -> str | None:
    """What becomes of a caller who falls silent here; uses `session` up."""
    turns = 0
    while (wait := session.turn.wait) is not None:
        try:
            session.resume(silence(wait))
        except IvrError as error:
            return str(error)
        turns += isinstance(wait, Gather | Record)
        if turns > MOST_SILENT_TURNS:
            return f"a silent caller is held for more than {MOST_SILENT_TURNS} turns"
    return None


def told(way: tuple[Entry, ...]) -> str:
    """The caller's answers of a journal, for people."""
    answered = (entry.result for entry in way if not isinstance(entry.result, Done))
    return ", ".join(_told(result) for result in answered) or "the start"


def _told(result: Result) -> str:
    match result:
        case Digits(value):
            return value
        case NoInput():
            return "silence"
        case Recorded(silent=silent, key=key):
            return " ".join(part for part in ("a silent take" if silent else "speech", key) if part)
        case _:
            return type(result).__name__
