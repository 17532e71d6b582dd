"""Sound files of any usual kind as a sound: WAV, FLAC, MP3, Ogg, whatever they are called.

The kind is told by the file's own first bytes. Nothing is believed of a header but the rate and the
number of channels, and of both only what is plausible: what is too long is not read to its end.
"""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from speech.errors import BrokenSound, SoundTooLong
from speech.sound import HIGHEST_HZ, LOWEST_HZ, Sound, from_float

# libsndfile reads two dozen more, most of them older than the code that anybody still tries.
KINDS = frozenset({"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3"})
MOST_CHANNELS = 8
_FRAMES_AT_ONCE = 65_536


@dataclass(frozen=True)
class Decoded:
    """The sound, channels mixed to one, with what the file was."""

    sound: Sound
    kind: str
    channels: int


def decoded(file: BinaryIO, longest_s: float, most_hz: int = HIGHEST_HZ) -> Decoded:
    """The sound in `file`, which has to be seekable, from where it stands.

    What was sampled more often than `most_hz` is brought down to it while it is read.

    Raises:
        SoundTooLong: there are more than `longest_s` seconds.
        BrokenSound: it is no sound, of no kind that is read here, or empty.
    """
    try:
        with soundfile.SoundFile(file) as opened:
            return _read(opened, longest_s, most_hz)
    except (soundfile.LibsndfileError, RuntimeError, ValueError, TypeError) as error:
        detail = str(getattr(error, "error_string", type(error).__name__))
        raise BrokenSound(f"expected a sound file, found none: {detail}") from error


def _read(opened: soundfile.SoundFile, longest_s: float, most_hz: int) -> Decoded:
    kind, rate_hz, channels = opened.format, int(opened.samplerate), int(opened.channels)
    if kind not in KINDS:
        raise BrokenSound(f"expected one of {', '.join(sorted(KINDS))}, found {kind}")
    if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
        raise BrokenSound(f"expected {LOWEST_HZ} to {HIGHEST_HZ} Hz, found {rate_hz}")
    if not 1 <= channels <= MOST_CHANNELS:
        raise BrokenSound(f"expected 1 to {MOST_CHANNELS} channels, found {channels}")
    parts: list[npt.NDArray[np.float32]] = []
    left = round(longest_s * rate_hz)
    made_hz = min(rate_hz, most_hz)
    lower = (
        None if made_hz == rate_hz else soxr.ResampleStream(rate_hz, made_hz, 1, dtype="float32")
    )
    while True:
        read = opened.read(_FRAMES_AT_ONCE, dtype="float32", always_2d=True)
        if len(read) == 0:
            break
        left -= len(read)
        if left < 0:
            raise SoundTooLong(f"expected at most {longest_s:g} s")
        mixed = read.mean(axis=1)
        parts.append(mixed if lower is None else lower.resample_chunk(mixed))
    if lower is not None:
        parts.append(lower.resample_chunk(np.zeros(0, np.float32), last=True))
    if not sum(len(part) for part in parts):
        raise BrokenSound("the file holds no samples")
    samples = np.concatenate(parts)
    if not np.isfinite(samples).all():
        raise BrokenSound("the file holds samples that are no numbers")
    return Decoded(from_float(samples, made_hz), kind, channels)
