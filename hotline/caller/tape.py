"""Sound laid on the call's own time line, with silence where none came."""

import numpy as np

from speech.sound import TELEPHONE_HZ, Samples, Sound

LATE_S = 0.1  # packets come unevenly; less than this is no gap


class Tape:
    """Sound by the second at which it ended; a gap becomes silence of the same length."""

    def __init__(self) -> None:
        self._pieces: list[Samples] = []
        self._length = 0

    def put(self, samples: Samples, ends_at_s: float) -> None:
        """Lays samples down so that they end at this second, or right after the last ones."""
        begin = round(ends_at_s * TELEPHONE_HZ) - len(samples)
        gap = begin - self._length
        if gap > LATE_S * TELEPHONE_HZ:
            self._pieces.append(np.zeros(gap, np.int16))
            self._length += gap
        self._pieces.append(samples)
        self._length += len(samples)

    def sound(self) -> Sound:
        """All of it from second 0 on; 8 kHz."""
        joined = np.concatenate(self._pieces) if self._pieces else np.empty(0, np.int16)
        return Sound(joined, TELEPHONE_HZ)
