"""Recordings on disk: taken as a result only when they are whole and safe there."""

import hashlib
import os
import shutil
from pathlib import Path

import numpy as np
import structlog

from ivr.steps import Recorded
from speech.errors import BrokenSound
from speech.level import is_silent
from speech.sound import TELEPHONE_HZ, Sound, read_wav, write_wav
from storage.disk import sync

log = structlog.get_logger()

# Lower than line noise: whoever speaks 25 dB too quietly is still to be heard, and the price
# of a mistake is only that somebody listens to an empty recording.
SILENCE_DBFS = -60.0
_A_MOMENT = Sound(np.zeros(TELEPHONE_HZ // 10, np.int16), TELEPHONE_HZ)


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
        sync(path)
        sync(self.folder)
        content = path.read_bytes()
        return Recorded(
            name=name,
            length_s=round(sound.length_s, 3),
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            silent=is_silent(sound, SILENCE_DBFS),
        )

    def take_nothing(self, name: str) -> Recorded:
        """A recording in which nothing is said: for a key pressed before there was any sound."""
        write_wav(self.folder / f"{name}.wav", _A_MOMENT)
        taken = self.take(name)
        assert taken is not None
        return taken

    def adopt(self, sound: Path, name: str) -> Recorded | None:
        """The sound that lies elsewhere, copied here under `name`; None where there is none.

        Doing it twice gives the same; the other file stays for whoever knows that it is filed.
        """
        if sound.is_file():
            unfinished = self.folder / f".{name}.{os.getpid()}"
            shutil.copyfile(sound, unfinished)
            sync(unfinished)
            unfinished.replace(self.folder / f"{name}.wav")
        return self.take(name)

    def keep(self, content: bytes, name: str) -> Recorded | None:
        """A sound that came over the network, forced to the disk and read back from there; None
        where it is no sound, which then is not kept."""
        unfinished = self.folder / f".{name}.{os.getpid()}.fetched"
        unfinished.write_bytes(content)
        try:
            read_wav(unfinished)
        except BrokenSound as error:
            unfinished.unlink()
            log.warning("recording unreadable", recording=name, why=type(error).__name__)
            return None
        sync(unfinished)
        unfinished.replace(self.folder / f"{name}.wav")
        return self.take(name)

    def forget(self, name: str) -> None:
        """The sound must not be kept: its caller did not want to be recorded."""
        (self.folder / f"{name}.wav").unlink(missing_ok=True)
        sync(self.folder)
