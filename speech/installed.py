"""What lies in the folder of a placed model, written down when it was unpacked.

Of a model that comes as one archive the catalogue cannot name the files. The list made at
unpacking, from an archive of the right hash, stands in for it.
"""

import json
from pathlib import Path

from speech.errors import ModelDamaged
from speech.model import Model, ModelFile

LIST = "installed.json"


def files_of(model: Model, place: Path) -> tuple[ModelFile, ...]:
    """The files that belong into `place`: the catalogue's, or those of its list; else none.

    A list that cannot be read counts as none: the model is then not there.
    """
    if model.files:
        return model.files
    try:
        return _read(place / LIST)
    except ModelDamaged:
        return ()


def write_list(place: Path, archive_sha256: str, files: tuple[ModelFile, ...]) -> None:
    """Writes down which files an archive gave."""
    content = {
        "archive_sha256": archive_sha256,
        "files": [
            {"name": file.name, "size_bytes": file.size_bytes, "sha256": file.sha256}
            for file in files
        ],
    }
    (place / LIST).write_text(json.dumps(content, ensure_ascii=False, indent=1))


def archive_of(place: Path) -> str | None:
    """SHA-256 of the archive that a placed model came from; None where nothing tells."""
    try:
        found = json.loads((place / LIST).read_text())["archive_sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def _read(path: Path) -> tuple[ModelFile, ...]:
    try:
        rows = json.loads(path.read_text())["files"]
        return tuple(
            ModelFile(str(row["name"]), int(row["size_bytes"]), str(row["sha256"])) for row in rows
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelDamaged(f"{path.name}: expected a list of files, found none") from error
