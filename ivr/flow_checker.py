"""Walks every way a call can take through a flow and checks the rules of good prompts.

A flow's state is where its generators stand and what their variables hold; states seen
before are not walked again, so the walk ends although callers may go in circles.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.errors import IvrError
from ivr.prompts import Prompts
from ivr.session import CallSession, Entry, Turn
from ivr.steps import (
    Digits,
    Do,
    Done,
    Flow,
    Gather,
    HungUp,
    NoInput,
    Record,
    Recorded,
    Result,
    Say,
    Wait,
    step_name,
)

# Rules and sources: docs/decisions/0004-prompt-rules.md.
MOST_CHOICES = 5
MOST_WORDS = 32  # about nine seconds at a calm pace; longer prompts lose people
MOST_SILENT_TURNS = 10
MOST_STATES = 20_000

_KEYS = tuple(Digits(key) for key in "0123456789*#")
_VOICE = Recorded("checked-0", 5.0, 80_044, "0" * 64, silent=False)
_SILENCE = Recorded("checked-1", 5.0, 80_044, "0" * 64, silent=True)
# "For X, press N", never "press N for X": who hears the key first has forgotten it by the end.
_KEY_FIRST = re.compile(r"(?:^|[.!?]\s+)(?:bấm|nhấn|press)\b.*\b(?:để|for|to)\b", re.IGNORECASE)


@dataclass
class Walk:
    """What was met: prompts with their placeholders, states, and everything that is wrong."""

    prompts: dict[str, frozenset[str]] = field(default_factory=dict)
    states: int = 0
    problems: list[str] = field(default_factory=list)

    def wrong(self, where: str, what: str) -> None:
        problem = f"{where}: {what}"
        if problem not in self.problems:
            self.problems.append(problem)


def walk(flow: Callable[[], Flow[None]]) -> Walk:
    """Every turn of `flow` for every answer: keys, silence, speech, hangup."""
    found = Walk()
    seen: set[object] = set()
    waiting: deque[tuple[Entry, ...]] = deque([()])
    while waiting:
        journal = waiting.popleft()
        try:
            session = CallSession(flow, journal)
        except IvrError as error:
            found.wrong(" > ".join(entry.step for entry in journal), str(error))
            continue
        state = _state(session)
        if state in seen:
            continue
        seen.add(state)
        found.states = len(seen)
        if len(seen) > MOST_STATES:
            found.wrong("flow", f"more than {MOST_STATES} states: it can probably go on for ever")
            return found
        _look(session.turn, found)
        if (wait := session.turn.wait) is not None:
            step = step_name(wait)
            waiting.extend((*journal, Entry(step, answer)) for answer in _answers(wait))
    _check_silent_caller(flow, found)
    return found


def check_wording(found: Walk, wording: Mapping[str, str], prompts: Prompts) -> list[str]:
    """What is wrong with the words of the prompts that were met."""
    problems = []
    for key, given in sorted(found.prompts.items()):
        if key not in wording:
            problems.append(f"{key}: no wording")
            continue
        if missing := prompts.placeholders(key) - given:
            problems.append(f"{key}: the flow gives no {', '.join(sorted(missing))}")
        if (count := len(wording[key].split())) > MOST_WORDS:
            problems.append(f"{key}: expected at most {MOST_WORDS} words, found {count}")
        if _KEY_FIRST.search(wording[key]):
            problems.append(f"{key}: say what for first, then which key")
    return problems


def _look(turn: Turn, found: Walk) -> None:
    spoken: list[Say | Gather | Record] = list(turn.says)
    if isinstance(turn.wait, Gather | Record):
        spoken.append(turn.wait)
    for prompt in spoken:
        values = {} if isinstance(prompt, Record) else prompt.values
        known = found.prompts.get(prompt.key, frozenset(values))
        found.prompts[prompt.key] = known & frozenset(values)
    choices = [say.key for say in turn.says if say.key.startswith("menu_choice_")]
    if len(choices) > MOST_CHOICES:
        found.wrong(step_name(turn.wait), f"expected at most {MOST_CHOICES} choices, found more")
    numbers = [int(key.rpartition("_")[2]) for key in choices]
    if numbers != list(range(1, len(numbers) + 1)):
        found.wrong(step_name(turn.wait), f"expected keys in order from 1, found {numbers}")


def _answers(wait: Wait) -> tuple[Result, ...]:
    match wait:
        case Gather():
            return (*_KEYS, NoInput(), HungUp())
        case Record():
            return (_VOICE, _SILENCE, NoInput(), HungUp())
        case Do():
            return (Done("482-173-905"),)


def _check_silent_caller(flow: Callable[[], Flow[None]], found: Walk) -> None:
    session = CallSession(flow)
    turns = 0
    while (wait := session.turn.wait) is not None:
        session.resume(Done("482-173-905") if isinstance(wait, Do) else NoInput())
        turns += not isinstance(wait, Do)
        if turns > MOST_SILENT_TURNS:
            found.wrong("flow", f"a silent caller is held for more than {MOST_SILENT_TURNS} turns")
            return


def _state(session: CallSession) -> object:
    frames = tuple(_frames(session.generator))
    return (repr(session.turn), frames, session.hung_up)


def _frames(generator: Any) -> Iterator[tuple[str, int, str]]:
    while generator is not None:
        frame = getattr(generator, "gi_frame", None)
        if frame is not None:
            # The text of the variables stands for their values: they are plain data.
            yield frame.f_code.co_qualname, frame.f_lasti, repr(sorted(frame.f_locals.items()))
        generator = getattr(generator, "gi_yieldfrom", None)
