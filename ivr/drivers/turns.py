"""Carrying out a turn on a channel: prompts, then the one wait; a hangup is a result too."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ivr.drivers.listening import Asked, Key, Words
from ivr.drivers.recorder import Recorder
from ivr.errors import ChannelGone, SpeechGone
from ivr.phrases import Phrases, key_of
from ivr.prompts import Prompts
from ivr.queue_members import QUEUE
from ivr.session import Turn
from ivr.steps import (
    Dial,
    DialEnded,
    Digits,
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
)

ALL_KEYS = "0123456789*#"
START_KEY = "#"
PLEASE_WAIT = "please_wait"
CANNOT_RECORD = "cannot_record"
SLOW_FACTOR = 2
LOOK_AT_QUEUE = f"${{QUEUE_WAITING_COUNT({QUEUE})}}:${{QUEUE_MEMBER({QUEUE},logged)}}"
# Nobody listens to nothing for longer than three seconds.
LONGEST_SILENCE_S = 2.5
LOOK_FOR_WORDS_S = 0.25
# Silence that ends an answer of a word or two (hotline-practice: 0.75 to 1 s).
PAUSE_MS = 800

Voices = Mapping[tuple[str, bool], Prompts]
"""(language, slow) to the prompts in which a call is spoken."""
WordsReady = Callable[[str, float], bool]
"""Whether a recording's words lie in the database; waits for them at most so many seconds."""


class TelephoneChannel(Protocol):
    """What a turn needs of a channel; `ivr.drivers.agi.Channel` is one."""

    def play(self, sound: str, escape_digits: str = "") -> str: ...
    def wait_for_digit(self, timeout_ms: int) -> str: ...
    def record(self, path: str, max_length_ms: int, silence_s: int, escape_digits: str) -> str: ...
    def full_variable(self, expression: str) -> str | None: ...
    def listen(self, sounds: Sequence[str], asked: Asked) -> Key | Words | None: ...


def _always() -> bool:
    return True


def _no_words(recording: str, limit_s: float) -> bool:
    return False


@dataclass(frozen=True)
class Telephone:
    """A channel with the voices it speaks in and the place where it records.

    `has_room` says whether the disk can take another recording.
    `handling_s` is how long a person talks to a caller on average; None where there is no queue.
    """

    channel: TelephoneChannel
    voices: Voices
    recorder: Recorder
    words_ready: WordsReady = _no_words
    handling_s: float | None = None
    can_dial: bool = False
    monotonic: Callable[[], float] = time.monotonic
    has_room: Callable[[], bool] = _always


def perform(turn: Turn, telephone: Telephone, recording: str) -> Result | None:
    """Speak `turn` and wait for the caller. `recording` names the sound if it records one.

    None: what the turn waits for is for the dialplan to carry out (`ivr.drivers.handover`).

    Raises:
        AgiError: the channel's trouble, but for a hangup, which is the result `HungUp`.
    """
    return _Performance(turn, telephone).result(recording)


@dataclass(frozen=True)
class _Performance:
    turn: Turn
    telephone: Telephone

    def result(self, recording: str) -> Result | None:
        try:
            match self.turn.wait:
                case Gather() as gather:
                    return self._gather(gather)
                case Record() as record:
                    return self._record(record, recording)
                case Hear() as hear:
                    return self._hear(hear)
                case LookAtQueue():
                    self._speak()
                    return self._look_at_queue()
                case Enqueue() as enqueue:
                    return self._enqueue(enqueue)
                case Dial():
                    self._speak()
                    return None if self.telephone.can_dial else DialEnded("failed")
                case _:
                    self._speak()
                    return NoInput()
        except ChannelGone:
            return HungUp()

    @property
    def _prompts(self) -> Prompts:
        return self.telephone.voices[self.turn.manner.language, self.turn.manner.slow]

    def _speak(self, escape_digits: str = "", last: Gather | Record | None = None) -> str:
        """Play it all; the key that cut it short, or ''."""
        return self._play(self._sounds(last), escape_digits)

    def _sounds(self, last: Gather | Record | None) -> Sequence[str]:
        manner = self.turn.manner
        spoken = [(say.key, say.values, say.language) for say in self.turn.says]
        if last is not None:
            spoken.append((last.key, last.values, None))
        return [
            sound
            for key, values, language in spoken
            for sound in self.telephone.voices[language or manner.language, manner.slow].sounds(
                key, values
            )
        ]

    def _play(self, sounds: Sequence[str], escape_digits: str = "") -> str:
        for sound in sounds:
            if digit := self.telephone.channel.play(sound, escape_digits):
                return digit
        return ""

    def _ms(self, seconds: float) -> int:
        return round(seconds * 1000 * (SLOW_FACTOR if self.turn.manner.slow else 1))

    def _gather(self, gather: Gather) -> Result:
        asked = False
        if phrases := self._prompts.phrases(gather.key) if gather.by_word else {}:
            try:
                return self._key_or_word(gather, phrases)
            except SpeechGone as gone:  # keys answer as ever
                asked = gone.asked
        channel = self.telephone.channel
        digits = ""
        digit = "" if asked else self._speak(ALL_KEYS, gather)
        if not digit:
            digit = channel.wait_for_digit(self._ms(gather.timeout_s))
        while digit and digit not in gather.finish_on:
            digits += digit
            if len(digits) >= gather.max_digits:
                break
            digit = channel.wait_for_digit(self._ms(gather.between_digits_s))
        return Digits(digits) if digits else NoInput()

    def _key_or_word(self, gather: Gather, phrases: Phrases) -> Result:
        language, timeout_ms = self.turn.manner.language, self._ms(gather.timeout_s)
        meanings = tuple(phrases.values())
        asked = Asked(tuple(phrases), language, timeout_ms, PAUSE_MS, meanings)
        answer = self.telephone.channel.listen(self._sounds(gather), asked)
        match answer:
            case Key(value) if value not in gather.finish_on:
                return Digits(value)
            case Words(words, confidence):
                return Said(key_of(phrases, words), words, confidence)
            case _:
                return NoInput()

    def _record(self, record: Record, name: str) -> Result:
        recorder, channel = self.telephone.recorder, self.telephone.channel
        # A server that died in mid-recording left the caller's words on disk, for Asterisk goes
        # on recording: they are taken as they are, and nobody has to say them again.
        if (kept := recorder.take(name)) and not kept.silent:
            return kept
        if not self.telephone.has_room():
            # Said as it is: whoever speaks to a full disk is not heard.
            self._speak()
            self._play(self._prompts.sounds(CANNOT_RECORD, {}))
            return NoInput()
        pressed = self._speak(ALL_KEYS, record)
        if pressed and pressed != START_KEY and pressed in record.end_keys:
            return self._ended_by(pressed, None, name)
        channel.play(self._prompts.beep)
        try:
            pressed = channel.record(
                recorder.path(name),
                record.max_length_s * 1000,
                record.silence_s * (SLOW_FACTOR if self.turn.manner.slow else 1),
                record.end_keys,
            )
        except ChannelGone:
            # What was said before the hangup counts; the next command tells of the hangup again.
            if spoken := recorder.take(name):
                return spoken
            raise
        return self._ended_by(pressed, recorder.take(name), name)

    def _ended_by(self, key: str, recorded: Recorded | None, name: str) -> Result:
        """The recording with the key that ended it, which counts even where no sound came."""
        if recorded is None and key in ("", START_KEY):
            return NoInput()
        return replace(recorded or self.telephone.recorder.take_nothing(name), key=key)

    def _hear(self, hear: Hear) -> Result:
        self._speak()
        until = self.telephone.monotonic() + hear.limit_s
        silent_since = self.telephone.monotonic()
        while not self.telephone.words_ready(hear.recording, LOOK_FOR_WORDS_S):
            now = self.telephone.monotonic()
            if now >= until:
                return NoInput()
            # Any key says "go on"; asking for one also tells of a hangup.
            if self.telephone.channel.wait_for_digit(1):
                return NoInput()
            if now - silent_since >= LONGEST_SILENCE_S:
                self._play(self._prompts.sounds(PLEASE_WAIT, {}))
                silent_since = self.telephone.monotonic()
        return Heard()

    def _look_at_queue(self) -> QueueSeen:
        if self.telephone.handling_s is None:
            return QueueSeen(0, 0, 0)
        seen = self.telephone.channel.full_variable(LOOK_AT_QUEUE) or ""
        waiting, _, agents = seen.partition(":")
        if not (waiting.isdecimal() and agents.isdecimal()) or int(agents) == 0:
            return QueueSeen(int(waiting) if waiting.isdecimal() else 0, 0, 0)
        wait_s = int(waiting) * self.telephone.handling_s / int(agents)
        return QueueSeen(int(waiting), int(agents), round(wait_s))

    def _enqueue(self, enqueue: Enqueue) -> Result | None:
        if self.telephone.handling_s is None:
            return QueueEnded("unavailable", 0)
        # The prompt may name the keys that leave the queue: they count while it is spoken.
        if key := self._speak(enqueue.leave_keys):
            return QueueEnded("key", 0, key)
        return None
