"""What the hotline holds of one person, for that person: readable, and whole."""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from ivr.erasure import Folders
from ivr.models import Block, Call, JournalEntry
from ivr.persons import Person
from ivr.privacy import shown
from monitoring.round_models import Respondent
from notifications.inbox_models import IncomingMessage
from notifications.models import Message
from reports.models import (
    Attachment,
    Callback,
    Recording,
    Report,
    Supporter,
    Transcript,
    TranscriptCorrection,
    Update,
)
from storage.database import Base

JSON_FILE = "person.json"
# How we keep things, not what we keep; and what is for staff alone.
_LEFT_OUT = frozenset(
    {"caller_hash", "pin_hash", "person_hash", "number_hash", "holder", "held_at", "facts"}
    | {"idempotency_key", "internal_text", "changes", "by", "officer", "proposed"}
)


@dataclass(frozen=True)
class Exported:
    """What was written, and which files were no longer there."""

    files: int
    missing: tuple[str, ...]


def export_person(
    session: Session, asked: str, person: Person, folders: Folders, out: Path, now: datetime
) -> Exported:
    """Write `person.json`, `recordings/` and `attachments/` into the new folder `out`.

    Notes that staff wrote for each other, and who of them did what, are not the person's data.
    """
    out.mkdir(parents=True, mode=0o700)
    told = {
        "email" if "@" in asked else "number": asked,
        "exported_at": _plain(now),
        "calls": [_call(session, call) for call in _rows(session, Call, Call.id, person.calls)],
        "reports": [
            _report(session, report) for report in _rows(session, Report, Report.id, person.reports)
        ],
        "recordings": [
            _recording(session, row)
            for row in _rows(session, Recording, Recording.name, person.recordings)
        ],
        "attachments": _dumped(session, Attachment, Attachment.id, person.attachments),
        "messages": _dumped(session, Message, Message.id, person.messages),
        "incoming": _dumped(session, IncomingMessage, IncomingMessage.id, person.incoming),
        "callbacks": _dumped(session, Callback, Callback.id, person.callbacks),
        "supports": _dumped(session, Supporter, Supporter.id, person.supports),
        "blocks": _dumped(session, Block, Block.id, person.blocks),
        "respondents": _dumped(session, Respondent, Respondent.id, person.respondents),
    }
    text = json.dumps(told, ensure_ascii=False, indent=2)
    (out / JSON_FILE).write_text(text + "\n", encoding="utf-8")
    wanted = {
        **{
            out / "recordings" / f"{n}.wav": folders.recordings / f"{n}.wav"
            for n in _kept(told, "recordings", "discarded_at", "name")
        },
        **{
            out / "attachments" / n: folders.attachments / n
            for n in _kept(told, "attachments", "erased_at", "id")
        },
    }
    missing = tuple(to.name for to, source in wanted.items() if not _copied(source, to))
    return Exported(1 + len(wanted) - len(missing), missing)


def _kept(told: Mapping[str, Any], kind: str, gone: str, key: str) -> Iterable[str]:
    return [str(row[key]) for row in told[kind] if row[gone] is None and not row.get("internal")]


def _copied(source: Path, to: Path) -> bool:
    to.parent.mkdir(exist_ok=True, mode=0o700)
    try:
        shutil.copyfile(source, to)
    except FileNotFoundError:
        return False
    return True


def _call(session: Session, call: Call) -> dict[str, Any]:
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.call_id == call.id).order_by(JournalEntry.position)
    )
    journal = [
        {"step": e.step, "at": _plain(e.entered_at), "result": shown(e.step, e.result)}
        for e in entries
    ]
    return _dump(call) | {"journal": journal}


def _report(session: Session, report: Report) -> dict[str, Any]:
    updates = session.scalars(
        select(Update)
        .where(Update.report_id == report.id, Update.internal.is_(False))
        .order_by(Update.id)
    )
    return _dump(report) | {"updates": [_dump(update) for update in updates]}


def _recording(session: Session, recording: Recording) -> dict[str, Any]:
    transcript = session.get(Transcript, recording.name)
    corrected = session.scalars(
        select(TranscriptCorrection)
        .where(TranscriptCorrection.recording_name == recording.name)
        .order_by(TranscriptCorrection.number)
    )
    return _dump(recording) | {
        "transcript": None if transcript is None else _dump(transcript),
        "corrections": [_dump(row) for row in corrected],
    }


def _dumped(session: Session, table: type[Base], key: Any, ids: Sequence[str]) -> list[Any]:
    return [_dump(row) for row in _rows(session, table, key, ids)]


def _rows(session: Session, table: type[Any], key: Any, ids: Sequence[str]) -> Iterable[Any]:
    for each in ids:
        yield session.scalars(select(table).where(key == each)).one()


def _dump(row: Base) -> dict[str, Any]:
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: _plain(getattr(row, name)) for name in names if name not in _LEFT_OUT}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    return value
