"""What a caller makes out by ear: that a prompt has ended, that a beep has sounded.

Pure: fed with sound and the clock. A telephone system that has nothing to say sends nothing at
all, so quiet is told by the clock, not by silent frames.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from speech.sound import TELEPHONE_HZ, Samples

FRAME = TELEPHONE_HZ // 50
FRAME_S = FRAME / TELEPHONE_HZ
SOUND_DBFS = -45.0
SOUND_FRAMES = 3  # one or two loud frames are a click of the line, not a voice
PROMPT_END_S = 1.0  # pauses inside a prompt are shorter than 0.8 s

BEEP_HZ = 1000
BEEP_LEAST_DBFS = -25.0
BEEP_PURITY = 0.85  # of the frame's energy; no voice holds that for longer than a frame or two
BEEP_LEAST_FRAMES = 8
# Packets cut the beep where they like and its ends may be soft: of its 15 frames, 12 are whole.
BEEP_WHOLE_FRAMES = 12
# A whole beep is over with the first packet that is due and does not come; one that broke off
# early may only have been held up on the way.
WHOLE_GAP_S = 0.03
BROKEN_GAP_S = 0.1

_PHASE = 2 * np.pi * BEEP_HZ * np.arange(FRAME) / TELEPHONE_HZ
_TONE = np.stack([np.cos(_PHASE), np.sin(_PHASE)], axis=1) * np.sqrt(2 / FRAME)


@dataclass(frozen=True)
class Span:
    """Seconds on the caller's clock between which something sounded."""

    from_s: float
    until_s: float


class Hearing:
    """One caller's ear. Times are seconds on the caller's own clock."""

    def __init__(self) -> None:
        self.prompts: list[Span] = []  # sound, ended by at least a second of quiet
        self.beeps: list[Span] = []
        self._rest = np.empty(0, np.int16)
        self._listened_at_s = 0.0
        self._loud_frames = 0
        self._sound_began_s: float | None = None
        self._last_sound_s = 0.0
        self._tone_frames = 0
        self._last_tone_s = 0.0
        self._noted_s = 0.0
        self._sounded = False
        self._beeped = False

    def attend(self, now_s: float) -> None:
        """From now on only new prompts and beeps count; called whenever the caller acts."""
        self._noted_s = now_s
        self._sounded = False
        self._beeped = False

    def prompt_is_over(self, now_s: float) -> bool:
        """Whether there was sound since `attend`, and none for a second now."""
        return self._sounded and now_s - self._last_sound_s >= PROMPT_END_S

    def beep_is_over(self) -> bool:
        """Whether a beep has ended since `attend`."""
        return self._beeped

    def quiet_s(self, now_s: float) -> float:
        """How long nothing was to be heard, counted from `attend` at the earliest."""
        return now_s - max(self._last_sound_s, self._noted_s)

    def has_sounded(self) -> bool:
        """Whether there was sound since `attend`."""
        return self._sounded

    def listen(self, samples: Samples, now_s: float) -> None:
        """Takes in what arrived up to now: 8 kHz, any number of samples, none included."""
        if now_s - self._listened_at_s > BROKEN_GAP_S:
            self._rest = self._rest[:0]
        if len(samples):
            self._listened_at_s = now_s
            joined = np.concatenate([self._rest, samples])
            count = len(joined) // FRAME
            self._rest = joined[count * FRAME :]
            self._frames(joined[: count * FRAME].reshape(count, FRAME), now_s)
        self._note_gaps(now_s)

    def finish(self, now_s: float) -> None:
        """Closes what is still open; called when the call has ended."""
        self._end_beep()
        if self._sound_began_s is not None:
            self._close_prompt(min(self._last_sound_s, now_s))

    def _frames(self, frames: Samples, now_s: float) -> None:
        values = frames.astype(np.float64) / 32768
        values -= values.mean(axis=1, keepdims=True)  # A-law has no zero: silence is an offset
        energy = (values**2).sum(axis=1)
        purity = ((values @ _TONE) ** 2).sum(axis=1) / np.maximum(energy, 1e-12)
        level: npt.NDArray[np.float64] = 10 * np.log10(np.maximum(energy / FRAME, 1e-12))
        # A sine of amplitude a has the power a²/2; the beep's level is that of its amplitude.
        tone = (purity >= BEEP_PURITY) & (level + 3.0 >= BEEP_LEAST_DBFS)
        for index in range(len(frames)):
            at_s = now_s - (len(frames) - 1 - index) * FRAME_S
            self._frame(bool(level[index] >= SOUND_DBFS), bool(tone[index]), at_s)

    def _frame(self, loud: bool, tone: bool, at_s: float) -> None:
        self._loud_frames = self._loud_frames + 1 if loud else 0
        if self._loud_frames >= SOUND_FRAMES:
            if self._sound_began_s is None:
                self._sound_began_s = at_s - SOUND_FRAMES * FRAME_S
            elif at_s - self._last_sound_s >= PROMPT_END_S:
                self._close_prompt(self._last_sound_s)
                self._sound_began_s = at_s - SOUND_FRAMES * FRAME_S
            self._last_sound_s = at_s
            self._sounded = True
        if tone:
            self._tone_frames += 1
            self._last_tone_s = at_s
        else:
            self._end_beep()

    def _note_gaps(self, now_s: float) -> None:
        gap_s = now_s - self._last_tone_s
        allowed_s = WHOLE_GAP_S if self._tone_frames >= BEEP_WHOLE_FRAMES else BROKEN_GAP_S
        if self._tone_frames and gap_s >= allowed_s:
            self._end_beep()
        quiet_s = now_s - self._last_sound_s
        if self._sound_began_s is not None and quiet_s >= PROMPT_END_S:
            self._close_prompt(self._last_sound_s)
        if now_s - self._listened_at_s > BROKEN_GAP_S:
            self._loud_frames = 0

    def _end_beep(self) -> None:
        if self._tone_frames >= BEEP_LEAST_FRAMES:
            length_s = self._tone_frames * FRAME_S
            self.beeps.append(Span(self._last_tone_s - length_s, self._last_tone_s))
            self._beeped = True
        self._tone_frames = 0

    def _close_prompt(self, until_s: float) -> None:
        assert self._sound_began_s is not None
        self.prompts.append(Span(self._sound_began_s, until_s))
        self._sound_began_s = None
