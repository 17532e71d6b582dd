"""Folders of recorded units: what is there, whether it is usable, and parts put together of it.

A speaker's recordings come at any rate and level, with a second of room before and after. Each is
brought to the telephone's rate and the even level, and cut to what is said; the silences between
are then ours. All units of a part come from one folder: two folders may be two speakers.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from ivr.recorded_units import Part
from speech.errors import BrokenSound
from speech.level import SILENCE_DBFS, is_silent, level, normalised
from speech.sound import TELEPHONE_HZ, Sound, from_float, read_wav, resampled

MOST_BYTES = 20_000_000  # half a minute at the best rates there are; a unit is a second
LONGEST_S = 5.0
SHORTEST_S = 0.06
MOST_CLIPPED = 0.005  # of the samples; more is heard as a rattle
FULL_SCALE = 32_700
KEEP_S = 0.02  # around what is said: the breath of an "h" or "ph" is softer than the room
FADE_S = 0.005
END_S = 0.1  # at both ends, as of every prompt
ROOM_DB = 10.0  # what is said stands at least so far above the room's noise
LOUDEST_ROOM_DBFS = -38.0


class UnitFolder:
    """The recordings of one folder, read once each; an absent folder is an empty one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sounds: dict[str, Sound | BrokenSound] = {}
        self._digests: dict[str, str] = {}

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """Name of each WAV file without its extension → the file."""
        if not self.folder.is_dir():
            return {}
        there = (path for path in sorted(self.folder.iterdir()) if path.suffix.lower() == ".wav")
        return {path.stem: path for path in there}

    def problem(self, name: str) -> str | None:
        """Why the recording of a unit cannot be used; None where it can, or there is none."""
        if name not in self.paths:
            return None
        try:
            self.sound(name)
        except BrokenSound as error:
            return str(error)
        return None

    def has(self, part: Part) -> bool:
        """Whether every unit that the part needs is there and usable."""
        return all(name in self.paths and self.problem(name) is None for name in part.needs)

    def sound(self, name: str) -> Sound:
        """The unit: 8 kHz, even level, cut to what is said.

        Raises:
            BrokenSound: the file is no recording of a unit; the message says why.
        """
        if name not in self._sounds:
            try:
                self._sounds[name] = read_unit(self.paths[name])
            except BrokenSound as error:
                self._sounds[name] = error
        found = self._sounds[name]
        if isinstance(found, BrokenSound):
            raise found
        return found

    def digest(self, part: Part) -> str:
        """A hash over the files that the part is put together of, in their order."""
        for name, _ in part.units:
            if name not in self._digests:
                content = self.paths[name].read_bytes()
                self._digests[name] = hashlib.sha256(content).hexdigest()
        row = [f"{self._digests[name]} {gap_s}" for name, gap_s in part.units]
        return hashlib.sha256("\n".join(row).encode()).hexdigest()

    def composed(self, part: Part) -> Sound:
        """The part in the speaker's voice.

        Raises:
            BrokenSound: a unit of it is no recording of one.
        """
        row = [np.zeros(_samples(END_S), np.int16)]
        for name, gap_s in part.units:
            row += [faded(self.sound(name)).samples]
            row += [np.zeros(_samples(max(0.0, gap_s - 2 * KEEP_S)), np.int16)]
        row[-1] = np.zeros(_samples(END_S), np.int16)
        return Sound(np.concatenate(row), TELEPHONE_HZ)


def first_with(part: Part, folders: Iterable[UnitFolder]) -> UnitFolder | None:
    """The first folder that has every unit of the part; None where the part must be rendered."""
    return next((folder for folder in folders if folder.has(part)), None)


def read_unit(path: Path) -> Sound:
    """A recording as a unit is used.

    Raises:
        BrokenSound: no WAV file, too large, silent, clipped, or not as long as a few words.
    """
    name = path.name
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise BrokenSound(f"{name}: {(error.strerror or 'cannot be read').lower()}") from error
    if not path.is_file():
        raise BrokenSound(f"{name}: expected a file, found something else")
    if size_bytes > MOST_BYTES:
        most, found = MOST_BYTES // 10**6, size_bytes // 10**6
        raise BrokenSound(f"{name}: expected at most {most} MB for a few words, found {found} MB")
    recorded = read_wav(path)
    share = float((np.abs(recorded.samples.astype(np.int32)) >= FULL_SCALE).mean())
    if share > MOST_CLIPPED:
        raise BrokenSound(f"{name}: {share:.0%} of it is clipped; record it with less gain")
    heard = normalised(resampled(recorded, TELEPHONE_HZ))
    if is_silent(heard):
        raise BrokenSound(f"{name}: nothing is to be heard in it")
    said = normalised(spoken_part(heard))  # again: of a quiet voice, the room was counted in
    if not SHORTEST_S <= said.length_s - 2 * KEEP_S <= LONGEST_S:
        expected = f"{SHORTEST_S:g} to {LONGEST_S:g} s of speech"
        raise BrokenSound(f"{name}: expected {expected}, found {said.length_s:.2f} s")
    return said


def spoken_part(sound: Sound, keep_s: float = KEEP_S) -> Sound:
    """From the first to the last frame that stands out of the room's noise, with `keep_s` of what
    there is around it."""
    frames = level(sound).frames_dbfs
    room = float(np.percentile(frames, 10)) + ROOM_DB
    loud = np.flatnonzero(frames >= max(SILENCE_DBFS, min(room, LOUDEST_ROOM_DBFS)))
    frame, keep = len(sound.samples) / len(frames), _samples(keep_s)
    begin = max(0, round(int(loud[0]) * frame) - keep)
    end = min(len(sound.samples), round((int(loud[-1]) + 1) * frame) + keep)
    return Sound(sound.samples[begin:end], sound.rate_hz)


def faded(sound: Sound) -> Sound:
    """Softly in and out: a cut in the middle of a wave clicks."""
    values = sound.as_float().copy()
    slope = np.linspace(0, 1, min(_samples(FADE_S), len(values) // 2), dtype=np.float32)
    values[: len(slope)] *= slope
    values[len(values) - len(slope) :] *= slope[::-1]
    return from_float(values, sound.rate_hz)


def _samples(length_s: float) -> int:
    return round(length_s * TELEPHONE_HZ)
