"""What a caller adds to a report that exists: words, "it is not solved", a rating."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.adding import (
    Addition,
    add,
    check_score,
    rate,
    reopen,
    report_to_add_to,
    report_to_reopen,
    taken,
)
from reports.commands import AddToReport, RateReport, ReopenReport
from reports.models import RecordingKind, Report
from reports.recordings import attach, recording_of


@dataclass(frozen=True)
class Answer:
    """The answer of a call that brings the addition: it is taken once."""

    call_id: str
    call_position: int
    language: str

    def addition(self, recording: str | None = None) -> Addition:
        """What it adds, with the recording of that name."""
        key = {"call_id": self.call_id, "call_position": self.call_position}
        return Addition(key, recording_name=recording)


def add_to_report(
    session: Session, province: Province, command: AddToReport, answer: Answer, now: datetime
) -> None:
    """Keep a recording with the report, and have its words found.

    What waited for the citizen's answer goes on where it was.

    Raises:
        UnknownReport, UnknownRecording: there is no such report, or recording of this call.
    """
    addition = answer.addition(command.recording)
    if taken(session, addition):
        return
    report = report_to_add_to(session, command.report)
    _attach(session, report, command.recording, answer, now)
    add(session, province, report, addition, now)


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
    addition = answer.addition(command.recording)
    if taken(session, addition):
        return
    report = report_to_reopen(session, command.report)
    if command.recording is not None:
        _attach(session, report, command.recording, answer, now)
    reopen(session, province, report, addition, now)


def rate_report(session: Session, command: RateReport, answer: Answer, now: datetime) -> None:
    """Note how far the reporter finds it solved.

    Raises:
        UnknownReport: there is no such report.
        BadScore: the score is not one of 1 to 5.
    """
    check_score(command.score)
    addition = answer.addition()
    if not taken(session, addition):
        rate(session, report_to_add_to(session, command.report), command.score, addition, now)


def _attach(session: Session, report: Report, name: str, answer: Answer, now: datetime) -> None:
    recording = recording_of(session, name, answer.call_id)
    attach(session, recording, report, RecordingKind.ADDITION, answer.language, now)
