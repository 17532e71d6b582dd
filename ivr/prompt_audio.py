"""Several sounds as one, for people who listen in the browser."""

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from speech.sound import TELEPHONE_HZ, Sound, read_wav, resampled, wav_file

BETWEEN_S = 0.1


def joined_wav(sounds: Iterable[str]) -> io.BytesIO:
    """One WAV file, 8 kHz, of sounds that are named by their paths without extension.

    Raises:
        BrokenSound: one of them is not there, or is no sound.
    """
    between = np.zeros(round(BETWEEN_S * TELEPHONE_HZ), np.int16)
    row = [between]
    for sound in sounds:
        row += [resampled(read_wav(Path(f"{sound}.wav")), TELEPHONE_HZ).samples, between]
    return wav_file(Sound(np.concatenate(row), TELEPHONE_HZ))
