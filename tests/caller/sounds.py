"""Sounds for the caller's ear: something like speech, the beep, the telephone's A-law."""

import numpy as np
import numpy.typing as npt

from hotline.caller.hearing import FRAME
from speech.sound import Samples, Sound, from_float, telephone

RATE_HZ = 8000


def quiet(length_s: float, noise_dbfs: float | None = None, seed: int = 0) -> Sound:
    count = round(length_s * RATE_HZ)
    values = np.zeros(count)
    if noise_dbfs is not None:
        values = np.random.default_rng(seed).normal(0, 10 ** (noise_dbfs / 20), count)
    return from_float(values, RATE_HZ)


def voice(length_s: float, level_dbfs: float = -20.0, seed: int = 1) -> Sound:
    """Syllables of a gliding fundamental with harmonics, 5 a second, a little breath between."""
    count = round(length_s * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    pitch_hz = 130 + 25 * np.sin(2 * np.pi * 0.9 * time_s + seed)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    harmonics = np.arange(1, 20)[:, np.newaxis]
    tone: npt.NDArray[np.float64] = (np.sin(harmonics * phase) / harmonics).sum(axis=0)
    shaped = tone * (0.15 + 0.85 * np.sin(np.pi * 5 * time_s) ** 2)
    shaped += np.random.default_rng(seed).normal(0, 0.02, count)
    return from_float(shaped / np.sqrt((shaped**2).mean()) * 10 ** (level_dbfs / 20), RATE_HZ)


def beep(length_s: float = 0.3, level_dbfs: float = -12.0, tone_hz: float = 1000.0) -> Sound:
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return from_float(10 ** (level_dbfs / 20) * np.sin(2 * np.pi * tone_hz * time_s), RATE_HZ)


def joined(*sounds: Sound) -> Sound:
    """As the telephone carries them, one after the other."""
    return telephone(Sound(np.concatenate([each.samples for each in sounds]), RATE_HZ))


def packets(sound: Sound) -> list[Samples]:
    """20 ms each; what is left over does not fill a packet and is not sent."""
    count = len(sound.samples) // FRAME
    return list(sound.samples[: count * FRAME].reshape(count, FRAME))
