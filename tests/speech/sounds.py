"""Sounds for tests: tones, silence, and a stand-in for speech."""

import numpy as np

from speech.sound import Sound, from_float


def a_tone(
    length_s: float = 1.0, dbfs: float = -20.0, hz: float = 440.0, rate_hz: int = 8000
) -> Sound:
    """A sine whose RMS is `dbfs`."""
    at = np.arange(round(length_s * rate_hz)) / rate_hz
    return from_float(np.sin(2 * np.pi * hz * at) * np.sqrt(2) * 10 ** (dbfs / 20), rate_hz)


def some_silence(length_s: float = 1.0, rate_hz: int = 8000) -> Sound:
    return Sound(np.zeros(round(length_s * rate_hz), np.int16), rate_hz)


def some_noise(length_s: float = 1.0, dbfs: float = -20.0, rate_hz: int = 8000) -> Sound:
    values = np.random.default_rng(7).standard_normal(round(length_s * rate_hz))
    return from_float(values * 10 ** (dbfs / 20), rate_hz)


def joined(*sounds: Sound) -> Sound:
    return Sound(np.concatenate([sound.samples for sound in sounds]), sounds[0].rate_hz)
