"""What a caller hears while waiting: a soft tone in the queue and no music, nothing otherwise."""

from pathlib import Path

import numpy as np

from speech.sound import TELEPHONE_HZ, from_float, write_wav

TONE_HZ = 425
TONE_S = 0.25
EVERY_S = 2.0
TONE_DBFS = -30.0


SILENCE_S = 0.02


def write_silence(path: Path) -> None:
    """Writes the shortest sound once: who is listened to hears nothing, and Asterisk must play."""
    if not path.is_file():
        nothing = np.zeros(round(SILENCE_S * TELEPHONE_HZ))
        write_wav(path, from_float(nothing, TELEPHONE_HZ))


def write_waiting_tone(path: Path) -> None:
    """Writes the tone once; it never changes."""
    if path.is_file():
        return
    at = np.arange(round(EVERY_S * TELEPHONE_HZ)) / TELEPHONE_HZ
    # Rises and falls softly: a hard edge clicks.
    shape = np.where(at < TONE_S, np.sin(np.pi * at / TONE_S) ** 2, 0.0)
    sound = np.sin(2 * np.pi * TONE_HZ * at) * shape * 10 ** (TONE_DBFS / 20)
    write_wav(path, from_float(sound, TELEPHONE_HZ))
