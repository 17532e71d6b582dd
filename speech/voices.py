"""The voices that speak prompts, by language. Light: nothing is loaded to speak with."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload

from speech.errors import SynthesisFailed


@dataclass(frozen=True)
class Voice:
    """How to speak: espeak-ng's name of the voice, words a minute (80–450), pitch (0–99)."""

    name: str
    speed_wpm: int
    pitch: int


@dataclass(frozen=True)
class PiperVoice:
    """A voice of the operator's: `model` is its .onnx, with its .onnx.json beside it.

    `pace` 1 is as the voice was trained, 0.75 that much slower. `language` is the tag it is to
    speak.
    """

    model: Path
    language: str
    pace: float = 1.0


AnyVoice = Voice | PiperVoice


@dataclass(frozen=True)
class PiperProgram:
    """The operator's Piper: the command and its first arguments, and how long one text may take.

    `folder` is where it writes what it speaks, for a moment; None: the system's.
    """

    command: tuple[str, ...]
    limit_s: float = 30.0
    folder: Path | None = None


# The Vietnamese one was chosen by `python -m benchmarks.prompt_voice`;
# docs/decisions/0005-prompt-voice.md. English words are longer than Vietnamese ones, so at the
# same pace in words an English prompt would last longer than callers listen.
VOICES: dict[str, Voice] = {
    "vi": Voice("vi", 140, 45),
    "en": Voice("en-us", 155, 45),
}
SLOWER = 0.75  # of the ordinary pace, for who asks to hear it again twice


def default_voice(language: str) -> Voice:
    """The voice for a BCP 47 language tag.

    Raises:
        SynthesisFailed: no voice was chosen for this language.
    """
    voice = find_voice(language)
    if voice is None:
        known = ", ".join(sorted(VOICES))
        raise SynthesisFailed(f"expected a language among {known}; found {language!r}")
    return voice


def find_voice(language: str) -> Voice | None:
    """The voice for a language tag; None where espeak-ng has none, as for Khmer."""
    return VOICES.get(language.split("-")[0].lower())


@overload
def slower(voice: Voice) -> Voice: ...
@overload
def slower(voice: PiperVoice) -> PiperVoice: ...
def slower(voice: AnyVoice) -> AnyVoice:
    """The same voice at a pace that can be written along with."""
    if isinstance(voice, PiperVoice):
        return replace(voice, pace=voice.pace * SLOWER)
    return replace(voice, speed_wpm=round(voice.speed_wpm * SLOWER))


def voice_label(voice: AnyVoice) -> str:
    """The voice for people to read: `espeak-ng vi`, `Piper vi_VN-vais1000-medium`."""
    if isinstance(voice, PiperVoice):
        return f"Piper {voice.model.stem}"
    return f"espeak-ng {voice.name}"
