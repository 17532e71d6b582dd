"""A recording of a prompt as callers will hear it, and what is to be said about it.

Whoever records in an office has no sound engineer: what cannot be used is refused with its reason,
what is doubtful is taken and remarked upon.
"""

import re
import threading
from dataclasses import dataclass
from typing import BinaryIO, Literal

import numpy as np

from ivr.errors import BadTake
from ivr.flow_check.limits import MOST_SOUND_S
from ivr.unit_recordings import (
    END_S,
    FULL_SCALE,
    LOUDEST_ROOM_DBFS,
    MOST_CLIPPED,
    SHORTEST_S,
    faded,
    spoken_part,
)
from speech.decoding import decoded
from speech.errors import BrokenSound, SoundTooLong
from speech.level import level, normalised
from speech.sound import TELEPHONE_HZ, Sound, padded, resampled

Remark = Literal["long", "hurried", "dragging", "quiet", "clipped", "noisy", "cut_off", "narrow"]
Fault = Literal["empty", "unreadable", "endless", "silent", "clipped", "too_short"]

LONGEST_S = 60.0
MASTER_HZ = (
    48_000  # more than any line will carry; four times as much would be four times the memory
)
# A minute of sound takes some hundred MB while it is worked on, and many may send at once.
_working = threading.Lock()
QUIETEST_DBFS = -60.0  # below that it is a microphone that is switched off
QUIET_DBFS = -42.0  # raised by more than 20 dB, the room is heard as much as the voice
LEAST_SWING_DB = 6.0  # between loud and soft moments: steady noise and hum have less, no voice has
LITTLE_CLIPPED = 0.0005
FEWEST_WORDS = 3  # of fewer words the pace says nothing
# Words a second, from a dragging speaker to one whom nobody can follow: outside, words are missing
# or too many. Vietnamese writes each syllable as a word.
PACES = {"vi": (1.3, 6.5)}
OTHER_PACES = (0.8, 4.5)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class TakeSound:
    """`finished` is what callers hear; `master` the recording itself, mixed to one channel, at most
    at `MASTER_HZ`."""

    finished: Sound
    master: Sound
    remarks: tuple[Remark, ...]


def take_sound(file: BinaryIO, words: str, language: str) -> TakeSound:
    """The recording in `file`: 8 kHz, at the even level, cut to what is said. One at a time.

    Raises:
        BadTake: it cannot be used.
    """
    with _working:
        return _take_sound(file, words, language)


def _take_sound(file: BinaryIO, words: str, language: str) -> TakeSound:
    master = _decoded(file)
    raw = level(master)
    if raw.active_dbfs < QUIETEST_DBFS or _swing_db(raw.frames_dbfs) < LEAST_SWING_DB:
        raise BadTake("silent")
    clipped = float((np.abs(master.samples.astype(np.int32)) >= FULL_SCALE).mean())
    if clipped > MOST_CLIPPED:
        raise BadTake("clipped")
    heard = normalised(resampled(master, TELEPHONE_HZ))
    finished, spoken_s = _cut(heard)
    if spoken_s < SHORTEST_S:
        raise BadTake("too_short")
    slowest, quickest = PACES.get(language, OTHER_PACES)
    count = len(_WORD.findall(words))
    pace = count / spoken_s if count >= FEWEST_WORDS else slowest
    ends = raw.frames_dbfs[[0, -1]]
    # A file that is as long as its words has no room to judge.
    room_dbfs = float(np.percentile(level(heard).frames_dbfs, 5))
    found: dict[Remark, bool] = {
        "long": finished.length_s > MOST_SOUND_S,
        "hurried": pace > quickest,
        "dragging": pace < slowest,
        "quiet": raw.active_dbfs < QUIET_DBFS,
        "clipped": clipped > LITTLE_CLIPPED,
        "noisy": room_dbfs > LOUDEST_ROOM_DBFS,
        "cut_off": bool((ends > raw.active_dbfs - LEAST_SWING_DB).any()),
        "narrow": master.rate_hz < TELEPHONE_HZ,
    }
    return TakeSound(finished, master, tuple(name for name, is_so in found.items() if is_so))


def _decoded(file: BinaryIO) -> Sound:
    if not file.read(1):
        raise BadTake("empty")
    file.seek(0)
    try:
        return decoded(file, LONGEST_S, MASTER_HZ).sound
    except SoundTooLong as error:
        raise BadTake("endless") from error
    except BrokenSound as error:
        raise BadTake("unreadable") from error


def _cut(heard: Sound) -> tuple[Sound, float]:
    """The words between silences of `END_S`, and how long they last."""
    bare = spoken_part(heard, 0.0)
    around = normalised(spoken_part(heard, END_S))
    lacking_s = max(0.0, bare.length_s + 2 * END_S - around.length_s)
    # What was spoken right up to an end gets its silence there; which end, nobody hears.
    return padded(faded(around), lacking_s / 2, lacking_s / 2), bare.length_s


def _swing_db(frames_dbfs: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float:
    low, high = np.percentile(frames_dbfs, [2, 98])
    return float(high - low)
