"""Golden transcripts: a call written as one would tell it, held against the flow.

The language is told in docs/transcripts.md. What the caller and the world do is the script; all
other lines are what the hotline says and does, rewritten by `pytest --update-transcripts`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hotline.call_facts import province_facts
from ivr.answers import Keys, Speech, Words, expected, read_answer, take_keys, take_words
from ivr.call_script import CallScript, read_transcript, write_command
from ivr.errors import BadAnswer
from ivr.facts import CallFacts
from ivr.flows.registry import find_flow
from ivr.phrases import StepPhrases
from ivr.session import CallSession, Entry
from ivr.spoken import Wording, happening, spoken
from ivr.steps import Do, Done, Gather, HungUp, Json, Manner, QueueSeen, Recorded, Result, Wait
from provinces.schema import Province

NO_HASH = "0" * 64
NO_PHRASES: Mapping[str, StepPhrases] = {}

# What the commands' handlers return, as the docstrings of `reports.commands` and `ivr.commands`
# tell, unless a script says otherwise.
GIVEN: Mapping[str, Json] = {
    "FileReport": {"report": "r1", "reference": "482-173-905", "pin": "4711"},
    "FindReport": {"report": "r1", "status": "in_progress"},
    "OpenReport": {"status": "in_progress", "due": [24, 11], "updated": [20, 11], "update": None},
    "ProposePlace": [],
    "KeepAnswer": {"again": False},
    "PromiseCallback": {"ahead": 2},
    "ReserveConnection": 300,
}


@dataclass
class Handled:
    """Stands for the handlers of commands: answers as the script says, keeps what was asked."""

    gives: Mapping[str, Sequence[Json]]
    commands: list[object] = field(default_factory=list)

    def __call__(self, command: object) -> Json:
        name = type(command).__name__
        before = sum(type(earlier).__name__ == name for earlier in self.commands)
        self.commands.append(command)
        if values := self.gives.get(name):
            return values[min(before, len(values) - 1)]
        return GIVEN.get(name)


@dataclass(frozen=True)
class Held:
    """A call that was held: its transcript, its journal, and which wait each result answered."""

    text: str
    journal: tuple[Entry, ...]
    waits: tuple[Wait, ...]


def usual_facts(province: Province) -> CallFacts:
    """Those of a call by day from a mobile number that has not called before."""
    everybodys = province_facts(province, ("vi", "en"))
    return replace(everybodys, can_text=True, number_known=True)


def read_script(path: Path) -> CallScript:
    """Raises: BadAnswer: a line is neither script nor what the hotline says."""
    return read_transcript(path.read_text())


def hold(
    script: CallScript,
    usual: CallFacts,
    wording: Wording,
    spoken_words: Mapping[str, StepPhrases] = NO_PHRASES,
) -> Held:
    """The whole call that `script` describes, without any carrier.

    Raises:
        AssertionError: the script has too few answers for the call, too many, or one that does
            not fit; the message shows the call so far.
    """
    flow, facts = find_flow(*script.flow), script.facts(usual)
    manner = Manner(facts.language)
    session = CallSession(lambda: flow(facts), manner)
    handled = Handled(script.gives)
    lines, waits, keys = [*script.head, ""], list[Wait](), ""
    told = iter(script.told)
    while (wait := session.turn.wait) is not None:
        waits.append(wait)
        if isinstance(wait, Do):
            value = handled(wait.command)
            lines.append(f"does     {write_command(wait.command, value)}")
            session.resume(Done(value))
            continue
        manner = _speak(session, manner, wording, lines)
        if isinstance(wait, Gather) and keys:
            lines.append(f"         (typed ahead: {keys})")
            answered: Result
            answered, keys = take_keys(wait, keys)
            session.resume(answered)
            continue
        line = next(told, None)
        assert line is not None, _so_far(lines, f"the script ends; expected {expected(wait)}")
        lines.append(line)
        try:
            answer = read_answer(line, wait)
        except BadAnswer as error:
            raise AssertionError(_so_far(lines, str(error))) from error
        keys = ""
        if isinstance(answer, Keys):
            assert isinstance(wait, Gather)
            answer, keys = take_keys(wait, answer.value)
        elif isinstance(answer, Words):
            phrases = spoken_words.get(session.turn.manner.language, {})
            answer = take_words(phrases.get(wait.key, {}), answer)
        elif isinstance(answer, Speech):
            answer = _recorded(answer, session.position)
        session.resume(answer)
    if not session.hung_up or session.turn.says:
        _speak(session, manner, wording, lines)
    lines.append("ends")
    left = list(told)
    assert not left, _so_far(lines, f"the call is over, but the script goes on with {left}")
    return Held("\n".join(lines) + "\n", tuple(session.journal), tuple(waits))


def comparable(journal: Sequence[Entry]) -> list[tuple[str, Any]]:
    """A journal without what may differ between carriers: the call's id and the sound's bytes."""
    return [(entry.step, _comparable(entry.result)) for entry in journal]


def _comparable(result: Result) -> Any:
    match result:
        case Recorded(name=name, length_s=length_s, silent=silent, key=key):
            # Of silence each carrier keeps what it has: a key may end it before it begins. Twilio
            # tells whole seconds.
            return ("recorded", name.rpartition("-")[2], silent or math.ceil(length_s), key)
        case QueueSeen(waiting, agents):
            # Over AGI the wait is worked out, not told.
            return ("queue seen", waiting, agents)
        case _:
            return result


def _speak(session: CallSession, before: Manner, wording: Wording, lines: list[str]) -> Manner:
    turn = session.turn
    if turn.manner != before:
        speed = "slowly" if turn.manner.slow else "normally"
        lines.append(f"speaks   {turn.manner.language}, {speed}")
    lines.extend(f"hotline  {sentence}" for sentence in spoken(turn, wording))
    if what := happening(turn.wait):
        lines.append(f"         {what}")
    return turn.manner


def _recorded(speech: Speech, position: int) -> Recorded:
    return Recorded(f"call-{position}", speech.length_s, 80_044, NO_HASH, speech.silent, speech.key)


def _so_far(lines: Sequence[str], problem: str) -> str:
    return "\n".join([problem, "", *lines])


def hung_up_at(held: Held) -> str | None:
    """The wait at which the caller left, if they did."""
    return next((entry.step for entry in held.journal if isinstance(entry.result, HungUp)), None)
