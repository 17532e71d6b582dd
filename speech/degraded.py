"""Sound as bad as telephones make it: coding, lost packets, noise, quiet callers.

For benchmarks and tests. A recogniser judged on a studio recording is judged too kindly.
Everything here is 8 kHz when it comes out, and the same for the same seed.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import soundfile

from speech.level import level, trimmed
from speech.sound import TELEPHONE_HZ, Sound, from_float, resampled

FRAME = TELEPHONE_HZ // 50  # 20 ms: what one RTP packet carries
BURST_FRAMES = 2.0  # losses come in groups: a full queue drops what follows too
REPEATS = 3  # concealment says a frame again, fainter each time, then falls silent
LOSSES = (0.02, 0.05, 0.10)
SIGNAL_TO_NOISE_DB = (20, 10, 5)
QUIET_DB = -20.0


class Coding(StrEnum):
    """What a leg of the call may carry, as libsndfile names it."""

    ALAW = "ALAW"
    ULAW = "ULAW"
    GSM = "GSM610"


class Concealment(StrEnum):
    """What stands where a packet is missing."""

    SILENCE = "silence"
    REPEAT = "repeat"


def coded(sound: Sound, coding: Coding = Coding.ALAW) -> Sound:
    """The sound at 8 kHz through a coding and back; its length stays."""
    narrow = resampled(sound, TELEPHONE_HZ).samples
    # GSM codes whole frames only.
    whole = np.concatenate([narrow, np.zeros(-len(narrow) % FRAME, np.int16)])
    wire = io.BytesIO()
    soundfile.write(wire, whole, TELEPHONE_HZ, format="RAW", subtype=coding.value)
    wire.seek(0)
    heard, _ = soundfile.read(
        wire,
        samplerate=TELEPHONE_HZ,
        channels=1,
        format="RAW",
        subtype=coding.value,
        dtype="int16",
    )
    return Sound(np.ascontiguousarray(heard[: len(narrow)]), TELEPHONE_HZ)


def with_losses(
    sound: Sound,
    share: float,
    seed: int,
    concealment: Concealment = Concealment.SILENCE,
    burst_frames: float = BURST_FRAMES,
) -> Sound:
    """The sound with about `share` of its 20 ms frames lost, in bursts of a mean length.

    Raises:
        ValueError: the share is not 0 to 0.5, or bursts are shorter than a frame.
    """
    if not 0 <= share <= 0.5 or burst_frames < 1:
        raise ValueError(f"expected a share of 0 to 0.5, found {share}; bursts of {burst_frames}")
    narrow = resampled(sound, TELEPHONE_HZ).samples
    frames = np.concatenate([narrow, np.zeros(-len(narrow) % FRAME, np.int16)]).reshape(-1, FRAME)
    heard = np.zeros_like(frames)
    last, repeated = np.zeros(FRAME, np.int16), 0
    for number, lost in enumerate(_lost(len(frames), share, burst_frames, seed)):
        if not lost:
            heard[number] = last = frames[number]
            repeated = 0
        elif concealment is Concealment.REPEAT and repeated < REPEATS:
            repeated += 1
            heard[number] = (last * 0.5**repeated).astype(np.int16)
    return Sound(heard.reshape(-1)[: len(narrow)], TELEPHONE_HZ)


def _lost(count: int, share: float, burst_frames: float, seed: int) -> npt.NDArray[np.bool_]:
    """Gilbert's two states: a line that loses nothing, and one that loses everything."""
    chances = np.random.default_rng(seed).random(count + 1)
    ends = 1 / burst_frames
    begins = share * ends / (1 - share)
    found, losing = np.zeros(count, np.bool_), bool(chances[-1] < share)
    for number in range(count):
        found[number] = losing
        losing = chances[number] >= ends if losing else chances[number] < begins
    return found


def with_noise(sound: Sound, noise: Sound, ratio_db: float, seed: int) -> Sound:
    """The sound at 8 kHz with noise `ratio_db` under its speech, from a seeded place on.

    Both levels are those of `speech.level`: pauses count on neither side.
    """
    speech = resampled(sound, TELEPHONE_HZ)
    background = resampled(noise, TELEPHONE_HZ)
    if len(background.samples) == 0 or len(speech.samples) == 0:
        return speech
    begin = int(np.random.default_rng(seed).integers(len(background.samples)))
    rolled = np.resize(np.roll(background.as_float(), -begin), len(speech.samples))
    gain_db = level(speech).active_dbfs - ratio_db - level(background).active_dbfs
    return from_float(speech.as_float() + rolled * 10 ** (gain_db / 20), TELEPHONE_HZ)


def quieter(sound: Sound, db: float = QUIET_DB) -> Sound:
    """The sound at another loudness: −20 dB is a caller who holds the telephone away."""
    return from_float(sound.as_float() * np.float32(10 ** (db / 20)), sound.rate_hz)


@dataclass(frozen=True)
class Condition:
    """One way to be called from; `heard` takes the sound and a seed of its own."""

    name: str
    heard: Callable[[Sound, int], Sound]


def conditions(noises: Mapping[str, Sound]) -> tuple[Condition, ...]:
    """Every condition, `clean` (G.711 A-law and nothing else) first; noises by their names."""
    found = [
        Condition("clean", lambda sound, _: coded(sound)),
        Condition("mu-law", lambda sound, _: coded(sound, Coding.ULAW)),
        Condition("gsm", lambda sound, _: coded(sound, Coding.GSM)),
        Condition("quiet", lambda sound, _: coded(quieter(sound))),
        # Callers begin with the beep; what padding is for.
        Condition("cut-close", lambda sound, _: coded(trimmed(sound, keep_s=0.0))),
    ]
    found += [_losing(share) for share in LOSSES]
    found += [
        _noisy(name, noise, ratio_db)
        for name, noise in sorted(noises.items())
        for ratio_db in SIGNAL_TO_NOISE_DB
    ]
    return tuple(found)


def _losing(share: float) -> Condition:
    return Condition(
        f"loss-{share * 100:.0f}", lambda sound, seed: with_losses(coded(sound), share, seed)
    )


def _noisy(name: str, noise: Sound, ratio_db: int) -> Condition:
    return Condition(
        f"{name}-{ratio_db}", lambda sound, seed: coded(with_noise(sound, noise, ratio_db, seed))
    )
