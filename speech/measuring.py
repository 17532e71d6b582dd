"""How well a recogniser hears a folder of recorded speech, and what it costs."""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from speech.degraded import Condition
from speech.error_rates import ErrorRates, error_rates
from speech.errors import BrokenSound, RecognitionFailed
from speech.phrases import checked
from speech.recogniser import Recogniser
from speech.sound import TELEPHONE_HZ, Sound, padded, read_wav, resampled
from speech.spoken_folder import Spoken
from speech.streaming import ANSWER_PAUSE_S, Final, Listening, StreamingRecogniser

PIECE_S = 0.1
BEFOREHAND_S = 0.5  # nobody answers in the instant in which the question ends
AFTERWARDS_S = ANSWER_PAUSE_S + 0.5  # enough quiet for the end of speech to be noticed

Heard = Callable[[Spoken, str], None]


@dataclass(frozen=True)
class Words:
    """How whole recordings were read. `failed` ones count as nothing heard.

    `real_time_factor` is seconds by the clock for a second of sound, `processor_factor` seconds
    of processor.
    """

    condition: str
    recordings: int
    failed: int
    sound_s: float
    rates: ErrorRates
    regions: dict[str, ErrorRates]
    real_time_factor: float
    processor_factor: float


@dataclass(frozen=True)
class Slots:
    """How answers to menus were heard: rightly, as none of the list, or as another answer."""

    condition: str
    answers: int
    right: int
    unheard: int
    wrong: int
    processor_s: float  # for an answer, on average

    @property
    def accuracy(self) -> float:
        return self.right / self.answers if self.answers else 0.0


def measure_words(
    recogniser: Recogniser,
    spoken: Sequence[Spoken],
    condition: Condition,
    language: str,
    heard: Heard = lambda spoken, text: None,
) -> Words:
    """Reads every recording as it sounds under a condition; `heard` is told each text.

    Raises:
        RecogniserUnavailable: the recogniser cannot work at all.
    """
    texts, failed, sound_s, clock_s, processor_s = [], 0, 0.0, 0.0, 0.0
    for seed, one in enumerate(spoken):
        text = ""
        try:
            sound = condition.heard(one.sound(), seed)
            began, processor_began = time.monotonic(), time.process_time()
            text = recogniser.transcribe(sound, language).text
            clock_s += time.monotonic() - began
            processor_s += time.process_time() - processor_began
            sound_s += sound.length_s
        except (BrokenSound, RecognitionFailed):
            failed += 1
        texts.append(text)
        heard(one, text)
    return Words(
        condition=condition.name,
        recordings=len(spoken),
        failed=failed,
        sound_s=sound_s,
        rates=error_rates([one.said for one in spoken], texts),
        regions=_by_region(spoken, texts),
        real_time_factor=clock_s / sound_s if sound_s else 0.0,
        processor_factor=processor_s / sound_s if sound_s else 0.0,
    )


def measure_slots(
    recogniser: StreamingRecogniser,
    spoken: Sequence[Spoken],
    condition: Condition,
    language: str,
) -> Slots:
    """Hears every recording that has an `answer` against its list, as during a call.

    Raises:
        RecogniserUnavailable: the recogniser cannot work at all.
        BadPhrases: a list in the folder's manifest is not one that a step may have.
    """
    asked = [(seed, one) for seed, one in enumerate(spoken) if one.answer is not None]
    right = unheard = 0
    began = time.process_time()
    for seed, one in asked:
        meanings = {checked((phrase,), language)[0]: key for phrase, key in one.phrases.items()}
        phrases = checked(tuple(meanings), language)
        text = _answer(recogniser, condition.heard(one.sound(), seed), phrases, language)
        heard = meanings.get(text, text)
        right += heard == one.answer
        unheard += not heard and bool(one.answer)
    return Slots(
        condition=condition.name,
        answers=len(asked),
        right=right,
        unheard=unheard,
        wrong=len(asked) - right - unheard,
        processor_s=(time.process_time() - began) / max(1, len(asked)),
    )


def peak_memory_mb() -> int:
    """The most memory that this process ever held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def read_noises(folder: Path) -> dict[str, Sound]:
    """Every WAV file of a folder by its name, at 8 kHz.

    Raises:
        BrokenSound: a file holds no sound.
    """
    return {
        path.stem: resampled(read_wav(path), TELEPHONE_HZ) for path in sorted(folder.glob("*.wav"))
    }


def _answer(
    recogniser: StreamingRecogniser, sound: Sound, phrases: tuple[str, ...], language: str
) -> str:
    pcm = padded(sound, BEFOREHAND_S, AFTERWARDS_S).samples.astype("<i2").tobytes()
    step = 2 * round(PIECE_S * TELEPHONE_HZ)
    stream = recogniser.open(Listening(TELEPHONE_HZ, language, phrases))
    try:
        for at in range(0, len(pcm), step):
            for event in stream.feed(pcm[at : at + step]):
                if isinstance(event, Final):
                    return event.text
        return stream.finish().text
    except RecognitionFailed:
        return ""
    finally:
        stream.close()


def _by_region(spoken: Sequence[Spoken], texts: Sequence[str]) -> dict[str, ErrorRates]:
    found = {}
    for region in sorted({one.region for one in spoken}):
        chosen = [(one.said, text) for one, text in zip(spoken, texts, strict=True)
                  if one.region == region]  # fmt: skip
        found[region] = error_rates([said for said, _ in chosen], [text for _, text in chosen])
    return found
