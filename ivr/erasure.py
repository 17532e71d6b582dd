"""Erasing one person by law: the cases stay, nobody can tell any more whose they were.

Words, numbers, hashes, places on the map, sounds and photos go; what remains is category, commune,
dates and states. The audit log tells of it by ids alone.

What there is to erase is looked for while others write, noted down, and then erased some rows at a
time, so that no caller waits for it. Whoever breaks that off leaves it noted: `erase_noted` ends
it, as often as need be.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from accounts.audit import record
from ivr.models import Block, Call, JournalEntry
from ivr.persons import Person, find_person
from monitoring.round_calls import wipe_respondents
from notifications.inbox import forget_incoming
from notifications.service import forget_messages
from reports.models import Callback
from reports.threads import forget_added
from reports.transcription import erase_recording
from reports.wiping import (
    ERASED,
    erase_reports,
    not_yet_erased,
    wipe_attachments,
    wipe_callbacks,
    wipe_lookups,
    wipe_recordings,
    wipe_supporters,
)
from storage.batches import in_batches
from storage.database import transaction
from storage.jobs import warm_up

log = structlog.get_logger()

PERSON_ERASED = "person.erased"
# Somebody who rings, or is written to, meanwhile leaves something new.
LOOKED_FOR = 3

Wipe = Callable[[Session, Sequence[Any]], object]


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
    asked: str,
    folders: Folders,
    actor_id: str,
    now: datetime,
    note: Callable[[Erased], None],
) -> Erased:
    """Erase all of one number or e-mail address, and say what that was. To repeat it is harmless.

    `asked` is as `ivr.persons.asked_for` gives it. `note` is told what is going to be erased before
    any of it is. The database's own clean-up (`storage.traces`) is the caller's.
    """
    whole = Erased(uuid.uuid4().hex, Person())
    for _ in range(LOOKED_FOR):
        person = find_person(engine, asked)
        if not person and whole.person:
            break
        note(Erased(whole.id, person))
        _erase(engine, Erased(whole.id, person), actor_id, now)
        delete_files(engine, person, folders)
        whole = Erased(whole.id, _both(whole.person, person))
        if not person:
            break
    _end(engine, whole, actor_id, now)
    return whole


def erase_noted(
    engine: Engine, erased: Erased, folders: Folders, now: datetime, actor_id: str = "system"
) -> None:
    """Erase by ids: what was broken off, or what a restored backup has brought back."""
    _erase(engine, erased, actor_id, now)
    delete_files(engine, erased.person, folders)
    _end(engine, erased, actor_id, now)


def delete_files(engine: Engine, person: Person, folders: Folders) -> None:
    """The sounds and photos of `person`, whose rows say already that they are gone."""
    for name in person.recordings:
        erase_recording(engine, folders.recordings, name)
    for attachment in person.attachments:
        (folders.attachments / attachment).unlink(missing_ok=True)


def _erase(engine: Engine, erased: Erased, actor_id: str, now: datetime) -> None:
    def reports(session: Session, ids: Sequence[str]) -> None:
        still = session.scalars(not_yet_erased(ids)).all()
        erase_reports(session, still, now)
        # In pieces: an entry says which case changed, and stays short.
        for report in still:
            record(session, actor_id, "report.erased", "report", report, now, erasure=erased.id)

    def callbacks(session: Session, ids: Sequence[str]) -> None:
        wipe_callbacks(session, select(Callback.id).where(Callback.id.in_(ids)), now)

    def incoming(session: Session, ids: Sequence[str]) -> None:
        forget_added(session, ids)
        forget_incoming(session, ids)

    person = erased.person
    if person.recordings or person.incoming:
        # What their jobs need is loaded before anybody waits for it.
        warm_up(engine.url.render_as_string(hide_password=False))
    # Reports and calls last: the others are found by them.
    steps: Sequence[tuple[Sequence[Any], Wipe]] = (
        (person.recordings, lambda session, ids: wipe_recordings(session, ids, now)),
        (person.attachments, lambda session, ids: wipe_attachments(session, ids, now)),
        (person.callbacks, callbacks),
        (person.supports, wipe_supporters),
        (person.messages, forget_messages),
        (person.incoming, incoming),
        (person.lookups, wipe_lookups),
        (person.blocks, wipe_blocks),
        (person.respondents, lambda session, ids: wipe_respondents(session, ids, now)),
        (person.reports, reports),
        (person.calls, wipe_calls),
    )
    for ids, wipe in steps:
        _some_at_a_time(engine, ids, wipe)


def _some_at_a_time(engine: Engine, ids: Sequence[Any], wipe: Wipe) -> None:
    def work(session: Session, some: Sequence[Any]) -> Sequence[Any]:
        wipe(session, some)
        return ()

    for _ in in_batches(engine, ids, work):
        pass


def _end(engine: Engine, erased: Erased, actor_id: str, now: datetime) -> None:
    """The audit log says that all of it is done."""
    counts = erased.person.counts()
    with transaction(engine) as session:
        record(session, actor_id, PERSON_ERASED, "erasure", erased.id, now, **counts)
    log.info("person erased", erasure=erased.id, **counts)


def _both(one: Person, other: Person) -> Person:
    whole: dict[str, Any] = {
        field.name: tuple(dict.fromkeys(getattr(one, field.name) + getattr(other, field.name)))
        for field in fields(Person)
    }
    return Person(**whole)


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
