"""Addresses of prompts' sounds, and the sounds themselves: public, the same for every caller."""

import hashlib
import re
import threading
from pathlib import Path

from flask import Response, abort, send_file

from ivr.voices import Voices

A_YEAR_S = 31_536_000
HASH_LETTERS = 16
_TAKE = re.compile(r"[0-9a-f]{32}")


class PublicSounds:
    """The sounds of all `voices` at the moment of asking, and the recordings in the folder `takes`.

    An address carries a hash of its sound, so it may be kept for ever by whoever fetched it:
    another sound has another address.
    """

    def __init__(self, voices: Voices, root: str, takes: Path | None = None) -> None:
        self._root = root
        self._takes = takes
        self._voices = voices
        self._hashes: dict[str, tuple[tuple[int, int], str]] = {}
        self._lock = threading.Lock()

    def address(self, sound: str) -> str:
        """The address of a sound, named by its path without extension."""
        path = Path(sound)
        return f"{self._root}/{path.parent.name}/{path.name}.wav?v={self._hash(sound)}"

    def send(self, voice: str, name: str, version: str) -> Response:
        """The sound; any other name than a prompt's is unknown, whatever lies on the disk."""
        path = self._made(voice, name) or self._take(voice, name)
        if path is None or not path.is_file():
            abort(404)
        response = send_file(path, mimetype="audio/wav", conditional=True)
        response.headers["Cache-Control"] = "no-cache"
        if version == self._hash(str(path.with_suffix(""))):
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR_S}, immutable"
        return response

    def _made(self, voice: str, name: str) -> Path | None:
        """What was made of a prompt: its words may have changed since the last time."""
        for prompts in self._voices.now.values():
            if prompts.folder.name == voice and name in prompts:
                return prompts.folder / f"{name}.wav"
        return None

    def _take(self, voice: str, name: str) -> Path | None:
        """A recording, by an id that nobody guesses."""
        if self._takes is None or voice != self._takes.name or not _TAKE.fullmatch(name):
            return None
        return self._takes / f"{name}.wav"

    def _hash(self, sound: str) -> str:
        path = Path(f"{sound}.wav")
        try:
            stat = path.stat()
        except OSError:
            return ""  # it is reported by the health page, and is silence to the caller
        state = (stat.st_mtime_ns, stat.st_size)
        with self._lock:
            known = self._hashes.get(sound)
        if known is not None and known[0] == state:
            return known[1]
        found = hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LETTERS]
        with self._lock:
            self._hashes[sound] = (state, found)
        return found
