"""What somebody types for what a caller does: `presses 2`, `speaks 12 s`, `hangs up`.

One language for the simulator, its web page and the golden transcripts: docs/transcripts.md.
"""

import json
import re
from dataclasses import dataclass

from ivr.dialogue import SURE
from ivr.errors import BadAnswer
from ivr.phrases import Phrases, key_of
from ivr.steps import (
    Dial,
    DialEnded,
    Digits,
    Done,
    Enqueue,
    Gather,
    Hear,
    Heard,
    HungUp,
    LookAtQueue,
    NoInput,
    QueueEnded,
    QueueSeen,
    Record,
    Recorded,
    Result,
    Said,
    Wait,
    step_name,
)

LONGEST = 200
SECONDS_A_WORD = 0.4  # how long somebody speaks who types their words: Vietnamese syllables
SILENT_TAKE_S = 4.0

SOMETHING_ELSE = "…"
_QUOTED = r"[\"“](?P<words>[^\"”]+)[\"”]"
_KEYS = r"(?P<keys>[0-9*#]+)"
_TIME = r"(?P<time>[0-9]+(?:\.[0-9]+)?) ?(?P<unit>s|min)?"
_WHEN = "(?:during the prompt|while speaking)"
_AFTER = rf"(?: after {_TIME})?"


@dataclass(frozen=True)
class Speech:
    """What goes into a recording; `key` ends it, silence or the limit where there is none.

    `words` are what was said, where they were typed.
    """

    length_s: float
    silent: bool = False
    key: str = ""
    words: str = ""


@dataclass(frozen=True)
class Keys:
    """All that was keyed in at a `Gather`: it may be more than the step takes."""

    value: str


@dataclass(frozen=True)
class Words:
    """What was said at a `Gather` that hears words; `unclear`: the recogniser is not sure."""

    value: str
    unclear: bool = False


Answer = Result | Speech | Keys | Words


def read_answer(text: str, wait: Wait) -> Answer:
    """What `text` means at `wait`.

    Raises:
        BadAnswer: nothing that can happen there; the message says what can.
    """
    if len(text) > LONGEST:
        raise BadAnswer(f"expected at most {LONGEST} characters, found {len(text)}")
    told = re.sub(r"^caller\b\s*", "", " ".join(text.split()), flags=re.IGNORECASE)
    plain = told.lower()
    if re.fullmatch(r"hangs? ?up", plain):
        return HungUp()
    match wait:
        case Gather():
            answer = _at_gather(plain, told, wait)
        case Record():
            answer = _at_record(plain, told, wait)
        case Hear():
            answer = _at_hear(plain)
        case LookAtQueue():
            answer = _at_queue(plain)
        case Enqueue():
            answer = _in_queue(plain, wait)
        case Dial():
            answer = _at_dial(plain)
        case _:
            answer = None
    if answer is None:
        raise BadAnswer(f"at {step_name(wait)} expected {expected(wait)}; found {told!r}")
    return answer


def expected(wait: Wait) -> str:
    """What `read_answer` understands at `wait`, as examples."""
    match wait:
        case Gather(by_word=True):
            return 'keys (2), words in quotes ("đúng", "đúng" unclearly), says nothing, hangs up'
        case Gather():
            return "keys (2), nothing (says nothing), hangs up"
        case Record(end_keys=keys):
            return (
                "speech (speaks 12 s, or words in quotes), its ending "
                f"(speaks 5 s and presses {keys[:1] or '#'}), says nothing, hangs up"
            )
        case Hear():
            return "words found, no words, hangs up"
        case LookAtQueue():
            return "queue 3 waiting, 2 agents, 4 min"
        case Enqueue(leave_keys=keys):
            leaving = f"presses {keys[0]} after 30 s, " if keys else ""
            return (
                f"agent answers after 20 s, {leaving}queue times out, queue unavailable, hangs up"
            )
        case Dial():
            return "dial answered 60 s, dial busy, dial no answer, dial failed, hangs up"
        case _:
            return "nothing: no answer is due"


def write_answer(result: Result, step: str) -> str:
    """The line of a transcript that `read_answer` takes for `result` at `step` (`Gather:menu`)."""
    match result:
        case Digits(value):
            return f"caller presses {value}"
        case Said(words=words, confidence=confidence):
            unclear = "" if confidence >= SURE else " unclearly"
            return f'caller "{words or SOMETHING_ELSE}"{unclear}'
        case Recorded(length_s=length_s, silent=silent, key=key):
            pressed = f"presses {key}" if key else ""
            if silent:
                return f"caller {pressed or 'says nothing'}"
            return " and ".join(filter(None, (f"caller speaks {length_s:g} s", pressed)))
        case NoInput():
            nothing = {"Hear": "no words", "Record": "recording fails"}
            return nothing.get(step.partition(":")[0], "caller says nothing")
        case Heard():
            return "words found"
        case QueueSeen(waiting, agents, wait_s):
            return f"queue {waiting} waiting, {agents} agents, {wait_s} s"
        case QueueEnded("key", waited_s, key):
            return f"caller presses {key} after {waited_s} s"
        case QueueEnded("answered", waited_s, talked_s=talked_s) if talked_s:
            return f"agent talks {talked_s} s after {waited_s} s"
        case QueueEnded(outcome, waited_s):
            told = {"answered": "agent answers", "timeout": "queue times out"}
            return f"{told.get(outcome, 'queue unavailable')} after {waited_s} s"
        case DialEnded(outcome, talked_s):
            talked = f" {talked_s} s" if talked_s else ""
            return f"dial {outcome.replace('_', ' ')}{talked}"
        case HungUp():
            return "caller hangs up"
        case Done(value):
            return f"gives {json.dumps(value, ensure_ascii=False)}"


def take_keys(gather: Gather, keys: str) -> tuple[Digits | NoInput, str]:
    """What a telephone driver makes of `keys`, and the keys that are left for the next step."""
    digits = ""
    for index, key in enumerate(keys):
        if key in gather.finish_on:
            return Digits(digits) if digits else NoInput(), keys[index + 1 :]
        digits += key
        if len(digits) >= gather.max_digits:
            return Digits(digits), keys[index + 1 :]
    return Digits(digits) if digits else NoInput(), ""


def take_words(phrases: Phrases, said: Words) -> Said | NoInput:
    """What a recogniser makes of the words: what is not on the question's list is nothing."""
    key = key_of(phrases, said.value)
    if not key:
        return NoInput()
    return Said(key, said.value, SURE / 2 if said.unclear else 1.0)


def _silent(plain: str) -> bool:
    return plain in ("", "says nothing", "says nothing amid noise", "nothing", "silence")


def _at_gather(plain: str, told: str, gather: Gather) -> Answer | None:
    if _silent(plain):
        return NoInput()
    if found := re.fullmatch(rf"(?:presses |press )?{_KEYS}(?: {_WHEN})?", plain):
        return Keys(found["keys"])
    if gather.by_word and (found := re.fullmatch(_QUOTED + r"(?P<unclear> unclearly)?", told)):
        return Words(found["words"], unclear=bool(found["unclear"]))
    return None


def _at_record(plain: str, told: str, record: Record) -> Answer | None:
    if plain == "recording fails":
        return NoInput()
    if _silent(plain):
        return Speech(SILENT_TAKE_S, silent=True)
    ending = re.search(r"(?:^| and )(?:presses |press )?(?P<key>[0-9*#])$", plain)
    key = ending["key"] if ending else ""
    if key and key not in record.end_keys:
        return None
    rest = plain[: ending.start()] if ending else plain
    if not rest or _silent(rest):
        return Speech(1.0, silent=True, key=key)
    if found := re.fullmatch(rf"(?:speaks|says?) {_TIME}", rest):
        return Speech(min(_seconds(found), record.max_length_s), key=key)
    if found := re.match(_QUOTED, told):
        words = found["words"]
        length_s = round(SECONDS_A_WORD * len(words.split()), 1)
        return Speech(min(length_s, record.max_length_s), key=key, words=words)
    return None


def _at_hear(plain: str) -> Answer | None:
    if plain in ("words", "words found"):
        return Heard()
    return NoInput() if plain in ("no words", "words none", "says nothing") else None


def _at_queue(plain: str) -> Answer | None:
    if plain in ("queue nobody on duty", "nobody on duty"):
        return QueueSeen(0, 0, 0)
    found = re.fullmatch(
        r"(?:queue )?(?P<waiting>[0-9]+)(?: waiting,)? (?P<agents>[0-9]+)(?: agents?,)? " + _TIME,
        plain,
    )
    if not found:
        return None
    # A bare third number is minutes: nobody tells a wait in seconds.
    wait_s = float(found["time"]) * (1 if found["unit"] == "s" else 60)
    return QueueSeen(int(found["waiting"]), int(found["agents"]), round(wait_s))


def _in_queue(plain: str, queue: Enqueue) -> Answer | None:
    if found := re.fullmatch(rf"(?:queue (?:is )?)?unavailable{_AFTER}", plain):
        return QueueEnded("unavailable", round(_seconds(found)))
    if found := re.fullmatch(rf"(?:queue times out|timeout){_AFTER}", plain):
        return QueueEnded("timeout", round(_seconds(found)) or queue.wait_s)
    agent = rf"agent (?:answers|talks(?: (?P<talked>[0-9.]+) ?s)?){_AFTER}"
    if found := re.fullmatch(agent, plain):
        talked_s = round(float(found["talked"] or 0))
        return QueueEnded("answered", round(_seconds(found)), talked_s=talked_s)
    if found := re.fullmatch(rf"answered(?: {_TIME})?", plain):
        return QueueEnded("answered", round(_seconds(found)))
    found = re.fullmatch(rf"(?:presses |press |key )?(?P<keys>[0-9*#]){_AFTER}", plain)
    if found and found["keys"] in queue.leave_keys:
        return QueueEnded("key", round(_seconds(found)), found["keys"])
    return None


def _at_dial(plain: str) -> Answer | None:
    told = plain.removeprefix("dial").strip()
    if found := re.fullmatch(rf"(?:is )?answered(?:,? {_TIME})?", told):
        return DialEnded("answered", round(_seconds(found)))
    match told:
        case "busy" | "is busy":
            return DialEnded("busy")
        case "no answer" | "no_answer":
            return DialEnded("no_answer")
        case "failed" | "fails":
            return DialEnded("failed")
        case _:
            return None


def _seconds(found: re.Match[str]) -> float:
    value = float(found["time"] or 0)
    return value * 60 if found["unit"] == "min" else value
