"""How loud a sound is, and the same sound at another loudness.

Levels are in dBFS: 0 is full scale, speech on a good line lies near −20, −50 is line noise.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from speech.sound import Sound, from_float

FRAME_S = 0.02
SILENCE_DBFS = -50.0
FLOOR_DBFS = -120.0
SPEECH_DBFS = -20.0
CEILING_DBFS = -3.0
MAX_GAIN_DB = 45.0  # more would lift the coding noise of A-law itself into speech


@dataclass(frozen=True, eq=False)
class Level:
    """Peak, loudness of what is spoken, and the loudness of each 20 ms frame, all in dBFS."""

    peak_dbfs: float
    active_dbfs: float
    frames_dbfs: npt.NDArray[np.float64]


def level(sound: Sound) -> Level:
    """The loudness of a sound; a constant offset of the line does not count.

    `active_dbfs` leaves out the pauses (frames 30 dB under the loudest), so that a long silence
    after one word does not make the word look quiet. The two loudest frames count no more than
    the third: a click on the line is shorter than that, a syllable is not.
    """
    values = sound.as_float().astype(np.float64)
    if len(values) == 0:
        return Level(FLOOR_DBFS, FLOOR_DBFS, np.empty(0))
    values -= values.mean()
    frame = max(1, round(FRAME_S * sound.rate_hz))
    whole = np.pad(values, (0, -len(values) % frame)).reshape(-1, frame)
    power = (whole**2).mean(axis=1)
    if len(values) % frame:  # the padding of the last frame is not sound
        power[-1] *= frame / (len(values) % frame)
    frames = _dbfs(np.sqrt(power))
    steady = float(np.sort(power)[-min(3, len(power))])
    active = np.minimum(power[frames > max(FLOOR_DBFS, float(_dbfs(np.sqrt(steady))) - 30)], steady)
    loudness = float(_dbfs(np.sqrt(active.mean()))) if len(active) else FLOOR_DBFS
    return Level(float(_dbfs(np.abs(values).max())), loudness, frames)


def is_silent(sound: Sound, below_dbfs: float = SILENCE_DBFS) -> bool:
    """Whether no 20 ms of the sound reaches `below_dbfs`: −50, where line noise ends."""
    return bool((level(sound).frames_dbfs < below_dbfs).all())


def normalised(
    sound: Sound, target_dbfs: float = SPEECH_DBFS, ceiling_dbfs: float = CEILING_DBFS
) -> Sound:
    """The sound with its spoken parts at `target_dbfs` and no peak above `ceiling_dbfs`.

    Peaks are bent, not cut, so one click does not keep a quiet caller quiet. Silence stays as
    it is: raising it would only make noise.
    """
    found = level(sound)
    if found.active_dbfs <= FLOOR_DBFS:
        return sound
    gain_db = min(target_dbfs - found.active_dbfs, MAX_GAIN_DB)
    values = sound.as_float().astype(np.float64)
    values = (values - values.mean()) * 10 ** (gain_db / 20)
    ceiling = 10 ** (ceiling_dbfs / 20)
    knee = 0.7 * ceiling
    size = np.abs(values)
    bent = knee + (ceiling - knee) * np.tanh((size - knee) / (ceiling - knee))
    return from_float(np.where(size > knee, np.sign(values) * bent, values), sound.rate_hz)


def trimmed(sound: Sound, keep_s: float = 0.1) -> Sound:
    """The sound without the silence at its ends, all but `keep_s` on each side.

    A side that has less than that is filled up, so every trimmed sound begins and ends alike.
    """
    loud = np.flatnonzero(level(sound).frames_dbfs >= SILENCE_DBFS)
    if len(loud) == 0:
        return sound
    frame = max(1, round(FRAME_S * sound.rate_hz))
    keep = round(keep_s * sound.rate_hz)
    begin = int(loud[0]) * frame - keep
    end = min((int(loud[-1]) + 1) * frame, len(sound.samples)) + keep
    inside = sound.samples[max(0, begin) : end]
    before = np.zeros(max(0, -begin), np.int16)
    after = np.zeros(max(0, end - len(sound.samples)), np.int16)
    return Sound(np.concatenate([before, inside, after]), sound.rate_hz)


def _dbfs(amplitude: npt.ArrayLike) -> npt.NDArray[np.float64]:
    floor = 10 ** (FLOOR_DBFS / 20)
    result: npt.NDArray[np.float64] = 20 * np.log10(np.maximum(amplitude, floor))
    return result
