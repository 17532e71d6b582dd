"""Room on the disk, and a ballast that can be given back when there is none left."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


def free_bytes(folder: Path) -> int:
    """What we may still write where `folder` lies."""
    return shutil.disk_usage(folder).free


def sync(path: Path) -> None:
    """Have a file, or a folder's list of files, safe on the disk: a power cut leaves it there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Ballast:
    """A file that holds room for the worst moment: a full disk stops the database too."""

    path: Path
    size_bytes: int

    @property
    def is_there(self) -> bool:
        return self.path.exists()

    def make(self) -> None:
        """Take the room, in earnest: a sparse file would hold none.

        Raises:
            OSError: there is not so much; nothing of it stays.
        """
        unfinished = self.path.with_suffix(".unfinished")
        try:
            with unfinished.open("wb") as file:
                if self.size_bytes:
                    os.posix_fallocate(file.fileno(), 0, self.size_bytes)
            unfinished.replace(self.path)
        finally:
            unfinished.unlink(missing_ok=True)

    def give_back(self) -> None:
        self.path.unlink(missing_ok=True)
