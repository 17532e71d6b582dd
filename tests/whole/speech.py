"""Real recordings for calls, and how alike two sounds are."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from jiwer import cer

from hotline.caller.script import Action, HangUp, KeepSilent, Press, PressAtOnce, Speak
from speech.sound import TELEPHONE_HZ, Sound, read_wav, resampled

AUDIO = Path(__file__).parents[3] / "shared" / "audio" / "vi"


@dataclass(frozen=True)
class Statement:
    """A real recording with the words that were read."""

    path: Path
    text: str

    @property
    def sound(self) -> Sound:
        return resampled(read_wav(self.path), TELEPHONE_HZ)


def statements(count: int, region: str | None = None) -> list[Statement]:
    """Real recordings of 3 to 8 seconds, each of other words; skips where there are none."""
    if not (AUDIO / "manifest.jsonl").exists():
        pytest.skip("the shared recordings are not beside this checkout")
    found = []
    for line in (AUDIO / "manifest.jsonl").read_text().splitlines():
        row = json.loads(line)
        if 3 <= row["seconds"] <= 8 and region in (None, row["region"]):
            found.append(Statement(AUDIO / row["file"], row["text"]))
    assert len(found) >= count
    return found[:count]


# A street light, for a caller who knows the menus.
STREET_LIGHT: tuple[Action, ...] = (
    *(KeepSilent(3.0), PressAtOnce("1")),
    *(KeepSilent(2.0), PressAtOnce("2")),
    *(KeepSilent(2.0), PressAtOnce("4")),
)
PLACE_WAS_SAID = (KeepSilent(2.0), PressAtOnce("2"))
RING_THIS_NUMBER = (KeepSilent(2.0), PressAtOnce("1"))


def reporting(statement: Statement) -> tuple[Action, ...]:
    """The script of a caller who knows the menus, speaks, hears the read-back out and sends."""
    said = Speak(statement.sound, statement.path.name)
    spoken = (said, PressAtOnce("#"), *PLACE_WAS_SAID, *RING_THIS_NUMBER)
    return (*STREET_LIGHT, *spoken, Press("1"))


def reporting_in_haste(statement: Statement) -> tuple[Action, ...]:
    """The script of a caller who leaves when the reference is being read."""
    said = Speak(statement.sound, statement.path.name)
    return (
        *STREET_LIGHT,
        said,
        PressAtOnce("#"),
        *PLACE_WAS_SAID,
        *RING_THIS_NUMBER,
        KeepSilent(1.0),
        PressAtOnce("1"),
        KeepSilent(2.0),
        HangUp(),
    )


def likeness(one: Sound, other: Sound) -> float:
    """The highest normalised cross-correlation of two sounds at any shift, 0 to 1."""
    a = one.as_float() - one.as_float().mean()
    b = other.as_float() - other.as_float().mean()
    size = 1 << (len(a) + len(b)).bit_length()
    product = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    return float(np.abs(product).max() / (np.linalg.norm(a) * np.linalg.norm(b)))


def character_error_rate(reference: str, text: str) -> float:
    """Wrong characters as a part of the reference's, case and punctuation aside."""

    def plain(words: str) -> str:
        return " ".join("".join(c if c.isalnum() else " " for c in words.lower()).split())

    return float(cer(plain(reference), plain(text)))
