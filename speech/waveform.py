"""How loud a sound is along its length, few numbers for a picture of it."""

from pathlib import Path

import numpy as np

from speech.sound import read_wav

MOST_PEAKS = 600
LOUDEST = 255
_QUIET = 0.02  # of full scale: noise is not drawn as if somebody spoke


def peaks_of(path: Path, most: int = MOST_PEAKS) -> bytes:
    """A byte for each of at most `most` equal stretches: 0 silence, 255 the loudest of this sound.

    A recording of three minutes takes some milliseconds, so they are kept nowhere.

    Raises:
        BrokenSound: the file is no sound, or gone.
    """
    samples = np.abs(read_wav(path).samples.astype(np.int32))
    if not len(samples):
        return b""
    starts = np.linspace(0, len(samples), min(most, len(samples)), endpoint=False).astype(int)
    loudest = np.maximum.reduceat(samples, starts)
    full = max(int(loudest.max()), round(_QUIET * np.iinfo(np.int16).max))
    return bytes((loudest * LOUDEST // full).astype(np.uint8))
