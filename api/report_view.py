"""Reports as the API shows them, from their rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from api import schemas
from api.masking import masked_number
from api.services import CategoryNames
from ivr.models import Call
from notifications.models import Message
from reports.models import Recording, Report
from reports.reference import spoken_reference

WITH_SOUND = selectinload(Report.recordings).selectinload(Recording.transcript)


def show_reports(
    session: Session, reports: Sequence[Report], category_names: CategoryNames
) -> list[schemas.Report]:
    """The reports in the same order; a fixed number of queries however many they are."""
    numbers = _caller_numbers(session, reports)
    messages = _messages(session, reports)
    return [
        schemas.Report(
            reference=report.reference,
            spoken_reference=spoken_reference(report.reference),
            status=report.status,
            source=report.source,
            partial=report.partial,
            category=_category(report.category, category_names),
            requested_at=report.requested_at,
            updated_at=report.updated_at,
            call_id=report.call_id,
            caller=schemas.Caller(number_masked=masked_number(numbers.get(report.call_id))),
            recordings=[_recording(each) for each in kept(report.recordings)],
            transcript=_transcript(newest(report)),
            messages=messages[report.id],
        )
        for report in reports
    ]


def kept(recordings: Iterable[Recording]) -> list[Recording]:
    """Those that the caller did not take back."""
    return [recording for recording in recordings if recording.discarded_at is None]


def newest(report: Report) -> Recording | None:
    """The report's newest recording, or None."""
    return max(kept(report.recordings), key=lambda r: (r.recorded_at, r.position), default=None)


def _category(code: str | None, category_names: CategoryNames) -> schemas.Category | None:
    if code is None:
        return None
    names = category_names(code)
    return schemas.Category(code=code, name=names.get("vi", code), name_en=names.get("en"))


def _recording(recording: Recording) -> schemas.Recording:
    return schemas.Recording(
        name=recording.name,
        length_s=recording.length_s,
        size_bytes=recording.size_bytes,
        sha256=recording.sha256,
        silent=recording.silent,
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
