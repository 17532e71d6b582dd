"""Reports as the API shows them, from their rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from api import schemas
from api.masking import masked_number
from api.services import CategoryNames, UnitName
from ivr.models import Call
from notifications.models import Message
from reports.models import Alarm, Contact, Recording, RecordingKind, Report, Update
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
    """The reports in the same order; a fixed number of queries however many they are."""
    numbers = _caller_numbers(session, reports)
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
            recordings=[_recording(each) for each in kept(report.recordings)],
            transcript=_transcript(newest(report)),
            messages=messages[report.id],
            updates=[_update(each) for each in report.updates],
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


def _update(update: Update) -> schemas.Update:
    return schemas.Update(
        kind=update.kind,
        at=update.at,
        author=update.author,
        internal=update.internal,
        status=update.status,
        score=update.score,
        recording=update.recording_name,
        text=update.text,
    )


def _alarms(session: Session, reports: Sequence[Report]) -> dict[str | None, schemas.Alarm]:
    rows = session.scalars(
        select(Alarm).where(Alarm.report_id.in_([report.id for report in reports]))
    )
    return {row.report_id: schemas.Alarm.model_validate(row, from_attributes=True) for row in rows}


def _recording(recording: Recording) -> schemas.Recording:
    return schemas.Recording(
        name=recording.name,
        length_s=recording.length_s,
        size_bytes=recording.size_bytes,
        sha256=recording.sha256,
        silent=recording.silent,
        kind=RecordingKind(recording.kind),
        text=recording.transcript.text if recording.transcript else None,
        url=url_for("api.recording", name=recording.name),
    )


def _transcript(recording: Recording | None) -> schemas.Transcript:
    if recording is None or recording.transcript is None:
        return schemas.Transcript(status="none")
    return schemas.Transcript.model_validate(recording.transcript, from_attributes=True)


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
