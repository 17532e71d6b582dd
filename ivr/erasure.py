"""Erasing one person by law: the cases stay, nobody can tell any more whose they were.

Words, numbers, hashes, places on the map, sounds and photos go; what remains is category, commune,
dates and states. The audit log tells of it by ids alone.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from accounts.audit import record
from ivr.models import Block, Call, JournalEntry
from ivr.persons import Person, find_person
from notifications.service import forget_messages
from reports.models import Callback
from reports.transcription import erase_recording
from reports.wiping import (
    ERASED,
    erase_reports,
    wipe_attachments,
    wipe_callbacks,
    wipe_lookups,
    wipe_recordings,
    wipe_supporters,
)
from storage.database import transaction

log = structlog.get_logger()

AT_ONCE = 500

T = TypeVar("T")


@dataclass(frozen=True)
class Folders:
    """Where the files of recordings and attachments lie."""

    recordings: Path
    attachments: Path


@dataclass(frozen=True)
class Erased:
    """What was erased; `id` names the erasure in the audit log."""

    id: str
    person: Person


def erase_person(
    engine: Engine,
    number: str,
    folders: Folders,
    actor_id: str,
    now: datetime,
    note: Callable[[Erased], None],
) -> Erased:
    """Erase all of one number (E.164), and say what that was. Repeating it does no harm.

    One transaction for all rows; `note` is told before its commit; the files follow. Where this is
    broken off between the two, jobs and the next purge delete them. The database's own clean-up
    (`storage.traces`) is the caller's.
    """
    erasure = uuid.uuid4().hex
    with transaction(engine) as session:
        person = find_person(session, number)
        _erase(session, person, now)
        # In pieces: an entry says which cases changed, and stays short.
        record(session, actor_id, "person.erased", "erasure", erasure, now, **person.counts())
        for report in person.reports:
            record(session, actor_id, "report.erased", "report", report, now, erasure=erasure)
        # Written down though nothing was erased does no harm; erased and not written down would.
        erased = Erased(erasure, person)
        note(erased)
    delete_files(engine, person, folders)
    log.info("person erased", erasure=erasure, **person.counts())
    return erased


def erase_again(engine: Engine, erased: Erased, folders: Folders, now: datetime) -> None:
    """Erase by ids what a restored backup has brought back."""
    with transaction(engine) as session:
        _erase(session, erased.person, now)
        counts = erased.person.counts()
        record(session, "system", "person.erased", "erasure", erased.id, now, **counts)
    delete_files(engine, erased.person, folders)


def delete_files(engine: Engine, person: Person, folders: Folders) -> None:
    """The sounds and photos of `person`, whose rows say already that they are gone."""
    for name in person.recordings:
        erase_recording(engine, folders.recordings, name)
    for attachment in person.attachments:
        (folders.attachments / attachment).unlink(missing_ok=True)


def _erase(session: Session, person: Person, now: datetime) -> None:
    for some in _in_parts(person.recordings):
        wipe_recordings(session, some, now)
    for some in _in_parts(person.attachments):
        wipe_attachments(session, some, now)
    for some in _in_parts(person.reports):
        erase_reports(session, some, now)
    for some in _in_parts(person.callbacks):
        wipe_callbacks(session, select(Callback.id).where(Callback.id.in_(some)), now)
    for some in _in_parts(person.supports):
        wipe_supporters(session, some)
    for some in _in_parts(person.messages):
        forget_messages(session, some)
    for some in _in_parts(person.calls):
        wipe_calls(session, some)
    for tries in _in_parts(person.lookups):
        wipe_lookups(session, tries)
    wipe_blocks(session, person.blocks)


def wipe_calls(session: Session, call_ids: Sequence[str]) -> None:
    """Who called and what was pressed and said; that there was a call, when and how long, stays."""
    wipe_journals(session, call_ids)
    session.execute(
        update(Call)
        .where(Call.id.in_(call_ids))
        .values(caller_number=None, caller_hash=None, anonymous=True, hash_expires_at=None)
    )


def wipe_journals(session: Session, call_ids: Sequence[str]) -> None:
    """The journal, what the flow knew, and the name by which the carrier traces the call."""
    session.execute(delete(JournalEntry).where(JournalEntry.call_id.in_(call_ids)))
    session.execute(
        update(Call).where(Call.id.in_(call_ids)).values(facts={}, carrier_call_id=None)
    )


def wipe_blocks(session: Session, block_ids: Sequence[str]) -> None:
    """Whose number is served in part. The block ends with that: nobody can be told by it."""
    for block in session.scalars(select(Block).where(Block.id.in_(block_ids))):
        block.caller_hash = f"{ERASED}:{uuid.uuid4().hex}"
        block.reason = ""
    session.flush()


def _in_parts(ids: Sequence[T]) -> list[Sequence[T]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
