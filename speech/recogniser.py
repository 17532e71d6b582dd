"""What every recogniser of recordings offers, whatever engine is behind it."""

from dataclasses import dataclass
from typing import Protocol

from speech.sound import Sound
from speech.streaming import HeardWord


@dataclass(frozen=True)
class Segment:
    """A stretch of speech: seconds from the sound's beginning, its words, confidence 0 to 1.

    `words` are the same words one by one, on the same clock; empty where the engine does not tell.
    """

    start_s: float
    end_s: float
    text: str
    confidence: float
    words: tuple[HeardWord, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """A draft of what was said. Empty text has confidence 0: nobody was understood."""

    text: str
    confidence: float
    segments: tuple[Segment, ...]
    engine: str
    model: str
    took_s: float
    language: str


class Recogniser(Protocol):
    """Turns a recording into a transcript; one may be used from several threads."""

    @property
    def engine(self) -> str: ...

    @property
    def model(self) -> str: ...

    def transcribe(self, sound: Sound, language: str) -> Transcript:
        """What was said in `sound`, in the language of the BCP 47 tag ("vi", "vi-VN").

        The language is never guessed. Silence gives an empty transcript.

        Raises:
            RecogniserUnavailable: library or model cannot be loaded; no sound would do better.
            RecognitionFailed: this sound could not be decoded; it is unharmed.
        """
        ...


def transcript_of(
    segments: tuple[Segment, ...], *, engine: str, model: str, took_s: float, language: str
) -> Transcript:
    """The transcript of its segments; its confidence is theirs, weighed by their length."""
    spoken = tuple(segment for segment in segments if segment.text)
    # A segment of no length still counts, or its words would weigh nothing.
    weights = [max(segment.end_s - segment.start_s, 0.1) for segment in spoken]
    weighed = sum(w * segment.confidence for w, segment in zip(weights, spoken, strict=True))
    return Transcript(
        text=" ".join(segment.text for segment in spoken),
        confidence=weighed / sum(weights) if spoken else 0.0,
        segments=spoken,
        engine=engine,
        model=model,
        took_s=took_s,
        language=language,
    )
