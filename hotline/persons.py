"""One person's data, over every package: looked at, handed out, erased. All of it is audited."""

from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine, delete

from accounts.audit import record
from api.models import IdempotencyKey
from hotline.erasures import finish_erasures, note_erasure
from hotline.purge import folders_of
from hotline.settings import Settings
from ivr.erasure import Erased, erase_person
from ivr.person_export import Exported, export_person
from ivr.persons import Person, asked_for, find_person
from reports.search import sweep_search
from storage.database import reading, transaction
from storage.errors import DatabaseBusy
from storage.traces import clean_up as write_anew
from storage.traces import erase_traces

log = structlog.get_logger()


def look_at(engine: Engine, who: str, actor_id: str, now: datetime) -> Person:
    """Ids of all that is held of that number or e-mail address, however it is written.

    Raises:
        BadNumber: it is neither.
    """
    asked = asked_for(who)
    found = find_person(engine, asked)
    with transaction(engine) as session:
        record(session, actor_id, "person.found", "person", "-", now, **found.counts())
    return found


def hand_out(
    engine: Engine, settings: Settings, who: str, out: Path, actor_id: str, now: datetime
) -> tuple[Person, Exported]:
    """Write everything of that number or e-mail address into the new folder `out`.

    Raises:
        BadNumber: it is neither.
        FileExistsError: `out` exists.
    """
    asked = asked_for(who)
    found = find_person(engine, asked)
    with transaction(engine) as session:
        record(session, actor_id, "person.exported", "person", "-", now, **found.counts())
    with reading(engine) as session:  # whatever it takes, no caller waits for it
        exported = export_person(session, asked, found, folders_of(settings), out, now)
    return found, exported


def erase_by_law(
    engine: Engine,
    settings: Settings,
    who: str,
    actor_id: str,
    now: datetime,
    clean_up: bool = False,
) -> Erased:
    """Erase everything of that number or e-mail address, from the disk too; what an earlier erasure
    left undone, first. `clean_up` writes the database anew.

    Raises:
        BadNumber: it is neither.
    """
    asked = asked_for(who)

    def note(erased: Erased) -> None:
        note_erasure(settings.erasures, erased, now)

    folders = folders_of(settings)
    finish_erasures(engine, settings.erasures, folders, now)
    erased = erase_person(engine, asked, folders, actor_id, now, note)
    with transaction(engine) as session:
        # Answers that are kept for repetition may hold a report's words; they are few, and sealed.
        session.execute(delete(IdempotencyKey))
    sweep_search(engine)
    if clean_up:
        write_anew(engine)
        return erased
    try:
        erase_traces(engine)
    except DatabaseBusy:
        log.info("write-ahead log is in use; the next purge empties it", erasure=erased.id)
    return erased
