"""What a recogniser of live speech offers while the caller still talks, whatever engine is behind.

A stream hears one utterance: `feed` it sound as it arrives, until a `Final` comes out or
`finish` asks for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from speech.errors import BadListening

# A shorter pause is inside a word: Vietnamese stops (p, t, c, ch) close the mouth for 0.15 s.
MIN_PAUSE_S = 0.2
ANSWER_PAUSE_S = 0.8
# Not every pair of numbers is a sampling rate: engines take memory in proportion.
RATES_HZ = (8000, 16000)


@dataclass(frozen=True)
class Listening:
    """What a stream is opened with.

    `phrases` is the step's list as `speech.phrases.checked` gave it, never empty for menus.
    `pause_s` is the silence that ends the speech: 0.8 for answers. `meanings` has, where it is
    known, what each phrase stands for (its key), so that doubt between two phrases of the same
    key is no doubt.

    Raises:
        BadListening: the rate is not 8000 or 16000 Hz, the pause is out of all measure, or
            meanings and phrases do not go together.
    """

    rate_hz: int
    language: str
    phrases: tuple[str, ...]
    pause_s: float = ANSWER_PAUSE_S
    meanings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # Engines take these on trust and die of them: 0 Hz is a division in native code.
        if self.rate_hz not in RATES_HZ:
            known = " or ".join(str(rate) for rate in RATES_HZ)
            raise BadListening(f"expected a sampling rate of {known} Hz, found {self.rate_hz}")
        if not MIN_PAUSE_S <= self.pause_s <= 10:
            raise BadListening(f"expected a pause of {MIN_PAUSE_S} to 10 s, found {self.pause_s}")
        if self.meanings and len(self.meanings) != len(self.phrases):
            raise BadListening(
                f"expected {len(self.phrases)} meanings or none, found {len(self.meanings)}"
            )


@dataclass(frozen=True)
class HeardWord:
    """A word, seconds from the beginning of what was heard, confidence 0 to 1."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True)
class SpeechBegan:
    """The caller began to speak, `at_s` seconds from the beginning of the stream."""

    at_s: float


@dataclass(frozen=True)
class Partial:
    """What the words are so far; the rest of the utterance may change it."""

    text: str


@dataclass(frozen=True)
class Final:
    """What was said: one of the phrases, or "" of confidence 0 where it was none of them."""

    text: str
    confidence: float
    words: tuple[HeardWord, ...]


NOTHING = Final(text="", confidence=0.0, words=())

StreamEvent = SpeechBegan | Partial | Final


class Stream(Protocol):
    """One utterance of one caller; used by one thread."""

    def feed(self, pcm: bytes) -> Sequence[StreamEvent]:
        """What is new after this much more sound; nothing more comes after a `Final`.

        `pcm` is 16-bit little-endian mono at the stream's rate, of any length; half a sample
        waits for its other half.

        Raises:
            RecognitionFailed: the engine gave up on this utterance; other streams go on.
        """
        ...

    def finish(self) -> Final:
        """What was heard until now: no more sound comes. The stream's own `Final`, if it had one.

        Raises:
            RecognitionFailed: as `feed`.
        """
        ...

    def close(self) -> None:
        """Lets go of what the stream holds; harmless when repeated."""
        ...


class StreamingRecogniser(Protocol):
    """One loaded engine that any number of streams share."""

    @property
    def engine(self) -> str: ...

    @property
    def model(self) -> str: ...

    def open(self, listening: Listening) -> Stream:
        """A stream for one utterance.

        Raises:
            RecogniserUnavailable: library or model cannot be loaded; no stream would do better.
            BadPhrases: the list is one that this engine cannot take.
        """
        ...
