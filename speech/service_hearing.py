"""One question put to one caller: when it is answered, what Asterisk is told, and when.

Holds no socket: the service feeds it sound and asks it; it writes what is to be pushed. Moments
are seconds of one clock that only goes forward.
"""

from collections.abc import Callable
from dataclasses import dataclass

from speech.aeap import Told, result
from speech.pool import PooledStream, PoolEvent, StreamLost
from speech.streaming import Final, SpeechBegan

# How long the dialplan listens before it asks how things are (asterisk_conf/extensions.conf).
ROUND_S = 0.5
# A push that came between two rounds was wiped away: Asterisk would not miss it, the caller would.
PUSH_AGAIN_S = 0.2
# Decoding a short answer takes a second or two of a busy machine.
DECODING_S = 2.5
# Frames come every 20 ms; a worker is not troubled for each.
CHUNK_S = 0.06
LINE_GAP_S = 0.2
LONGEST_SOUND_S = 120.0
BYTES_A_SECOND = 16000


@dataclass(frozen=True)
class Question:
    """`timeout_s`: silence after the prompt; `extra_s`: how much longer for who is speaking."""

    timeout_s: float
    extra_s: float


class Hearing:
    """What is known of the answer. `push` writes a result to Asterisk at once."""

    def __init__(self, question: Question, now: Callable[[], float]) -> None:
        self._question = question
        self._now = now
        self._stream: PooledStream | None = None
        self._push: Callable[[dict[str, object]], None] | None = None
        self._answer: dict[str, object] | None = None
        self._attached = False
        self._began = False
        self._prompt_over_at: float | None = None
        self._finish_at: float | None = None
        self._pushed_at = 0.0
        self._may_push = False
        self._unsent = bytearray()
        self._heard_bytes = 0
        self._heard_at: float | None = None

    def take(self, stream: PooledStream) -> None:
        self._stream = stream

    def attach(self, push: Callable[[dict[str, object]], None]) -> bool:
        """Whether Asterisk's side was not there yet."""
        if self._attached:
            return False
        self._attached = True
        self._push = push
        return True

    def detach(self) -> None:
        """Asterisk has gone: nothing can be pushed any more."""
        self._push = None

    def close(self) -> None:
        """Give the place at the recogniser free; Asterisk may still ask for the answer."""
        if self._stream is not None:
            self._stream.close()

    def hear(self, pcm: bytes) -> None:
        """Sound of the caller. It comes only while Asterisk listens, so now is when to push."""
        self._may_push = True
        self._heard_at = self._now()
        self._heard_bytes += len(pcm)
        if self._answer is not None:
            self._tell()
        elif self._heard_bytes > LONGEST_SOUND_S * BYTES_A_SECOND:
            self._settle(result(Told.NOTHING))
        elif self._stream is not None:
            self._unsent += pcm
            if len(self._unsent) >= CHUNK_S * BYTES_A_SECOND:
                self._stream.feed(bytes(self._unsent))
                self._unsent.clear()

    def asked(self) -> dict[str, object]:
        """A round is over: how things stand. Asterisk's next round begins with the next sound."""
        now = self._now()
        self._may_push = False
        if self._prompt_over_at is None:
            self._prompt_over_at = now - ROUND_S
        if self._answer is not None:
            return self._answer
        self._fill(now)
        if now >= self._prompt_over_at + self._question.timeout_s:
            self._out_of_time(now)
        return self._answer or result(Told.WAIT)

    def event(self, event: PoolEvent) -> None:
        """What the recogniser tells."""
        match event:
            case SpeechBegan():
                self._began = True
                self._interrupt()
            case Final(text, confidence):
                told = Told.HEARD if text else Told.NOTHING
                self._settle(result(told, text, confidence))
            case StreamLost():
                self._lost()

    def left(self) -> None:
        """The conversation server has gone: whatever is heard now, nobody takes it."""
        self._settle(result(Told.LEFT))

    def _fill(self, now: float) -> None:
        """A line that sends nothing while its caller is silent: the silence counts all the same."""
        if self._heard_at is None or self._stream is None or now < self._heard_at + LINE_GAP_S:
            return
        missing_s = min(now - self._heard_at, 2 * ROUND_S)
        self._heard_at = now
        self._stream.feed(bytes(self._unsent) + bytes(2 * round(missing_s * BYTES_A_SECOND / 2)))
        self._unsent.clear()

    def _out_of_time(self, now: float) -> None:
        assert self._prompt_over_at is not None
        if not self._began:
            # Who was never listened to has not been silent.
            stalled = self._stream is not None and self._stream.stalled
            self._settle(result(Told.GONE if stalled else Told.NOTHING))
            return
        last_at = self._prompt_over_at + self._question.timeout_s + self._question.extra_s
        if self._finish_at is None and now >= last_at:
            self._finish_at = now
            if self._stream is not None:
                self._stream.finish()
        elif self._finish_at is not None and now >= self._finish_at + DECODING_S:
            self._settle(result(Told.GONE))

    def _interrupt(self) -> None:
        if self._prompt_over_at is None:
            self._prompt_over_at = self._now()
            self._push_now(result(Told.BEGAN))

    def _lost(self) -> None:
        # The prompt goes on: keys answer it. Who has begun to speak has stopped it already.
        self._answer = self._answer or result(Told.GONE)
        if self._prompt_over_at is not None:
            self._tell()

    def _settle(self, answer: dict[str, object]) -> None:
        if self._answer is None:
            self._answer = answer
            if self._stream is not None:
                self._stream.close()
            self._tell()

    def _tell(self) -> None:
        """Push the answer, unless Asterisk has it or the prompt should be heard to its end."""
        assert self._answer is not None
        gone = self._answer["grammar"] == Told.GONE
        if gone and self._prompt_over_at is None:
            return
        if self._may_push and self._now() >= self._pushed_at + PUSH_AGAIN_S:
            self._push_now(self._answer)

    def _push_now(self, pushed: dict[str, object]) -> None:
        if self._push is not None and self._may_push:
            self._pushed_at = self._now()
            self._push(pushed)
