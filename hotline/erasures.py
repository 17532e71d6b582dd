"""What was erased by law since the last backup, as ids: a restored backup must not bring it back,
and what was broken off is ended.

Kept outside the database (`audit/erasures.jsonl`) for as long as backups are, then forgotten.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import structlog
from sqlalchemy import Engine, select

from accounts.models import AuditEntry
from hotline.errors import BadBackup
from ivr.erasure import PERSON_ERASED, Erased, Folders, erase_noted
from ivr.persons import Person
from storage.database import reading

log = structlog.get_logger()

FILE = "erasures.jsonl"


def note_erasure(file: Path, erased: Erased, now: datetime) -> None:
    """Write down the ids of what is erased; never the number."""
    ids = {name: values for name, values in asdict(erased.person).items() if values}
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps({"id": erased.id, "at": now.isoformat(), "ids": ids})
    with file.open("ab+", buffering=0) as out:
        # A line that a death cut short stays by itself: under it, nothing was erased yet.
        torn = out.seek(0, os.SEEK_END) > 0 and _last_byte(out) != b"\n"
        out.write((b"\n" if torn else b"") + line.encode("ascii") + b"\n")
        os.fsync(out.fileno())


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def erase_since(
    engine: Engine, file: Path, since: datetime, folders: Folders, now: datetime
) -> int:
    """Erase again what was erased after `since`; how many erasures that were.

    Raises:
        BadBackup: the file cannot be read.
    """
    count = 0
    for at, erased in _read(file):
        if at >= since:
            erase_noted(engine, erased, folders, now)
            count += 1
    return count


def finish_erasures(engine: Engine, file: Path, folders: Folders, now: datetime) -> int:
    """End the erasures of which the audit log does not say that they are done; how many.

    One that another process is at just now is done by both, which is harmless. A line that cannot
    be read keeps no other from being ended.
    """
    noted = [erased for _, erased in _read(file, strict=False)]
    ids = sorted({erased.id for erased in noted})
    query = select(AuditEntry.object_id).where(
        AuditEntry.object_type == "erasure", AuditEntry.action == PERSON_ERASED
    )
    with reading(engine) as session:
        ended = set(session.scalars(query)) if ids else set()
    left = [erased for erased in noted if erased.id not in ended]
    for erased in left:
        erase_noted(engine, erased, folders, now)
    return len(left)


def forget_erasures(file: Path, before: datetime) -> int:
    """Drop the lines that no backup is older than any more; how many went."""
    if not file.exists():
        return 0
    lines = file.read_text("ascii").splitlines()
    kept = [line for line in lines if not _older(line, before)]
    if len(kept) < len(lines):
        draft = file.with_name(f".{file.name}")
        draft.write_text("".join(f"{line}\n" for line in kept), "ascii")
        draft.replace(file)
    return len(lines) - len(kept)


def _older(line: str, before: datetime) -> bool:
    try:
        return datetime.fromisoformat(json.loads(line)["at"]) < before
    except (ValueError, KeyError, TypeError):
        return False  # who looks at the file shall see it


def _read(file: Path, strict: bool = True) -> Iterator[tuple[datetime, Erased]]:
    if not file.exists():
        return
    for number, line in enumerate(file.read_text("ascii", "replace").splitlines(), 1):
        try:
            told = json.loads(line)
            ids = {name: tuple(values) for name, values in told["ids"].items()}
            yield datetime.fromisoformat(told["at"]), Erased(str(told["id"]), Person(**ids))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if strict:
                raise BadBackup(f"{file.name}: line {number} cannot be read") from error
            log.error("erasure cannot be read", line=number)
