"""Files between their preview and the word that they are to be kept: each its author's own.

They lie a day at most; whoever uploads clears away what is older.
"""

import os
import re
import shutil
import time
import uuid
from pathlib import Path
from typing import BinaryIO

MOST_UPLOAD_BYTES = 10_000_000  # some 150,000 lines: longer than that nobody waits before a page
MOST_FORM_BYTES = MOST_UPLOAD_BYTES + 100_000  # the file, and the rest of its form
_KEPT_S = 86_400
_ID = re.compile(r"[0-9a-f]{32}")


class Uploads:
    """Files below `folder`, by who sent them and an id that nobody guesses."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, user: str, content: BinaryIO) -> str:
        """The id under which the content lies now.

        Raises:
            OSError: it cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._clear()
        id = uuid.uuid4().hex
        path = self._path(user, id)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as file:
                shutil.copyfileobj(content, file)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return id

    def open(self, user: str, id: str) -> BinaryIO:
        """The content.

        Raises:
            FileNotFoundError: there is none such, or it is somebody else's.
        """
        return self._path(user, id).open("rb")

    def take(self, user: str, id: str) -> BinaryIO:
        """The content, for the last time: of two who ask at once one gets it.

        Raises:
            FileNotFoundError: there is none such, or it is somebody else's.
        """
        path = self._path(user, id)
        taken = path.with_suffix(".taken")
        os.rename(path, taken)
        file = taken.open("rb")
        taken.unlink()
        return file

    def drop(self, user: str, id: str) -> None:
        """Forget it, if it is there."""
        self._path(user, id).unlink(missing_ok=True)

    def _path(self, user: str, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise FileNotFoundError
        return self._folder / f"{user}-{id}.csv"

    def _clear(self) -> None:
        oldest = time.time() - _KEPT_S
        for path in self._folder.iterdir():
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except FileNotFoundError:
                continue  # somebody else clears away, too
