"""Filing and taking back what callers say, in the transaction of whoever calls."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.actors import CITIZEN
from reports.announcing import announce_filed
from reports.commands import NOBODY, THE_CALLER, DiscardRecordings, FileReport
from reports.errors import UnknownRecording
from reports.filed import Filed, filed
from reports.free_reference import free_reference
from reports.lifecycle import check_move
from reports.locked import locked
from reports.models import (
    Contact,
    Recording,
    RecordingKind,
    Report,
    ReportStatus,
    Update,
    UpdateKind,
)
from reports.pins import new_pin, pin_again, pin_hash
from reports.recordings import attach, recording_of
from reports.reference import new_reference
from reports.telling import tell_received
from storage.jobs import enqueue
from understanding.phone_number import mobile_number, read_phone_number

log = structlog.get_logger()

ERASE_RECORDING = "erase_recording"


@dataclass(frozen=True)
class Reporter:
    """Who reports, as the call tells it. `text_number` is E.164 and can receive an SMS."""

    call_id: str
    call_position: int
    language: str
    text_number: str | None
    caller_hash: str | None = None
    anonymous: bool = False


def file_report(
    session: Session,
    command: FileReport,
    reporter: Reporter,
    now: datetime,
    make_reference: Callable[[], str] = new_reference,
    set_deadline: Callable[[Report], None] | None = None,
) -> Filed:
    """The report's id, spoken reference and PIN; its words, SMS and jobs commit with it.

    The same answer of a call files once, however often it comes. A partial report that is gone on
    with keeps its reference and PIN, and nobody is told of it a second time. `set_deadline` is
    called before the reporter is told by when to expect an answer.

    Raises:
        UnknownRecording: neither the call nor the continued report has such a recording.
        NoFreeReference: no free reference was found.
    """
    if (known := _filed_by(session, reporter)) is not None:
        return filed(known, pin_again(known) or "")
    report = _continued(session, command, reporter, now)
    pin = pin_again(report) if report is not None else None
    if report is None:
        report = _new_report(session, reporter, now, make_reference)
    _take_over(report, command, reporter, now)
    tells = report.pin_hash is None
    if pin is None:
        pin = new_pin()
        report.pin_hash = pin_hash(report.id, pin)
    session.flush()
    for name, kind in (
        (command.recording, RecordingKind.STATEMENT),
        (command.place_recording, RecordingKind.PLACE),
    ):
        if name is None:
            continue
        try:
            recording = recording_of(session, name, reporter.call_id, report.id)
        except UnknownRecording:
            if command.continues is None:
                raise
            # Another call of this number was quicker, and completed or took back that draft.
            log.warning("recording is no longer the draft's", report=report.id)
            continue
        attach(session, recording, report, kind, reporter.language, now)
    if set_deadline is not None and report.status == ReportStatus.NEW:
        set_deadline(report)
    if tells:
        tell_received(session, report, pin, now)
    announce_filed(session, report, now)
    log.info("report filed", report=report.id, call=reporter.call_id, partial=command.partial)
    return filed(report, pin)


def discard_recordings(
    session: Session,
    call_id: str,
    now: datetime,
    command: DiscardRecordings | None = None,
    call_position: int | None = None,
) -> None:
    """The caller took back what they said: mark it, and have the files and words erased."""
    recordings = list(
        session.scalars(
            select(Recording).where(
                Recording.call_id == call_id,
                Recording.report_id.is_(None),
                Recording.discarded_at.is_(None),
            )
        )
    )
    if command is not None and command.continues is not None:
        report = _draft(session, command.continues)
        if report is not None:
            recordings += report.recordings
            _withdraw(session, report, call_id, call_position, now)
    discard(session, recordings, now)


def discard(session: Session, recordings: Iterable[Recording], now: datetime) -> None:
    """Mark recordings as gone; a job for each erases sound and words."""
    for recording in recordings:
        recording.discarded_at = now
        enqueue(session, ERASE_RECORDING, recording.name)
    session.flush()


def _withdraw(
    session: Session, report: Report, call_id: str, call_position: int | None, now: datetime
) -> None:
    check_move(CITIZEN, ReportStatus(report.status), ReportStatus.CLOSED)
    report.status = ReportStatus.CLOSED
    report.closed_at = report.updated_at = now
    report.version += 1
    session.add(
        Update(
            report_id=report.id,
            kind=UpdateKind.WITHDRAWN,
            at=now,
            author=CITIZEN.id,
            internal=True,
            status=ReportStatus.CLOSED,
            call_id=call_id,
            call_position=call_position,
        )
    )
    session.flush()
    log.info("report withdrawn", report=report.id, call=call_id)


def _filed_by(session: Session, reporter: Reporter) -> Report | None:
    """What this very answer has filed or completed already."""
    filed = session.scalar(
        select(Report).where(
            Report.call_id == reporter.call_id, Report.call_position == reporter.call_position
        )
    )
    return filed or session.scalar(
        select(Report)
        .join(Update)
        .where(
            Update.call_id == reporter.call_id,
            Update.call_position == reporter.call_position,
            Update.kind == UpdateKind.CONTINUED,
        )
    )


def _continued(
    session: Session, command: FileReport, reporter: Reporter, now: datetime
) -> Report | None:
    """The partial report that `command` goes on with; None where there is none, or no longer."""
    if command.continues is None:
        return None
    report = _draft(session, command.continues)
    if report is None:
        return None
    report.version += 1
    session.add(
        Update(
            report_id=report.id,
            kind=UpdateKind.CONTINUED,
            at=now,
            version=report.version,
            author=CITIZEN.id,
            internal=True,
            call_id=reporter.call_id,
            call_position=reporter.call_position,
        )
    )
    return report


def _draft(session: Session, report_id: str) -> Report | None:
    """The partial report, kept from others; None where staff or another call were quicker."""
    report = locked(session, report_id)
    unfinished = report is not None and report.partial and report.status == ReportStatus.NEW
    return report if unfinished else None


def _new_report(
    session: Session, reporter: Reporter, now: datetime, make_reference: Callable[[], str]
) -> Report:
    report = Report(
        id=uuid.uuid4().hex,
        reference=free_reference(session, make_reference),
        status=ReportStatus.NEW,
        source="phone",
        urgent=False,
        anonymous=False,
        call_id=reporter.call_id,
        call_position=reporter.call_position,
        requested_at=now,
    )
    session.add(report)
    return report


def _take_over(
    report: Report,
    command: FileReport,
    reporter: Reporter,
    now: datetime,
) -> None:
    """What the command says, on top of what an earlier call may have said already."""
    report.partial = command.partial
    report.category = command.category or report.category
    report.place = command.place or report.place
    report.urgent = report.urgent or command.urgent
    report.anonymous = report.anonymous or reporter.anonymous
    report.language = reporter.language
    report.caller_hash = reporter.caller_hash
    report.updated_at = now
    report.contact = _CONTACTS.get(command.contact, Contact.OTHER)
    report.contact_number = _number(command.contact) if report.contact == Contact.OTHER else None
    if report.anonymous:
        report.contact, report.contact_number = Contact.NOBODY, None
    report.text_number = _texted_at(report, reporter)


_CONTACTS: Mapping[str, Contact] = {THE_CALLER: Contact.CALLER, NOBODY: Contact.NOBODY}


def _texted_at(report: Report, reporter: Reporter) -> str | None:
    """The number that an SMS about this report goes to: the one that the reporter named."""
    match report.contact:
        case Contact.CALLER:
            return reporter.text_number
        case Contact.OTHER:
            return mobile_number(report.contact_number)
        case _:
            return None


def _number(keyed_in: str) -> str:
    """In E.164; what is no number stays as it was keyed in, for staff to look at."""
    number = read_phone_number(keyed_in)
    return number.e164 if number else keyed_in
