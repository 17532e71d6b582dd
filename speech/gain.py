"""Level control for a stream: the caller's loudness is brought to the usual one, slowly."""

import numpy as np

from speech.level import MAX_GAIN_DB, SPEECH_DBFS, level
from speech.sound import Samples, Sound, from_float

MIN_GAIN_DB = -12.0
RISE_DB_PER_S = 6.0  # faster, an engine hears another vowel
FALL_DB_PER_S = 40.0  # slower, a clipped one


class SlowGain:
    """Raises or lowers the stretches of one utterance.

    The first stretch, which holds the first syllable, sets the gain at once; later ones move it
    slowly, and only where they are as loud as speech.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._gain_db: float | None = None
        self._spoken_dbfs = SPEECH_DBFS

    def __call__(self, samples: Samples) -> Samples:
        if len(samples) == 0:
            return samples
        found = level(Sound(samples, self._rate_hz)).active_dbfs
        if self._gain_db is None:
            self._spoken_dbfs = found
            before = self._gain_db = self._wanted_db()
        else:
            before = self._gain_db
            # Pauses do not count: gain that rises in them lifts the street into the next word.
            if found > self._spoken_dbfs - 12:
                self._spoken_dbfs += 0.1 * (found - self._spoken_dbfs)
            lasted_s = len(samples) / self._rate_hz
            self._gain_db += float(
                np.clip(
                    self._wanted_db() - before, -FALL_DB_PER_S * lasted_s, RISE_DB_PER_S * lasted_s
                )
            )
        ramp = np.linspace(before, self._gain_db, len(samples))
        return from_float(samples / 32768 * 10 ** (ramp / 20), self._rate_hz).samples

    def _wanted_db(self) -> float:
        return float(np.clip(SPEECH_DBFS - self._spoken_dbfs, MIN_GAIN_DB, MAX_GAIN_DB))
