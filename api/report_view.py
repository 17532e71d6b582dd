"""Reports as the API shows them, from their rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from accounts.permissions import Permission
from api import schemas
from api.auth import current_visitor
from api.masking import masked_number
from api.services import CategoryNames, UnitName
from ivr.models import Call
from notifications.models import Message
from reports.models import Alarm, Attachment, Contact, Recording, RecordingKind, Report, Update
from reports.reference import spoken_reference

WITH_SOUND = (
    selectinload(Report.recordings).selectinload(Recording.transcript),
    selectinload(Report.updates),
)


def show_reports(
    session: Session,
    reports: Sequence[Report],
    category_names: CategoryNames,
    unit_name: UnitName,
) -> list[schemas.Report]:
    """The reports in the same order; a fixed number of queries however many they are.

    People's words are shown to whoever may read words.
    """
    words = current_visitor().may(Permission.WORDS_READ)
    numbers = _caller_numbers(session, reports)
    originals = _references(session, {report.original_id for report in reports})
    attachments = show_attachments(session, [report.id for report in reports])
    messages = _messages(session, reports)
    alarms = _alarms(session, reports)
    return [
        schemas.Report(
            reference=report.reference,
            spoken_reference=spoken_reference(report.reference),
            status=report.status,
            source=report.source,
            partial=report.partial,
            urgent=report.urgent,
            category=_category(report.category, category_names),
            place=_place(report.place, unit_name),
            language=report.language,
            anonymous=report.anonymous,
            contact=Contact(report.contact),
            contact_number_masked=masked_number(report.contact_number),
            requested_at=report.requested_at,
            updated_at=report.updated_at,
            expected_at=report.expected_at,
            closed_at=report.closed_at,
            call_id=report.call_id,
            caller=schemas.Caller(number_masked=masked_number(numbers.get(report.call_id))),
            version=report.version,
            agency=report.agency,
            officer=report.officer,
            original=originals.get(report.original_id),
            reason=report.reason,
            description=report.description if words else None,
            address=report.address if words else None,
            position=_position(report),
            recordings=[_recording(each, words) for each in kept(report.recordings)],
            transcript=_transcript(newest(report), category_names, words),
            attachments=attachments[report.id],
            messages=messages[report.id],
            updates=[show_update(each, words) for each in report.updates],
            alarm=alarms.get(report.id),
        )
        for report in reports
    ]


def kept(recordings: Iterable[Recording]) -> list[Recording]:
    """Those that the caller did not take back."""
    return [recording for recording in recordings if recording.discarded_at is None]


def newest(report: Report) -> Recording | None:
    """The report's newest recording that tells what it is about, or None."""
    telling = [each for each in kept(report.recordings) if each.kind != RecordingKind.PLACE]
    return max(telling, key=lambda r: (r.recorded_at, r.position), default=None)


def _category(code: str | None, category_names: CategoryNames) -> schemas.Category | None:
    if code is None:
        return None
    names = category_names(code)
    return schemas.Category(code=code, name=names.get("vi", code), name_en=names.get("en"))


def _place(unit: str | None, unit_name: UnitName) -> schemas.Place | None:
    return None if unit is None else schemas.Place(unit=unit, name=unit_name(unit))


def show_update(update: Update, words: bool) -> schemas.Update:
    """Something that happened; without `words`, not what anybody wrote."""
    return schemas.Update(
        id=update.id,
        version=update.version,
        kind=update.kind,
        at=update.at,
        author=update.author,
        internal=update.internal,
        status=update.status,
        score=update.score,
        recording=update.recording_name,
        text=update.text if words else None,
        internal_text=update.internal_text if words else None,
        reason=update.reason,
        changes=_changes(update) if words else None,
    )


def show_attachments(
    session: Session, report_ids: Sequence[str]
) -> dict[str, list[schemas.Attachment]]:
    """Each report's photos and documents that are still kept, the first one first."""
    found: dict[str, list[schemas.Attachment]] = defaultdict(list)
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.report_id.in_(report_ids), Attachment.erased_at.is_(None))
        .order_by(Attachment.at, Attachment.id)
    )
    for row in rows:
        found[row.report_id].append(show_attachment(row))
    return found


def show_attachment(row: Attachment) -> schemas.Attachment:
    return schemas.Attachment(
        id=row.id,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        internal=row.internal,
        by=row.by,
        at=row.at,
        url=url_for("api.attachment", attachment_id=row.id),
    )


def _changes(update: Update) -> dict[str, schemas.Change] | None:
    if update.changes is None:
        return None
    return {
        name: schemas.Change(before=before, after=after)
        for name, (before, after) in update.changes.items()
    }


def _position(report: Report) -> schemas.Position | None:
    if report.latitude is None or report.longitude is None:
        return None
    return schemas.Position(latitude=report.latitude, longitude=report.longitude)


def _references(session: Session, ids: Iterable[str | None]) -> dict[str | None, str]:
    rows = session.execute(select(Report.id, Report.reference).where(Report.id.in_(set(ids))))
    return {report_id: reference for report_id, reference in rows}


def _alarms(session: Session, reports: Sequence[Report]) -> dict[str | None, schemas.Alarm]:
    rows = session.scalars(
        select(Alarm).where(Alarm.report_id.in_([report.id for report in reports]))
    )
    return {row.report_id: schemas.Alarm.model_validate(row, from_attributes=True) for row in rows}


def _recording(recording: Recording, words: bool) -> schemas.Recording:
    return schemas.Recording(
        name=recording.name,
        length_s=recording.length_s,
        size_bytes=recording.size_bytes,
        sha256=recording.sha256,
        silent=recording.silent,
        kind=RecordingKind(recording.kind),
        text=recording.transcript.text if recording.transcript and words else None,
        url=url_for("api.recording", name=recording.name),
    )


def _transcript(
    recording: Recording | None, category_names: CategoryNames, words: bool
) -> schemas.Transcript:
    if recording is None or recording.transcript is None:
        return schemas.Transcript(status="none")
    shown = schemas.Transcript.model_validate(recording.transcript, from_attributes=True)
    if not words:
        shown.text = shown.segments = None
        return shown
    shown.proposal = _proposal(recording.transcript.proposed, category_names)
    return shown


def _proposal(
    kept: Mapping[str, Any] | None, category_names: CategoryNames
) -> schemas.Proposal | None:
    """Shown beside the words only: it quotes them."""
    if kept is None:
        return None
    categories = [
        {**one, "category": _category(one["category"], category_names)}
        for one in kept["categories"]
    ]
    # Older releases kept no danger.
    danger = {"danger": None, "danger_words": ""}
    return schemas.Proposal.model_validate({**danger, **kept, "categories": categories})


def _caller_numbers(session: Session, reports: Sequence[Report]) -> dict[str | None, str | None]:
    ids = {report.call_id for report in reports if report.call_id is not None}
    rows = session.execute(select(Call.id, Call.caller_number).where(Call.id.in_(ids)))
    return {call_id: number for call_id, number in rows}


def _messages(session: Session, reports: Sequence[Report]) -> dict[str, list[schemas.Message]]:
    found: dict[str, list[schemas.Message]] = defaultdict(list)
    rows = session.execute(
        select(Message.report_id, Message.text_key, Message.status)
        .where(Message.report_id.in_([report.id for report in reports]))
        .order_by(Message.queued_at, Message.id)
    )
    for report_id, text_key, status in rows:
        if report_id is not None:
            found[report_id].append(schemas.Message(text_key=text_key, status=status))
    return found
