"""Recordings on disk: taken as a result only when they are whole and safe there."""

import hashlib
import os
from pathlib import Path

import structlog

from ivr.steps import Recorded
from speech.errors import BrokenSound
from speech.level import is_silent
from speech.sound import read_wav

log = structlog.get_logger()

# Lower than line noise: whoever speaks 25 dB too quietly is still to be heard, and the price
# of a mistake is only that somebody listens to an empty recording.
SILENCE_DBFS = -60.0


class Recorder:
    """The recordings folder. Names are `<call>-<position>`: the same after every replay."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> str:
        """Where Asterisk records to: absolute, without the extension that it adds."""
        return str(self.folder / name)

    def take(self, name: str) -> Recorded | None:
        """The recording as a result; None where there is no sound to take.

        It is forced to the disk first: what the journal says was recorded must be there
        after a power loss.
        """
        path = self.folder / f"{name}.wav"
        try:
            sound = read_wav(path)
        except BrokenSound as error:
            if path.exists():
                log.warning("recording unreadable", recording=name, why=type(error).__name__)
            return None
        _force_to_disk(path)
        _force_to_disk(self.folder)
        content = path.read_bytes()
        return Recorded(
            name=name,
            length_s=round(sound.length_s, 3),
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            silent=is_silent(sound, SILENCE_DBFS),
        )


def _force_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
