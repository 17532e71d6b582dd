"""How far the audit log had come, kept outside the database: a cut tail shows.

One line of JSON each: moment, number and hash of the last entry. The same goes to the log, so
whoever cuts the chain's tail has to mend three places. Copies belong on another machine.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.audit import Broken, Verified, head, verify
from accounts.errors import BadCheckpoints
from accounts.models import AuditEntry

log = structlog.get_logger()

FILE = "checkpoints.jsonl"


@dataclass(frozen=True)
class Checkpoint:
    """At `at` the chain ended with the entry `number`, which had that hash."""

    at: datetime
    number: int
    hash: str


def write_checkpoint(session: Session, file: Path, now: datetime) -> Checkpoint | None:
    """Note where the chain ends; None where the last line says so already, or nothing is there.

    Raises:
        BadCheckpoints: the file cannot be read.
    """
    end = head(session)
    known = read_checkpoints(file)
    if end.number == 0 or (known and known[-1].number == end.number):
        return None
    line = {"at": now.isoformat(timespec="seconds"), "number": end.number, "hash": end.hash}
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("a", encoding="ascii") as out:
        out.write(json.dumps(line) + "\n")
        out.flush()
        os.fsync(out.fileno())
    log.info("audit checkpoint", number=end.number, hash=end.hash)
    return Checkpoint(now, end.number, end.hash)


def read_checkpoints(file: Path) -> list[Checkpoint]:
    """All of them, in the order of the file; none where there is no file.

    Raises:
        BadCheckpoints: a line is none; the last one may be torn off by a power loss.
    """
    if not file.exists():
        return []
    lines = file.read_text("ascii", "replace").split("\n")
    found = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            told = json.loads(line)
            found.append(
                Checkpoint(
                    datetime.fromisoformat(told["at"]), int(told["number"]), str(told["hash"])
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines):
                break
            raise BadCheckpoints(
                f"{file.name}: expected a checkpoint in line {number}, found something else"
            ) from error
    return found


def verify_with(session: Session, checkpoints: Iterable[Checkpoint]) -> Verified:
    """`accounts.audit.verify`, and that the chain still holds what checkpoints have seen."""
    found = verify(session)
    if found.broken is not None:
        return found
    for checkpoint in checkpoints:
        if checkpoint.number <= found.begins_after.number:
            continue  # cut by rule since
        if (why := _wrong(session, checkpoint, found)) is not None:
            number = min(checkpoint.number, found.head.number + 1)
            return Verified(
                found.count, found.first, found.head, Broken(number, why), found.begins_after
            )
    return found


def _wrong(session: Session, checkpoint: Checkpoint, found: Verified) -> str | None:
    seen = f"the checkpoint of {checkpoint.at.isoformat()}"
    if checkpoint.number > found.head.number:
        missing = checkpoint.number - found.head.number
        return f"{missing} entries that {seen} saw are missing at the end"
    query = select(AuditEntry.hash).where(AuditEntry.number == checkpoint.number)
    if session.scalar(query) != checkpoint.hash:
        return f"the chain was written anew: {seen} saw another hash"
    return None
