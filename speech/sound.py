"""Sound as a value: reading, writing and resampling it; the telephone's ear."""

import io
import os
import struct
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from speech.errors import BrokenSound

TELEPHONE_HZ = 8000
# A header may claim anything, and resampling from 1 Hz makes gigabytes of a megabyte.
LOWEST_HZ, HIGHEST_HZ = 4_000, 192_000

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Sound:
    """Mono 16-bit PCM. The samples are read-only, so a sound may be shared freely."""

    samples: Samples
    rate_hz: int

    def __post_init__(self) -> None:
        if self.samples.dtype != np.int16 or self.samples.ndim != 1:
            found = f"{self.samples.dtype} of {self.samples.ndim} dimensions"
            raise ValueError(f"expected int16 samples of one dimension, found {found}")
        if self.rate_hz <= 0:
            raise ValueError(f"expected a sampling rate above 0 Hz, found {self.rate_hz}")
        own = self.samples.view()
        own.flags.writeable = False
        object.__setattr__(self, "samples", own)

    @property
    def length_s(self) -> float:
        return len(self.samples) / self.rate_hz

    def as_float(self) -> npt.NDArray[np.float32]:
        """The samples as fractions of full scale, −1 to 1."""
        return self.samples.astype(np.float32) / np.float32(32768)


def from_float(samples: npt.NDArray[np.floating], rate_hz: int) -> Sound:
    """A sound from fractions of full scale; what lies outside −1 to 1 is clipped."""
    scaled = np.round(np.asarray(samples, dtype=np.float64) * 32768)
    return Sound(np.clip(scaled, -32768, 32767).astype(np.int16), rate_hz)


def read_wav(path: Path) -> Sound:
    """The sound of a WAV file, channels mixed to one.

    A recorder killed in mid-call leaves a header with a length of 0 or of more than there is;
    the sound behind such a header is read all the same.

    Raises:
        BrokenSound: the file is absent, empty, not WAV, holds no samples, or claims a sampling
            rate outside 4 to 192 kHz.
    """
    name = path.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BrokenSound(f"{name}: {(error.strerror or 'cannot be read').lower()}") from error
    return wav_sound(content, name)


def wav_sound(content: bytes, name: str) -> Sound:
    """The sound of a WAV file that lies in memory; see `read_wav`. `name` is for the error."""
    if not content:
        raise BrokenSound(f"{name}: the file is empty (0 bytes)")
    # libsndfile would also take FLAC, Ogg or MP3 under this name; a recording is none of these.
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise BrokenSound(f"{name}: expected a WAV file, found {content[:4]!r}")
    try:
        read, rate_hz = soundfile.read(io.BytesIO(_mended(content)), dtype="int16", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        detail = str(getattr(error, "error_string", error))
        raise BrokenSound(f"{name}: a WAV header that cannot be used: {detail}") from error
    if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
        expected = f"{LOWEST_HZ} to {HIGHEST_HZ}"
        raise BrokenSound(f"{name}: expected a sampling rate of {expected} Hz, found {rate_hz}")
    if len(read) == 0:
        raise BrokenSound(f"{name}: the WAV file holds no samples")
    mixed = read[:, 0] if read.shape[1] == 1 else read.mean(axis=1).astype(np.int16)
    return Sound(np.ascontiguousarray(mixed), int(rate_hz))


def _mended(content: bytes) -> bytes:
    """The WAV file with the lengths of its header set to what there is.

    Asterisk writes them at the end of a recording; killed before, it leaves 0, and libsndfile
    then reads nothing.
    """
    at = 12
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        at += 8
        if name != b"data":
            at += length + length % 2
            continue
        rest = len(content) - at
        # A list of tags may follow a data chunk that is rightly empty.
        if (length == 0 and content[at : at + 4] != b"LIST") or length > rest:
            mended = bytearray(content)
            struct.pack_into("<I", mended, at - 4, rest)
            struct.pack_into("<I", mended, 4, len(content) - 8)
            return bytes(mended)
        break
    return content


def write_wav(path: Path, sound: Sound) -> None:
    """Writes 16-bit PCM; the file appears whole or not at all.

    Raises:
        BrokenSound: the folder cannot be written.
    """
    _write(path, sound, "WAV")


def write_flac(path: Path, sound: Sound) -> None:
    """Writes the same samples in about half the room; otherwise as `write_wav`."""
    _write(path, sound, "FLAC")


def wav_file(sound: Sound) -> io.BytesIO:
    """A WAV file of 16-bit PCM in memory, at its beginning."""
    written = io.BytesIO()
    soundfile.write(written, sound.samples, sound.rate_hz, subtype="PCM_16", format="WAV")
    written.seek(0)
    return written


def _write(path: Path, sound: Sound, kind: str) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_native_id()}")
    try:
        soundfile.write(
            str(unfinished), sound.samples, sound.rate_hz, subtype="PCM_16", format=kind
        )
        unfinished.replace(path)
    except (soundfile.LibsndfileError, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise BrokenSound(f"{path.name}: cannot be written: {error}") from error


def resampled(sound: Sound, rate_hz: int) -> Sound:
    """The same sound at another sampling rate."""
    if rate_hz == sound.rate_hz:
        return sound
    return from_float(soxr.resample(sound.as_float(), sound.rate_hz, rate_hz), rate_hz)


def padded(sound: Sound, before_s: float, after_s: float) -> Sound:
    """The sound with silence added on both sides."""
    zeros = [np.zeros(round(length * sound.rate_hz), np.int16) for length in (before_s, after_s)]
    return Sound(np.concatenate([zeros[0], sound.samples, zeros[1]]), sound.rate_hz)


def telephone(sound: Sound) -> Sound:
    """The sound as a called party hears it: 8 kHz, through G.711 A-law and back.

    For tests and benchmarks: a recogniser judged on anything better is judged too kindly.
    """
    narrow = resampled(sound, TELEPHONE_HZ)
    wire = io.BytesIO()
    soundfile.write(wire, narrow.samples, TELEPHONE_HZ, format="RAW", subtype="ALAW")
    wire.seek(0)
    heard, _ = soundfile.read(
        wire, samplerate=TELEPHONE_HZ, channels=1, format="RAW", subtype="ALAW", dtype="int16"
    )
    return Sound(heard, TELEPHONE_HZ)
