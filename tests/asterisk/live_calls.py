"""A caller at the other end of a real Asterisk, who does what a transcript says.

The hotline tells the caller's thread each wait that its call has come to; the caller then keys,
speaks, keeps silent or hangs up on a channel of their own. Whether keys come during the prompt or
after it changes from question to question: a journal must not depend on it.
"""

import itertools
import threading
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Literal, Protocol

from ivr.answers import Keys, Speech, Words, expected, read_answer, take_keys
from ivr.call_script import CallScript
from ivr.conversation import recording_name
from ivr.dialogue import SURE
from ivr.engine import Pending
from ivr.phrases import StepPhrases
from ivr.steps import (
    DialEnded,
    Digits,
    Gather,
    Hear,
    HungUp,
    Json,
    NoInput,
    QueueEnded,
    QueueSeen,
    Record,
    Recorded,
    Result,
    Said,
    Wait,
)
from tests.asterisk.caller_sounds import SPEECH_S, CallerSounds
from tests.asterisk.fake_agi import Visit
from tests.asterisk.running import until

Situation = Literal["usual", "can_connect", "hears_words", "flood", "closed", "holiday"]
# What Asterisk keeps of the silence before and after the words.
MORE_S = 1.9
LESS_S = 0.4
LONGEST_WAIT_S = 45.0
PRESS_AFTER_S = 0.3
BETWEEN_KEYS_S = 0.15
# From the question's cue until Asterisk has its recogniser, on a busy machine.
LISTENS_AFTER_S = 0.8
AMID_NOISE = "amid noise"
WHILE_SPEAKING = "while speaking"


@dataclass(frozen=True)
class Arranged:
    """What there was before a call: what to put for keys of the script, and who rang whom."""

    keys: Mapping[str, str] = field(default_factory=dict)
    outgoing: str = ""


@dataclass(frozen=True)
class Plan:
    """A transcript to be held by telephone.

    `words` are what a stand-in for the worker finds in a recording that is waited for; `before`
    names what happened earlier; `spoken` has real prompts instead of short sounds; `looks` keeps
    what Asterisk says of the channel at the last answer; `talks` speaks where a key is wanted.
    """

    transcript: str
    situation: Situation = "usual"
    number: str = ""
    words: str | None = None
    before: str = ""
    spoken: bool = False
    looks: bool = False
    talks: bool = False
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.transcript


@dataclass
class Line:
    """One call as both of its ends know it."""

    plan: Plan
    script: CallScript
    number: str
    arranged: Arranged = field(default_factory=Arranged)
    unique_id: str = ""
    channel: str = ""
    call_id: str = ""
    stops: "Queue[Pending]" = field(default_factory=Queue)
    cues: "Queue[str]" = field(default_factory=Queue)
    reached: int = -1
    waits: list[Wait] = field(default_factory=list)
    commands: dict[int, tuple[object, Json]] = field(default_factory=dict)
    seen: str = ""
    failure: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def told(self) -> tuple[str, ...]:
        """The script's answers, with what was arranged put in."""
        return tuple(self._with_keys(line) for line in self.script.told)

    @property
    def withheld(self) -> bool:
        return "number withheld" in self.script.head[0]

    def come_to(self, at: Pending) -> None:
        """The hotline tells where the call stands; a visit that only comes back tells nothing."""
        if at.turn.wait is None or at.position > self.reached:
            self.reached = at.position
            while not self.cues.empty():
                self.cues.get_nowait()  # of a question that was answered without them
            self.stops.put(at)

    def _with_keys(self, line: str) -> str:
        for written, real in self.arranged.keys.items():
            line = line.replace(written, real)
        return line


class World(Protocol):
    """What else happens in a call than what its caller does, and where it is recorded."""

    @property
    def recordings(self) -> Path: ...
    def operator_answers(self, talk_s: float) -> None: ...
    def outside_hangs_up(self, talk_s: float) -> None: ...
    def show_channel(self, channel: str) -> str: ...


class Caller:
    """Holds one call on the channel `visit`."""

    def __init__(
        self, line: Line, visit: Visit, world: World, sounds: CallerSounds, spoken: StepPhrases
    ) -> None:
        """`spoken`: what may be said at each question."""
        self._spoken = spoken
        self._line = line
        self._visit = visit
        self._world = world
        self._sounds = sounds
        self._silence = (sounds.silence,)

    def hold(self) -> None:
        """The whole call; what goes wrong is kept with the line."""
        try:
            self._hold()
        except Exception:
            self._line.failure = traceback.format_exc()
        finally:
            self._line.over.set()

    def _hold(self) -> None:
        told = list(self._line.told)
        keys = ""
        while (wait := (at := self._next_stop()).turn.wait) is not None:
            self._line.waits.append(wait)
            if isinstance(wait, Gather) and keys:
                _, keys = take_keys(wait, keys)  # they were pressed already
                continue
            assert told, f"the script ends; expected {expected(wait)}"
            if len(told) == 1 and self._line.plan.looks:
                self._line.seen = self._world.show_channel(self._line.channel)
            text = told.pop(0)
            answer = read_answer(text, wait)
            keys = ""
            match answer:
                case HungUp():
                    assert not told, f"the script goes on after the hangup with {told}"
                    self._stay_a_moment(wait)
                    return  # the end of this visit is the end of the call
                case Keys(value):
                    assert isinstance(wait, Gather)
                    self._await_question(wait)
                    if WHILE_SPEAKING in text:
                        self._play(self._sounds.mid_word)
                    self._press(value)
                    _, keys = take_keys(wait, value)
                case Words(value, unclear):
                    assert isinstance(wait, Gather)
                    self._await_question(wait)
                    self._play(self._sounds.answer(self._index(wait, value), unclear))
                case NoInput() if isinstance(wait, Gather) and wait.by_word:
                    noise = AMID_NOISE in text
                    self._until_next_stop(self._sounds.noise() if noise else self._silence)
                case Speech():
                    self._speak(answer, at)
                case QueueEnded() | DialEnded():
                    self._on_another_line(answer)
                case NoInput() if isinstance(wait, Gather) and self._line.plan.talks:
                    self._play(self._sounds.words)
                case NoInput() if isinstance(wait, Hear) and at.position % 2:
                    self._press("5", 0.5)  # any key goes on without the words
                case _:
                    pass  # it happens without the caller
        assert not told, f"the call is over, but the script goes on with {told}"
        self._listen_to_the_end()

    def _next_stop(self) -> Pending:
        try:
            return self._line.stops.get(timeout=LONGEST_WAIT_S)
        except Empty:
            raise AssertionError(f"nothing came after {self._line.waits[-1:]}") from None

    def _await_question(self, wait: Gather) -> None:
        """Real prompts are interrupted at their beginning; short sounds are over by then."""
        cues, spoken = self._line.cues, self._line.plan.spoken
        while cues.get(timeout=LONGEST_WAIT_S) != wait.key and not spoken:
            pass
        if wait.by_word:
            time.sleep(LISTENS_AFTER_S)

    def _index(self, wait: Gather, words: str) -> int | None:
        """Where the words stand in the question's list."""
        phrases = list(self._spoken.get(wait.key, {}))
        return phrases.index(words) if words in phrases else None

    def _play(self, sound: str) -> None:
        self._visit.command(f'STREAM FILE "{sound}" ""')

    def _until_next_stop(self, pieces: Iterable[str]) -> None:
        """Short pieces of sound, over and over, until the call has moved on."""
        for piece in itertools.cycle(pieces):
            if not self._line.stops.empty():
                return
            self._play(piece)

    def _press(self, keys: str, after_s: float = 0.0) -> None:
        # Between two AGI commands Asterisk throws keys away: the caller is no quicker than people.
        time.sleep(PRESS_AFTER_S + after_s)
        for key in keys:
            self._visit.command(f'EXEC SendDTMF "{key},100,120"')
            time.sleep(BETWEEN_KEYS_S)

    def _speak(self, speech: Speech, at: Pending) -> None:
        assert isinstance(at.turn.wait, Record)
        ends_prompt = speech.silent and speech.key not in ("", "#") and at.position % 2
        if ends_prompt:
            self._press(speech.key)
            return
        sound = self._world.recordings / f"{recording_name(at)}.wav"
        until(sound.exists, LONGEST_WAIT_S)
        if not speech.silent:
            self._play(self._sounds.words)
        if speech.key:
            self._press(speech.key)
            return
        # A line carries silence too; without it Asterisk would never notice that nobody speaks.
        self._until_next_stop(self._silence)

    def _on_another_line(self, ended: QueueEnded | DialEnded) -> None:
        match ended:
            case QueueEnded("answered"):
                self._world.operator_answers(1.1)
            case QueueEnded("key", _, key):
                self._press(key, 1.5)
            case DialEnded("answered"):
                self._world.outside_hangs_up(1.2)
            case _:
                pass  # nobody is there

    def _stay_a_moment(self, wait: Wait) -> None:
        match wait:
            case Record():
                pass  # who does not hang up before the beep is recorded
            case Gather():
                time.sleep(0.3)  # in the middle of the prompt
            case _:
                time.sleep(1.2)

    def _listen_to_the_end(self) -> None:
        until = time.monotonic() + LONGEST_WAIT_S
        while time.monotonic() < until:
            if self._visit.command("WAIT FOR DIGIT 5000") != "200 result=0":
                return  # the hotline has hung up
        raise AssertionError("the hotline did not hang up")


def told_by(line: Line, journal: Mapping[int, Result]) -> Iterator[tuple[Wait, str, Result]]:
    """Each line of the script with its wait and the result that stands in the journal for it.

    What keys typed ahead have answered has no line.
    """
    told, keys = iter(line.told), ""
    results = [result for _, result in sorted(journal.items())]
    for wait, result in zip(line.waits, results, strict=True):
        if isinstance(wait, Gather) and keys:
            _, keys = take_keys(wait, keys)
            continue
        text = next(told)
        answer = read_answer(text, wait)
        keys = ""
        if isinstance(answer, Keys) and isinstance(wait, Gather):
            _, keys = take_keys(wait, answer.value)
        yield wait, text, result


def agrees(text: str, wait: Wait, result: Result) -> bool:
    """Whether `result` is what `text` says, but for the seconds, which differ by telephone."""
    answer = read_answer(text, wait)
    match answer, result:
        case Speech(silent=silent, key=key), Recorded():
            sounds_right = SPEECH_S - LESS_S < result.length_s < SPEECH_S + MORE_S
            return (silent, key) == (result.silent, result.key) and (silent or sounds_right)
        case QueueSeen(), QueueSeen():
            return (answer.waiting, answer.agents) == (result.waiting, result.agents)
        case QueueEnded(), QueueEnded():
            return (answer.outcome, answer.key) == (result.outcome, result.key)
        case DialEnded(), DialEnded():
            return answer.outcome == result.outcome
        case Words(value, unclear), Said(_, words, confidence):
            return (value, unclear) == (words, confidence < SURE)
        case Words(), NoInput():
            return True  # where the words are on no list: the bare call tells
        case Keys(value), Digits() | NoInput():
            assert isinstance(wait, Gather)
            return take_keys(wait, value)[0] == result
        case _:
            return answer == result
