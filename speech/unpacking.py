"""Taking a model out of its publisher's zip, trusting nothing that stands in it."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from speech.errors import ModelDamaged
from speech.model import ModelFile

# Model folders hold some twenty files; a zip that unpacks to far more is no model.
MAX_FILES = 1_000
MAX_GROWTH = 20
PIECE_BYTES = 1 << 20


def unpack_zip(archive: Path, target: Path, needed: tuple[str, ...]) -> tuple[ModelFile, ...]:
    """The archive's files under `target`, without the one folder that they all lie in.

    Raises:
        ModelDamaged: it is no zip, a member points outside or is not a plain file, it would
            unpack to beyond all measure, or a file of `needed` is not in it.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = list(_members(opened))
            allowed_bytes = MAX_GROWTH * archive.stat().st_size
            if sum(info.file_size for info, _ in members) > allowed_bytes:
                raise ModelDamaged(f"{archive.name} would unpack to over {allowed_bytes} bytes")
            absent = set(needed) - {name for _, name in members}
            if absent:
                raise ModelDamaged(f"{archive.name} holds no {', '.join(sorted(absent))}")
            return tuple(_unpack(opened, info, target, name) for info, name in members)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ModelDamaged(f"{archive.name} cannot be unpacked: {error}") from error
    except RuntimeError as error:  # what zipfile says of a member that wants a password
        raise ModelDamaged(f"{archive.name} is locked: {error}") from error


def _members(opened: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """Each file with the name that it gets."""
    files = [info for info in opened.infolist() if not info.is_dir()]
    if not 0 < len(files) <= MAX_FILES:
        raise ModelDamaged(f"expected 1 to {MAX_FILES} files in the archive, found {len(files)}")
    paths = [_safe(info) for info in files]
    roots = {path.parts[0] for path in paths}
    inside_one = len(roots) == 1 and all(len(path.parts) > 1 for path in paths)
    names = [str(PurePosixPath(*path.parts[1:])) if inside_one else str(path) for path in paths]
    # On a file system that ignores case the second would silently replace the first.
    if len({name.lower() for name in names}) < len(names):
        raise ModelDamaged("the archive holds a file twice")
    yield from zip(files, names, strict=True)


def _safe(info: zipfile.ZipInfo) -> PurePosixPath:
    path = PurePosixPath(info.filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    outside = path.is_absolute() or ".." in path.parts or not path.parts
    strange = "\\" in info.filename or ":" in info.filename or "\0" in info.orig_filename
    if outside or strange or kind not in (0, stat.S_IFREG):
        raise ModelDamaged("the archive has a member that is no plain file inside its folder")
    return path


def _unpack(opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, name: str) -> ModelFile:
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size_bytes = hashlib.sha256(), 0
    with opened.open(info) as packed, path.open("xb") as stream:
        while piece := packed.read(PIECE_BYTES):
            size_bytes += len(piece)
            if size_bytes > info.file_size:  # the header lied: the sum above did not hold
                raise ModelDamaged(f"{name} is longer than the archive says")
            digest.update(piece)
            stream.write(piece)
    return ModelFile(name, size_bytes, digest.hexdigest())
