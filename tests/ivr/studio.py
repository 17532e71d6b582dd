"""Recordings for tests: each unit a tone of its own height, so that it is known again by ear."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import soundfile

from speech.sound import Sound


def record(
    path: Path,
    hz: float = 440.0,
    *,
    rate_hz: int = 16000,
    channels: int = 1,
    said_s: float = 0.5,
    dbfs: float = -30.0,
    room_dbfs: float = -75.0,
    around_s: float = 0.4,
) -> None:
    """A tone with a quiet room before and after it, as it comes from a studio."""
    at = np.arange(round(said_s * rate_hz)) / rate_hz
    tone = np.sin(2 * np.pi * hz * at) * np.sqrt(2) * 10 ** (dbfs / 20)
    around = np.zeros(round(around_s * rate_hz))
    heard = np.concatenate([around, tone, around])
    heard += np.random.default_rng(7).standard_normal(len(heard)) * 10 ** (room_dbfs / 20)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(str(path), np.stack([heard] * channels, axis=1), rate_hz, format="WAV")


def record_all(folder: Path, names: Iterable[str]) -> Mapping[str, float]:
    """Each of `names` at another height, which is given back in Hz."""
    heights = {name: 300.0 + 40.0 * place for place, name in enumerate(names)}
    for name, hz in heights.items():
        record(folder / f"{name}.wav", hz)
    return heights


def heights(sound: Sound) -> list[int]:
    """The heights of what is heard in a sound, one after another, in Hz to the nearest ten."""
    frame = sound.rate_hz // 20
    found: list[int] = []
    for start in range(0, len(sound.samples) - frame + 1, frame):
        values = sound.samples[start : start + frame].astype(float)
        if np.sqrt((values**2).mean()) < 1000:
            continue
        spectrum = np.abs(np.fft.rfft(values * np.hanning(frame), 8 * frame))
        height = round(float(np.argmax(spectrum)) * sound.rate_hz / (8 * frame), -1)
        if not found or abs(found[-1] - height) > 10:
            found.append(int(height))
    return found
