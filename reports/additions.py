"""What a reporter adds to a report that exists: words, "it is not solved", a rating."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.actors import CITIZEN
from reports.change import Change
from reports.changes import change_report
from reports.commands import AddToReport, RateReport, ReopenReport
from reports.errors import BadScore, UnknownReport
from reports.lifecycle import may_move
from reports.locked import locked
from reports.models import RecordingKind, Report, ReportStatus, Update, UpdateKind
from reports.recordings import attach, recording_of

log = structlog.get_logger()

WORST, BEST = 1, 5


@dataclass(frozen=True)
class Answer:
    """The answer of a call that brings the addition: it is taken once."""

    call_id: str
    call_position: int
    language: str


def add_to_report(
    session: Session, province: Province, command: AddToReport, answer: Answer, now: datetime
) -> None:
    """Keep a recording with the report, and have its words found.

    What waited for the citizen's answer goes on where it was.

    Raises:
        UnknownReport, UnknownRecording: there is no such report, or recording of this call.
    """
    if _taken(session, answer):
        return
    report = _report(session, command.report)
    _attach(session, report, command.recording, answer, now)
    _add(session, report, UpdateKind.ADDITION, answer, now, recording_name=command.recording)
    if report.original_id is not None:
        _show_at_original(session, report, command.recording, now)
    go_on_waiting(session, province, report, now)


def go_on_waiting(session: Session, province: Province, report: Report, now: datetime) -> None:
    """A report that waits for the citizen goes back to the state that it waited in."""
    if report.status == ReportStatus.WAITING_CITIZEN and report.paused_from is not None:
        back = Change(status=ReportStatus(report.paused_from))
        change_report(session, province, report.id, back, CITIZEN, now)


def _show_at_original(session: Session, report: Report, recording: str, now: datetime) -> None:
    """Who works on the original sees what a duplicate's reporter adds."""
    session.add(
        Update(
            report_id=report.original_id,
            kind=UpdateKind.ADDITION,
            at=now,
            author=CITIZEN.id,
            internal=True,
            recording_name=recording,
        )
    )


def reopen_report(
    session: Session,
    province: Province,
    command: ReopenReport,
    answer: Answer,
    now: datetime,
) -> None:
    """The reporter says it is not solved: what had ended begins anew, with a new deadline.

    Of a duplicate it is the original that begins anew. A report on which work goes on, or that
    ended too long ago, only keeps what was said.

    Raises:
        UnknownReport, UnknownRecording: there is no such report, or recording of this call.
    """
    if _taken(session, answer):
        return
    report = _report(session, command.report)
    if command.recording is not None:
        _attach(session, report, command.recording, answer, now)
    ended = report
    if report.status == ReportStatus.DUPLICATE and report.original_id is not None:
        ended = _report(session, report.original_id)
    update = None
    if _may_reopen(session, ended, province, now):
        reopened = Change(status=ReportStatus.REOPENED)
        update = change_report(session, province, ended.id, reopened, CITIZEN, now)
    if update is None:
        update = _add(session, report, UpdateKind.ADDITION, answer, now)
        if ended is not report and command.recording is not None:
            _show_at_original(session, report, command.recording, now)
        go_on_waiting(session, province, ended, now)
    update.recording_name = command.recording
    update.call_id, update.call_position = answer.call_id, answer.call_position
    session.flush()


def rate_report(session: Session, command: RateReport, answer: Answer, now: datetime) -> None:
    """Note how far the reporter finds it solved.

    Raises:
        UnknownReport: there is no such report.
        BadScore: the score is not one of 1 to 5.
    """
    if not WORST <= command.score <= BEST:
        raise BadScore(f"expected {WORST} to {BEST}, found {command.score}")
    if not _taken(session, answer):
        report = _report(session, command.report)
        _add(session, report, UpdateKind.RATING, answer, now, score=command.score)


def _may_reopen(session: Session, report: Report, province: Province, now: datetime) -> bool:
    if not may_move(CITIZEN, ReportStatus(report.status), ReportStatus.REOPENED):
        return False
    within = timedelta(days=province.handling.reopen_within_days)
    return now - _ended_at(session, report) <= within


def _ended_at(session: Session, report: Report) -> datetime:
    """When it came to the state that it ended in; what is added later does not count."""
    ended = select(func.max(Update.at)).where(
        Update.report_id == report.id, Update.status == report.status
    )
    return report.closed_at or session.scalar(ended) or report.updated_at


def _taken(session: Session, answer: Answer) -> bool:
    query = select(Update.id).where(
        Update.call_id == answer.call_id, Update.call_position == answer.call_position
    )
    return session.scalar(query) is not None


def _report(session: Session, report_id: str) -> Report:
    report = locked(session, report_id)
    if report is None:
        raise UnknownReport("a command names a report that does not exist")
    return report


def _attach(session: Session, report: Report, name: str, answer: Answer, now: datetime) -> None:
    recording = recording_of(session, name, answer.call_id)
    attach(session, recording, report, RecordingKind.ADDITION, answer.language, now)


def _add(
    session: Session,
    report: Report,
    kind: UpdateKind,
    answer: Answer,
    now: datetime,
    recording_name: str | None = None,
    score: int | None = None,
) -> Update:
    update = Update(
        report_id=report.id,
        kind=kind,
        at=now,
        author=CITIZEN.id,
        recording_name=recording_name,
        score=score,
        call_id=answer.call_id,
        call_position=answer.call_position,
    )
    session.add(update)
    report.updated_at = now
    session.flush()
    log.info("report added to", report=report.id, call=answer.call_id, kind=kind)
    return update
