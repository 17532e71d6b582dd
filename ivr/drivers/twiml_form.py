"""What came back for a turn that was rendered as TwiML: a form becomes a result. Pure.

| wait | address | what is posted | result |
|---|---|---|---|
| Gather | – | Digits | Digits, or NoInput where there are none |
| | – | SpeechResult, Confidence | Said, where it is one of the question's words; else NoInput |
| Gather by word, recorded | prompt | Digits | Digits; NoInput where the key ends an entry |
| | words | RecordingSid | ShortRecording: our own recogniser tells |
| | words | RecordingSid, Digits | as at `prompt`; `hangup`: HungUp |
| | later | – | ShortRecording, for the last time |
| | empty | – | the next short recording; NoInput once the time is over |
| Record | – | RecordingSid, RecordingDuration, Digits | Spoken; Digits may be `hangup` |
| | prompt | Digits | the key instead of a recording; `#` and keys that end none: the beep |
| | empty | – | NoInput: there was no sound at all |
| Hear | poll | – | WordsWanted; NoInput once the limit is over |
| | poll | Digits | NoInput: any key says "go on" |
| LookAtQueue | look | – | LookWanted |
| Enqueue | prompt | Digits | QueueEnded, a key that leaves; any other: ring |
| | dial | DialCallStatus | QueueEnded by QUEUE_OUTCOMES |
| | refused | – | QueueEnded, unavailable |
| Dial | dial | DialCallStatus, DialCallDuration | DialEnded by DIAL_OUTCOMES |
| | refused | – | DialEnded, failed |

Everything else renders the turn again: what was meant for another wait is late.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ivr.drivers.twiml import SLOW_FACTOR, Part
from ivr.drivers.twiml_answers import (
    Again,
    Answer,
    KeyAlone,
    LookWanted,
    ShortRecording,
    Spoken,
    WordsWanted,
)
from ivr.drivers.twiml_words import said
from ivr.errors import BadForm
from ivr.phrases import Phrases
from ivr.session import Turn
from ivr.steps import (
    Dial,
    DialEnded,
    DialOutcome,
    Digits,
    Enqueue,
    Gather,
    Hear,
    HungUp,
    LookAtQueue,
    NoInput,
    QueueEnded,
    QueueOutcome,
    Record,
)

START_KEY = "#"
KEYS = frozenset("0123456789*#")
MOST_KEYS = 40
LONGEST_S = 86_400
LONGEST_ID = 64
LEFT = "hangup"
# A recording that a key ended within a second holds the key.
NOTHING_SAID_S = 1
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

QUEUE_OUTCOMES: Mapping[str, QueueOutcome] = MappingProxyType(
    {
        "completed": "answered",
        "answered": "answered",
        "busy": "timeout",
        "no-answer": "timeout",
        "canceled": "timeout",
        "failed": "unavailable",
    }
)
DIAL_OUTCOMES: Mapping[str, DialOutcome] = MappingProxyType(
    {
        "completed": "answered",
        "answered": "answered",
        "busy": "busy",
        "no-answer": "no_answer",
        "canceled": "no_answer",
        "failed": "failed",
    }
)


def read(
    turn: Turn,
    carried: Mapping[str, str],
    form: Mapping[str, str],
    phrases: Phrases,
    now_s: int,
) -> tuple[Answer, ...]:
    """What `form` says about `turn`, in order: a caller may have answered and then left.

    `carried` is what the address had been given to carry; `phrases` are those that the question
    was rendered with.

    Raises:
        BadForm: a value is none that TwiML's documentation knows.
    """
    answer = _READERS[type(turn.wait)](_Came(turn, carried, form, phrases, now_s))
    if form.get("CallStatus") in OVER or form.get("Digits") == LEFT:
        return (answer, HungUp()) if _gave(answer) else (HungUp(),)
    return (answer,)


def _gave(answer: Answer) -> bool:
    """Whether the caller did something before they left."""
    match answer:
        case QueueEnded(outcome) | DialEnded(outcome):
            return outcome == "answered"
        case NoInput() | Again() | WordsWanted() | LookWanted() | ShortRecording():
            return False
        case _:
            return True


@dataclass(frozen=True)
class _Came:
    turn: Turn
    carried: Mapping[str, str]
    form: Mapping[str, str]
    phrases: Phrases
    now_s: int

    @property
    def part(self) -> str | None:
        return self.carried.get("part")

    @property
    def keys(self) -> str:
        keys = self.form.get("Digits", "")
        if keys == LEFT:
            return ""
        if len(keys) > MOST_KEYS or not KEYS.issuperset(keys):
            raise BadForm(f"Digits: expected at most {MOST_KEYS} keys 0-9*#, found other signs")
        return keys

    def seconds(self, name: str) -> int:
        return _whole(name, self.form.get(name, "0"))

    @property
    def since_s(self) -> int:
        return _whole("since_s", self.carried.get("since_s", str(self.now_s)))

    @property
    def waited_s(self) -> int:
        return min(_whole("waited_s", self.carried.get("waited_s", "0")), LONGEST_S)


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(2**63))):
        raise BadForm(f"{name}: expected whole seconds, found {len(text)} other signs")
    return int(text)


def _gather(came: _Came) -> Answer:
    gather = came.turn.wait
    assert isinstance(gather, Gather)
    if came.part is not None:
        return _word(came, gather) if gather.by_word else Again()
    # What is longer than asked for was typed for the next question, which asks by itself.
    if keys := came.keys[: gather.max_digits]:
        return Digits(keys)
    if "SpeechResult" in came.form:
        confidence = _confidence(came.form.get("Confidence", ""))
        return said(came.phrases, came.form["SpeechResult"], confidence) or NoInput()
    return NoInput()


def _word(came: _Came, gather: Gather) -> Answer:
    if key := came.keys[:1]:
        return NoInput() if key in gather.finish_on else Digits(key)
    recording = short_recording(came.carried, came.form)
    match came.part:
        case "words" | "later" if recording:
            return ShortRecording(recording, came.waited_s, came.part == "later")
        case "empty":
            return listened(came.turn, came.waited_s)
        case _:
            return Again()


def listened(turn: Turn, waited_s: int) -> Again | NoInput:
    """What follows where nobody has spoken for so long: the rest of the turn, or silence."""
    assert isinstance(turn.wait, Gather)
    if waited_s < turn.wait.timeout_s * (SLOW_FACTOR if turn.manner.slow else 1):
        return Again(Part(speaks=False, waited_s=waited_s))
    return NoInput()


def short_recording(carried: Mapping[str, str], form: Mapping[str, str]) -> str:
    """The short recording that an answer is about; '' where it is about none."""
    if carried.get("part") == "words":
        return form.get("RecordingSid", "")
    found = carried.get("recording", "")
    if not (found.isascii() and found.isalnum() and len(found) <= LONGEST_ID):
        return ""
    return found


def _record(came: _Came) -> Answer:
    record = came.turn.wait
    assert isinstance(record, Record)
    match came.part:
        case "prompt":
            key = came.keys[:1]
            if key and key != START_KEY and key in record.end_keys:
                return KeyAlone(key)
            return Again(Part(speaks=False))
        case "empty":
            return NoInput()
        case None if "RecordingSid" in came.form:
            return _spoken(came, record)
        case _:
            return Again()


def _spoken(came: _Came, record: Record) -> Spoken:
    took_s = min(came.seconds("RecordingDuration"), LONGEST_S)
    key = came.keys[:1] if came.keys[:1] in tuple(record.end_keys) else ""
    quiet_s = record.silence_s * (SLOW_FACTOR if came.turn.manner.slow else 1)
    by_silence = not key and came.form.get("Digits") != LEFT and took_s < record.max_length_s
    if by_silence:
        # The silence that ended it is part of it: nobody spoke where there is nothing else.
        took_s = max(0, took_s - quiet_s)
    # A key that ended it within a second is in it; a hangup makes no sound.
    cut_by_key = not by_silence and came.form.get("Digits") != LEFT
    silent = took_s <= NOTHING_SAID_S if cut_by_key else took_s == 0
    return Spoken(came.form["RecordingSid"], took_s, silent, key)


def _hear(came: _Came) -> Answer:
    hear = came.turn.wait
    assert isinstance(hear, Hear)
    if came.part != "poll":
        return Again()
    waited_s = came.waited_s
    if came.keys or waited_s > hear.limit_s:
        return NoInput()
    return WordsWanted(hear.recording, Part(speaks=False, waited_s=waited_s))


def _look(came: _Came) -> Answer:
    return LookWanted() if came.part == "look" else Again()


def _enqueue(came: _Came) -> Answer:
    enqueue = came.turn.wait
    assert isinstance(enqueue, Enqueue)
    waited_s = max(0, min(came.now_s - came.since_s, LONGEST_S))
    match came.part:
        case "prompt":
            if (key := came.keys[:1]) and key in enqueue.leave_keys:
                return QueueEnded("key", waited_s, key)
            return Again(Part(speaks=False, since_s=came.since_s))
        case "dial":
            outcome = QUEUE_OUTCOMES.get(came.form.get("DialCallStatus", ""), "unavailable")
            talked_s = came.seconds("DialCallDuration")
            talked_s = talked_s if outcome == "answered" else 0
            return QueueEnded(outcome, max(0, waited_s - talked_s), talked_s=talked_s)
        case "refused":
            return QueueEnded("unavailable", waited_s)
        case _:
            return Again()


def _dial(came: _Came) -> Answer:
    match came.part:
        case "dial":
            outcome = DIAL_OUTCOMES.get(came.form.get("DialCallStatus", ""), "failed")
            return DialEnded(outcome, min(came.seconds("DialCallDuration"), LONGEST_S))
        case "refused":
            return DialEnded("failed")
        case _:
            return Again()


def _again(came: _Came) -> Answer:
    return Again()


_READERS = {
    Gather: _gather,
    Record: _record,
    Hear: _hear,
    LookAtQueue: _look,
    Enqueue: _enqueue,
    Dial: _dial,
    type(None): _again,
}


def _confidence(text: str) -> float:
    try:
        found = float(text or 0)
    except ValueError as error:
        raise BadForm("Confidence: expected a number from 0 to 1") from error
    return found if 0 <= found <= 1 else 0.0
