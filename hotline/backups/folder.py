"""Where backups lie: a folder each, named by its moment, and whole or not there at all.

    hotline-20261123T040000Z/
        manifest.json       counts and hashes of everything; written last
        database.sqlite3    or database.dump (PostgreSQL)
        recordings/  attachments/  prompts/takes/  checkpoints.jsonl

A backup in the making ends in `.part`. It becomes whole by being renamed, after everything in it
is safe on the disk.
"""

import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hotline.errors import BadBackup

MANIFEST = "manifest.json"
FORMAT = 1
PART = ".part"
# Longer than any backup takes: what is still in the making then was broken off.
BROKEN_OFF = timedelta(days=1)
_NAME = re.compile(r"hotline-(\d{8}T\d{6}Z)(\.part)?")
_MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Stored:
    """A file of the backup, named from its folder."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Table:
    """A table's rows, and the hash of them all in order."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All that a backup holds.

    Attributes:
        kind: `sqlite` or `postgresql`.
        revision: of the tables (storage.migrations).
        sealed: a known text, sealed: tells whether a key is the right one.
        audit_number, audit_hash: where the audit log ended.
        missing: files that rows name and that were not there, or not as they were recorded.
    """

    made_at: str
    kind: str
    revision: str
    sealed: str
    tables: dict[str, Table]
    files: dict[str, Stored]
    missing: list[str]
    audit_number: int
    audit_hash: str
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def name_of(now: datetime) -> str:
    return f"hotline-{now.astimezone(UTC).strftime(_MOMENT)}"


def made_at(folder: Path) -> datetime | None:
    """When the backup of that name was begun; None where it is no backup's name."""
    found = _NAME.fullmatch(folder.name)
    return None if found is None else datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC)


def whole_backups(folder: Path) -> Sequence[Path]:
    """The oldest first; those in the making, or broken off, are none."""
    found = [p for p in folder.glob("hotline-*") if p.suffix != PART and made_at(p) is not None]
    return sorted(p for p in found if (p / MANIFEST).is_file())


def old_backups(folder: Path, before: datetime) -> list[Path]:
    """Backups made before that moment, whole or not."""
    moments = {path: made_at(path) for path in folder.glob("hotline-*")}
    return [path for path, moment in moments.items() if moment is not None and moment < before]


def delete_old_backups(folder: Path, before: datetime) -> int:
    """How many went."""
    found = old_backups(folder, before)
    for path in found:
        delete_backup(path)
    return len(found)


def delete_broken_off(folder: Path, now: datetime) -> int:
    """Backups that were broken off long ago; how many there were."""
    found = [p for p in old_backups(folder, now - BROKEN_OFF) if p.suffix == PART]
    for path in found:
        shutil.rmtree(path)
    return len(found)


def delete_backup(path: Path) -> None:
    """Not whole any more from the first moment on."""
    (path / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(path)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    with (folder / MANIFEST).open("w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest:
    """Raises: BadBackup: the folder holds no whole backup of this format."""
    if folder.suffix == PART or not (folder / MANIFEST).is_file():
        raise BadBackup(f"expected a whole backup, found none in {folder.name}")
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text("ascii"))
        if told.get("format") != FORMAT:
            raise BadBackup(f"expected a backup of format {FORMAT}, found {told.get('format')!r}")
        told["tables"] = {name: Table(**each) for name, each in told["tables"].items()}
        told["files"] = {name: Stored(**each) for name, each in told["files"].items()}
        return Manifest(**told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadBackup(f"{folder.name}/{MANIFEST} cannot be read") from error
