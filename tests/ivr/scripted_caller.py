"""A caller at Twilio who does what a journal says.

Whether a key comes while the prompt is spoken or after it, whether an entry is ended by `#` or by
waiting, and what a caller does who says nothing, changes from answer to answer: a journal must not
depend on it.
"""

from collections.abc import Sequence
from typing import NoReturn
from xml.etree import ElementTree as ET

from ivr.drivers.listening import Quiet, Words
from ivr.drivers.simulator import SimulatedClock
from ivr.steps import (
    Dial,
    DialEnded,
    Digits,
    Enqueue,
    Gather,
    Hear,
    Heard,
    HungUp,
    NoInput,
    QueueEnded,
    QueueSeen,
    Record,
    Recorded,
    Result,
    Said,
    Wait,
)
from tests.fake_twilio.voice import Dialled, LeavesLine, Pressed, SaidAloud, Take

SOMETHING_ELSE = SaidAloud("Ờ thì là mà.", 0.9)
A_MOMENT_S = 0.8
_QUEUE_STATUS = {"answered": "completed", "timeout": "no-answer", "unavailable": "failed"}
_DIAL_STATUS = {
    "answered": "completed",
    "busy": "busy",
    "no_answer": "no-answer",
    "failed": "failed",
}
_NOTHING = Pressed()


class ScriptedCaller:
    """Answers each wait in order, whichever verbs it was made of."""

    def __init__(self, answers: Sequence[tuple[Wait, Result]], clock: SimulatedClock) -> None:
        self._answers = list(answers)
        self._clock = clock
        self._next = 0
        self._met = -1
        self._met_at = clock()
        self._silent = False  # while somebody listens, as often as they like
        self.words_in: set[str] = set()

    @property
    def left(self) -> Sequence[tuple[Wait, Result]]:
        """The answers that nobody asked for."""
        self._end_silence()
        return self._answers[self._next :]

    def at_gather(self, gather: ET.Element) -> Pressed | SaidAloud:
        self._end_silence()
        wait, result = self._due()
        match wait, result:
            case _, HungUp():
                self._leave()
            case Gather(), Digits() if not self._next % 2 and _records(gather):
                return _NOTHING  # and presses it while somebody listens
            case Gather(), Said() | NoInput() if _records(gather):
                return _NOTHING
            case Gather(), Digits(value):
                self._answered()
                whole = len(value) == int(gather.attrib["numDigits"])
                return Pressed(value if whole or self._next % 2 else f"{value}#")
            case Gather(), Said(words=words, confidence=confidence):
                self._answered()
                return SaidAloud(f"{words.capitalize()}.", confidence)
            case Gather(by_word=by_word), NoInput():
                self._answered()
                if by_word and self._next % 2 and "speech" in gather.get("input", ""):
                    return SOMETHING_ELSE
                return Pressed("#" if self._next % 3 == 0 else "")
            case Record(), Recorded(silent=True, key=key) if key not in ("", "#"):
                if self._next % 2:
                    return _NOTHING  # and presses it after the beep
                self._answered()
                return Pressed(key)
            case Record(), _:
                return Pressed("#" if self._next % 2 else "")  # begins at once, or listens
            case Hear(), NoInput():
                if self._next % 2:
                    self._answered()
                    return Pressed("1")  # any key goes on without the words
                return self._until_the_end(gather)
            case Enqueue(), QueueEnded("key", waited_s, key):
                self._answered()
                return Pressed(key, waited_s)
            case Enqueue(), QueueEnded(_, 0):
                return Pressed("9")  # no key that leaves: the prompt has been heard
        return _NOTHING

    def at_record(self, record: ET.Element) -> Take:
        wait, result = self._due()
        if isinstance(wait, Gather):
            return self._at_short_recording(result)
        self._answered()
        match result:
            case HungUp():
                self._next = len(self._answers)
                return Take(no_sound=True, hangs_up=True)
            case Recorded(silent=True, key=key):
                return Take(key=key, quiet_s=A_MOMENT_S if key else 0)
            case Recorded(length_s=length_s, key=key):
                return Take(spoken_s=length_s, key=key)
            case _:
                return Take(no_sound=True)

    def _at_short_recording(self, result: Result | None) -> Take:
        match result:
            case Digits(value):
                self._answered()
                return Take(key=value, quiet_s=A_MOMENT_S)
            case Said():
                return Take(spoken_s=A_MOMENT_S)
            case _ if self._next % 3 == 0:
                self._answered()
                return Take(key="#", quiet_s=A_MOMENT_S)
            case _:
                self._silent = self._next % 2 == 0
                return Take(no_sound=self._silent and self._next % 4 == 0)

    def word(self, recording: str) -> Words | Quiet:
        """What our own recogniser hears in a short recording."""
        self.words_in.add(recording)
        _, result = self._due()
        if self._silent:
            return Quiet(spoke=False)
        self._answered()
        if isinstance(result, Said):
            return Words(result.words, result.confidence)
        return Quiet(spoke=True)

    def at_dial(self, dial: ET.Element) -> Dialled:
        wait, result = self._due()
        self._answered()
        match wait, result:
            case Enqueue(), QueueEnded(outcome, waited_s, talked_s=talked_s):
                rang_s = waited_s - (self._clock() - self._met_at).total_seconds()
                return Dialled(_QUEUE_STATUS[outcome], rang_s, talked_s)
            case Dial(), DialEnded(outcome, talked_s):
                return Dialled(_DIAL_STATUS[outcome], 3.0, talked_s)
            case _:
                self._leave()

    def words_ready(self, recording: str) -> bool:
        """What our server asks of the recogniser."""
        _, result = self._due()
        if isinstance(result, Heard):
            self._answered()
            return True
        return False

    def look_at_queue(self) -> QueueSeen:
        """What our server is told of the queue."""
        _, result = self._due()
        assert isinstance(result, QueueSeen), f"expected a look at the queue, found {result}"
        self._answered()
        return result

    def _until_the_end(self, gather: ET.Element) -> Pressed:
        wait, _ = self._due()
        assert isinstance(wait, Hear)
        if (self._clock() - self._met_at).total_seconds() + 1 > wait.limit_s:
            self._answered()
        return _NOTHING

    def _due(self) -> tuple[Wait | None, Result | None]:
        if self._met != self._next:
            self._met, self._met_at = self._next, self._clock()
        return self._answers[self._next] if self._next < len(self._answers) else (None, None)

    def _end_silence(self) -> None:
        """Nobody listens any more to who says nothing: it has been taken for their answer."""
        if self._silent:
            self._silent = False
            self._answered()

    def _answered(self) -> None:
        self._next += 1

    def _leave(self) -> NoReturn:
        self._next = len(self._answers)
        raise LeavesLine


def _records(gather: ET.Element) -> bool:
    """Whether a short recording follows."""
    return "part=prompt" in gather.attrib["action"]
