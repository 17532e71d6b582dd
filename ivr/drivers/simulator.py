"""A call without a telephone: typed answers in, what the caller would hear and what it did out.

Everything behind the telephone is real: engine, journal, handlers, a database of its own. Only
the sound is made up: a recording is a tone of the length that was typed.
"""

import dataclasses
import math
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr.answers import (
    SECONDS_A_WORD,
    Keys,
    Speech,
    Words,
    expected,
    read_answer,
    take_keys,
    take_words,
)
from ivr.codec import decode
from ivr.conversation import Conversations, recording_name
from ivr.drivers.effects import Effect, changes, look
from ivr.drivers.recorder import Recorder
from ivr.engine import Arrival, Handler, Handlers, Pending, Prepare
from ivr.errors import BadAnswer
from ivr.models import Call, JournalEntry
from ivr.phrases import Phrases, StepPhrases
from ivr.spoken import Prompt, Wording, happening, said, spoken
from ivr.steps import (
    DialEnded,
    Done,
    Gather,
    Hear,
    Heard,
    HungUp,
    Json,
    NoInput,
    QueueEnded,
    Recorded,
    Result,
    Wait,
    step_name,
)
from reports.models import Transcript, TranscriptStatus
from speech.sound import Sound, write_wav

DRIVER = "simulator"
RATE_HZ = 8000
_TONE_HZ = 440
_AMPLITUDE = 6000
_KEYING_S = 2.0
_CODE = re.compile(r"(?P<before>\bpresses +)(?P<name>reference|pin)\b")


@dataclass
class SimulatedClock:
    """Moves by what the caller does, not by itself."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Noted:
    """A journal entry; for a `Do`, `command` is what was asked and the result what came back."""

    position: int
    step: str
    result: Result
    command: object | None = None


@dataclass(frozen=True)
class Shown:
    """The turn at which the call stands, and what the last answer led to.

    `expects` tells which answers fit; None once the call is over.
    """

    says: tuple[str, ...]
    happening: str | None
    step: str
    language: str
    slow: bool
    expects: str | None
    noted: tuple[Noted, ...]
    effects: tuple[Effect, ...]
    prompts: tuple[Prompt, ...] = ()  # of which `says` are the words


class Watched(Mapping[type[object], Handler]):
    """Handlers that leave a note of each command."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self.commands: dict[int, object] = {}

    def __getitem__(self, kind: type[object]) -> Handler:
        handler = self._handlers[kind]

        def watched(
            session: Session, call: Call, position: int, command: object, now: datetime
        ) -> Json:
            self.commands[position] = command
            return handler(session, call, position, command, now)

        return watched

    def __iter__(self) -> Iterator[type[object]]:
        return iter(self._handlers)

    def __len__(self) -> int:
        return len(self._handlers)


@dataclass
class Simulator:
    """One simulated call on `database`, which nobody else uses.

    `spoken_words`: language to what may be said at its questions.
    `shows_effects`: compare the tables before and after each answer. `codes` are the reference
    and the PIN that were given last: they are drawn anew each time, so a script names them.
    """

    database: Engine
    handlers: Handlers
    prepare: Prepare
    recorder: Recorder
    wording: Wording
    clock: SimulatedClock
    spoken_words: Mapping[str, StepPhrases] = field(default_factory=dict)
    shows_effects: bool = True
    _words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._watched = Watched(self.handlers)
        self._conversations = Conversations(self.database, self._watched, self.prepare, self.clock)
        self._seen = look(self.database) if self.shows_effects else {}
        self._noted = 0
        self._at: Pending | None = None
        self.codes: dict[str, str] = {}

    def begin(self, number: str | None, called: str = "", outgoing: str | None = None) -> Shown:
        """The first turn of a call from `number` (E.164; None: withheld)."""
        arrival = Arrival(
            driver=DRIVER,
            driver_call_id=uuid.uuid4().hex,
            caller_number=number,
            called_number=called,
            holder=DRIVER,
            outgoing=outgoing,
        )
        self._at = self._conversations.begin(arrival)
        self._noted = 0
        self._watched.commands.clear()
        return self._shown()

    @property
    def journal(self) -> tuple[Noted, ...]:
        """The whole journal of the call."""
        with Session(self.database) as session:
            return self._entries(session, 0)

    def answer(self, text: str) -> Shown:
        """The turn after `text`, in the language of `ivr.answers`.

        Raises:
            BadAnswer: it does not fit, or the call is over; nothing has changed.
        """
        at = self._standing()
        wait = at.turn.wait
        if wait is None:
            raise BadAnswer("the call is over")
        answer = read_answer(_CODE.sub(self._code, text), wait)
        keys = ""
        if isinstance(answer, Keys):
            assert isinstance(wait, Gather)
            answer, keys = take_keys(wait, answer.value)
        elif isinstance(answer, Words):
            answer = take_words(self._phrases(at, wait), answer)
        elif isinstance(answer, Speech):
            answer = self._record(at, answer)
        self._advance(at, wait, answer)
        # Whoever typed more than was asked for answers the next questions by it.
        while keys and isinstance(wait := self._standing().turn.wait, Gather):
            answer, keys = take_keys(wait, keys)
            self._advance(self._standing(), wait, answer)
        return self._shown()

    def _phrases(self, at: Pending, wait: Wait) -> Phrases:
        return self.spoken_words.get(at.turn.manner.language, {}).get(wait.key, {})

    def _code(self, found: re.Match[str]) -> str:
        name = found["name"]
        if name not in self.codes:
            raise BadAnswer(f"expected a report to be filed before its {name} is keyed in")
        return found["before"] + self.codes[name]

    def _standing(self) -> Pending:
        if self._at is None:
            raise BadAnswer("expected `begin` first")
        return self._at

    def _advance(self, at: Pending, wait: Wait, result: Result) -> None:
        self.clock.pass_by(self._length_s(at, wait, result))
        if isinstance(result, Heard) and isinstance(wait, Hear):
            self._write_words(wait.recording)
        self._at = self._conversations.advance(at, result)

    def _record(self, at: Pending, speech: Speech) -> Recorded:
        name = recording_name(at)
        write_wav(self.recorder.folder / f"{name}.wav", tone(speech))
        recorded = self.recorder.take(name)
        assert recorded is not None, "a sound that was just written can be read"
        if speech.words:
            self._words[name] = speech.words
        return dataclasses.replace(recorded, key=speech.key)

    def _write_words(self, recording: str) -> None:
        if words := self._words.get(recording):
            with Session(self.database) as session, session.begin():
                session.merge(
                    Transcript(
                        recording_name=recording,
                        status=TranscriptStatus.DONE,
                        language=self._standing().turn.manner.language,
                        text=words,
                        confidence=1.0,
                        segments=[],
                        engine=DRIVER,
                        requested_at=self.clock(),
                        finished_at=self.clock(),
                    )
                )

    def _length_s(self, at: Pending, wait: Wait, result: Result) -> float:
        words = sum(len(sentence.split()) for sentence in spoken(at.turn, self.wording))
        match result:
            case Recorded(length_s=took_s) | QueueEnded(waited_s=took_s):
                pass
            case DialEnded(talked_s=took_s):
                pass
            case NoInput() if isinstance(wait, Gather):
                took_s = wait.timeout_s
            case _:
                took_s = _KEYING_S
        return words * SECONDS_A_WORD + took_s

    def _shown(self) -> Shown:
        at = self._standing()
        turn = at.turn
        with Session(self.database) as session:
            noted = self._entries(session, self._noted)
        self._noted += len(noted)
        self._keep_codes(noted)
        effects: tuple[Effect, ...] = ()
        if self.shows_effects:
            before, self._seen = self._seen, look(self.database)
            effects = changes(before, self._seen)
        hung_up = any(isinstance(entry.result, HungUp) for entry in noted)
        return Shown(
            says=() if hung_up else tuple(spoken(turn, self.wording)),
            happening=happening(turn.wait),
            step=step_name(turn.wait),
            language=turn.manner.language,
            slow=turn.manner.slow,
            expects=expected(turn.wait) if turn.wait else None,
            noted=noted,
            effects=effects,
            prompts=() if hung_up else tuple(said(turn)),
        )

    def _keep_codes(self, noted: tuple[Noted, ...]) -> None:
        for entry in noted:
            match entry.result:
                case Done({"reference": str(reference), "pin": str(pin)}):
                    digits = "".join(sign for sign in reference if sign.isdigit())
                    self.codes = {"reference": digits, "pin": pin}

    def _entries(self, session: Session, since: int) -> tuple[Noted, ...]:
        call_id = self._standing().call_id
        rows = session.scalars(
            select(JournalEntry)
            .where(JournalEntry.call_id == call_id, JournalEntry.position >= since)
            .order_by(JournalEntry.position)
        )
        commands: Mapping[int, Any] = self._watched.commands
        return tuple(
            Noted(row.position, row.step, decode(row.result), commands.get(row.position))
            for row in rows
        )


def tone(speech: Speech) -> Sound:
    """A tone, or silence, of the length of `speech`."""
    count = math.ceil(speech.length_s * RATE_HZ)
    if speech.silent:
        return Sound(np.zeros(count, dtype=np.int16), RATE_HZ)
    wave = _AMPLITUDE * np.sin(np.arange(count) * (2 * np.pi * _TONE_HZ / RATE_HZ))
    return Sound(wave.astype(np.int16), RATE_HZ)
