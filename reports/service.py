"""What each command does to field reports, in the transaction of whoever calls."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from notifications.service import queue_message
from reports.commands import FileReport
from reports.errors import NoFreeReference, UnknownRecording
from reports.models import Recording, Report, ReportStatus, Transcript, TranscriptStatus
from reports.reference import new_reference, spoken_reference
from storage.jobs import SPEECH_QUEUE, enqueue

log = structlog.get_logger()

# With a million reports kept, five clashes in a row happen once in 10^10 reports.
REFERENCE_ATTEMPTS = 5
TRANSCRIBE = "transcribe"
ERASE_RECORDINGS = "erase_recordings"


@dataclass(frozen=True)
class Reporter:
    """Who reports, as the call tells it. `text_number` is E.164 and can receive an SMS."""

    call_id: str
    call_position: int
    language: str
    text_number: str | None


def file_report(
    session: Session,
    command: FileReport,
    reporter: Reporter,
    now: datetime,
    make_reference: Callable[[], str] = new_reference,
) -> str:
    """The new report's spoken reference; its words, SMS and jobs commit with it.

    Raises:
        UnknownRecording: the call has no such recording.
        NoFreeReference: no free reference was found.
    """
    report = Report(
        id=uuid.uuid4().hex,
        reference=_free_reference(session, make_reference),
        status=ReportStatus.NEW,
        source="phone",
        category=command.category,
        partial=command.partial,
        call_id=reporter.call_id,
        call_position=reporter.call_position,
        requested_at=now,
        updated_at=now,
    )
    session.add(report)
    session.flush()
    if command.recording is not None:
        _attach(session, report, command.recording, reporter, now)
    reference = spoken_reference(report.reference)
    if reporter.text_number is not None:
        queue_message(
            session,
            idempotency_key=f"received:{report.id}",
            to_number=reporter.text_number,
            text_key="report_received",
            values={"reference": reference},
            language=reporter.language,
            report_id=report.id,
            now=now,
        )
    log.info("report filed", report=report.id, call=reporter.call_id, partial=command.partial)
    return reference


def discard_recordings(session: Session, call_id: str, now: datetime) -> None:
    """The caller took back what they said: mark it, and have the files erased."""
    session.execute(
        update(Recording)
        .where(Recording.call_id == call_id, Recording.report_id.is_(None))
        .values(discarded_at=now)
    )
    enqueue(session, ERASE_RECORDINGS, call_id)


def _free_reference(session: Session, make_reference: Callable[[], str]) -> str:
    for _ in range(REFERENCE_ATTEMPTS):
        reference = make_reference()
        if session.scalar(select(Report.id).where(Report.reference == reference)) is None:
            return reference
    raise NoFreeReference(f"{REFERENCE_ATTEMPTS} references in a row were taken")


def _attach(session: Session, report: Report, name: str, reporter: Reporter, now: datetime) -> None:
    recording = session.get(Recording, name)
    if recording is None or recording.call_id != reporter.call_id:
        raise UnknownRecording(f"call {reporter.call_id} has no recording {name}")
    recording.report_id = report.id
    session.add(
        Transcript(
            recording_name=name,
            status=TranscriptStatus.PENDING,
            language=reporter.language,
            requested_at=now,
        )
    )
    session.flush()
    enqueue(session, TRANSCRIBE, name, queue=SPEECH_QUEUE)
