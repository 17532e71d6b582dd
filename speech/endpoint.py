"""Where speech begins and ends in a stream, with what came just before it.

A beginning is believed when half of a fifth of a second is surely a voice and stands out of the
line's noise; the farther it stands out, the less sure it need be. So a street does not begin
speech, nor do people who talk in the room behind, and a short word on a still line does. The end
is a pause; voices that stay far below the caller's own count as pause.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from speech.sound import Samples
from speech.voice_activity import FRAME_S, Floats, Voice, frame_length

SURE = 0.8  # a coffee shop's voices reach 0.5 in a third of all frames, 0.8 in hardly any
WINDOW = 6
ENOUGH = 3
STILL = 0.5
LIKELY = 0.35
ABOVE_NOISE_DB = 6.0
FAR_ABOVE_NOISE_DB = 25.0
BELOW_CALLER_DB = 12.0
NOISE_MEMORY = 64  # 2 s
NOISE_SHARE = 0.25
# Before the first sure frame: the soft beginning of a word, and what engines need to settle in.
PRE_ROLL = 16
LONGEST_S = 6.0  # eight words take three; voices in the background must not hold a call
LONGEST_STATEMENT_S = 120.0
FLOOR_DB = -90.0


@dataclass(frozen=True)
class Began:
    """Speech began, seconds from the beginning of the stream."""

    at_s: float


@dataclass(frozen=True, eq=False)
class Spoken:
    """A stretch of the utterance, its pauses included; the first one holds the pre-roll."""

    samples: Samples
    at_s: float


@dataclass(frozen=True)
class Ended:
    """The utterance is over; its last voice was at `at_s`."""

    at_s: float


Piece = Began | Spoken | Ended


class Endpoint:
    """Finds the first utterance of a stream."""

    def __init__(
        self, voice: Voice, rate_hz: int, pause_s: float, longest_s: float = LONGEST_S
    ) -> None:
        self._voice = voice
        self._rate_hz = rate_hz
        self._frame = frame_length(rate_hz)
        self._pause = round(pause_s / FRAME_S)
        self._longest = round(longest_s / FRAME_S)
        self._left = np.empty(0, np.int16)
        self._count = 0  # frames heard
        self._began = -1  # the frame, or −1 while nobody spoke
        self._last_voice = 0
        self._over = False
        self._kept: deque[Samples] = deque(maxlen=WINDOW + PRE_ROLL)
        self._sure: deque[bool] = deque(maxlen=WINDOW)
        self._levels: deque[float] = deque(maxlen=NOISE_MEMORY)
        self._loudest_db = FLOOR_DB

    @property
    def speaking(self) -> bool:
        """Whether speech began and has not ended."""
        return self._began >= 0 and not self._over

    @property
    def voice_end_s(self) -> float:
        """Where the last voice until now ended; 0 before speech began."""
        return self._last_voice * FRAME_S

    @property
    def silence_s(self) -> float:
        """How long the caller has been silent since then."""
        return (self._count - self._last_voice) * FRAME_S if self._began >= 0 else 0.0

    def feed(self, samples: Samples) -> Iterator[Piece]:
        """What is new in this much more sound; nothing after the end.

        Lazy: `silence_s` and the rest stand where the last piece that was taken stands.
        """
        self._left = np.concatenate([self._left, samples])
        while len(self._left) >= self._frame and not self._over:
            frame, self._left = self._left[: self._frame], self._left[self._frame :]
            yield from self._heard(frame)

    def _heard(self, frame: Samples) -> Iterator[Piece]:
        values = frame.astype(np.float32) / np.float32(32768)
        sure = self._voice(values)
        level_db = _level_db(values)
        self._count += 1
        if self._began < 0:
            yield from self._waiting(frame, sure, level_db)
            return
        if sure >= STILL and level_db >= self._loudest_db - BELOW_CALLER_DB:
            self._last_voice = self._count
            self._loudest_db += 0.1 * (level_db - self._loudest_db)
        yield Spoken(frame, (self._count - 1) * FRAME_S)
        if (
            self._count - self._last_voice >= self._pause
            or self._count - self._began >= self._longest
        ):
            self._over = True
            yield Ended(self.voice_end_s)

    def _waiting(self, frame: Samples, sure: float, level_db: float) -> Iterator[Piece]:
        self._kept.append(frame)
        self._sure.append(self._speaks(sure, level_db))
        if not self._sure[-1]:
            self._levels.append(level_db)
        if sum(self._sure) < ENOUGH:
            return
        before = list(self._sure).index(True)
        self._began = self._count - len(self._sure) + before
        self._last_voice = self._count
        kept = list(self._kept)[-(self._count - self._began + PRE_ROLL) :]
        voiced = kept[-(len(self._sure) - before) :]
        self._loudest_db = max(_level_db(f.astype(np.float32) / np.float32(32768)) for f in voiced)
        self._kept.clear()
        yield Began(self._began * FRAME_S)
        yield Spoken(np.concatenate(kept), (self._count - len(kept)) * FRAME_S)

    def _speaks(self, sure: float, level_db: float) -> bool:
        if not self._levels:
            return sure >= SURE  # nothing is known of the line yet
        # What the line sounds like between voices.
        above_db = level_db - float(np.quantile(self._levels, NOISE_SHARE))
        if above_db >= FAR_ABOVE_NOISE_DB:
            return sure >= LIKELY
        return sure >= SURE and above_db >= ABOVE_NOISE_DB


def _level_db(values: Floats) -> float:
    power = float(np.mean(np.square(values)))
    return max(FLOOR_DB, 10 * float(np.log10(power + 1e-12)))
