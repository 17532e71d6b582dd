"""What a reporter adds to a report, whichever way it comes: by a call or in writing.

Each addition has a key of its own, under which it is taken once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.actors import CITIZEN
from reports.attachments import Kept, attach_file
from reports.change import Change
from reports.changes import change_report
from reports.ended import ended_at
from reports.errors import BadScore, UnknownReport
from reports.lifecycle import may_move
from reports.locked import locked, locked_together
from reports.models import Report, ReportStatus, Update, UpdateKind
from reports.reference import spoken_reference

log = structlog.get_logger()

WORST, BEST = 1, 5
_ANSWERED = frozenset({ReportStatus.RESOLVED, ReportStatus.CLOSED})


@dataclass(frozen=True)
class Addition:
    """`key` are columns of an update, which no other has with these values."""

    key: Mapping[str, Any]
    recording_name: str | None = None
    text: str | None = None
    photos: Sequence[Kept] = ()


def taken(session: Session, addition: Addition) -> Update | None:
    """The update that it became before, if it did."""
    return session.scalar(select(Update).filter_by(**addition.key))


def report_to_add_to(session: Session, report_id: str) -> Report:
    """The report, kept from others until the transaction ends.

    Raises:
        UnknownReport: there is none of that id.
    """
    report = locked(session, report_id)
    if report is None:
        raise UnknownReport("there is no report to add to")
    return report


def report_to_reopen(session: Session, report_id: str) -> Report:
    """The same, its original with it: of a duplicate it is that which begins anew.

    Raises:
        UnknownReport: there is none of that id.
    """

    def both() -> Sequence[str]:
        original = session.scalar(select(Report.original_id).where(Report.id == report_id))
        return (report_id,) if original is None else (report_id, original)

    return locked_together(session, both)[report_id]


def add(
    session: Session, province: Province, report: Report, addition: Addition, now: datetime
) -> Update:
    """Keep it with the report. What waited for the citizen's answer goes on where it was."""
    update = _note(session, report, UpdateKind.ADDITION, addition, now)
    if report.original_id is not None:
        _show_at_original(session, report, addition, now)
    go_on_waiting(session, province, report, now)
    return update


def reopen(
    session: Session, province: Province, report: Report, addition: Addition, now: datetime
) -> Update:
    """What had ended begins anew, with a new deadline; of a duplicate it is the original.

    `report` is as `report_to_reopen` gives it. One on which work goes on, or that ended too long
    ago, only keeps what was said.
    """
    ended = ended_one(session, report)
    update = None
    if may_reopen(session, ended, province, now):
        reopened = Change(status=ReportStatus.REOPENED)
        update = change_report(session, province, ended.id, reopened, CITIZEN, now)
    if update is None:
        update = _note(session, report, UpdateKind.ADDITION, addition, now)
        if ended is not report and (addition.recording_name or addition.text):
            _show_at_original(session, report, addition, now)
        go_on_waiting(session, province, ended, now)
        return update
    _mark(session, ended, update, addition, now, anothers=ended is not report)
    return update


def rate(session: Session, report: Report, score: int, addition: Addition, now: datetime) -> Update:
    """Note how far the reporter finds it solved."""
    return _note(session, report, UpdateKind.RATING, addition, now, score)


def check_score(score: int) -> None:
    """Pass a rating of 1 to 5.

    Raises:
        BadScore: it is another.
    """
    if not WORST <= score <= BEST:
        raise BadScore(f"expected {WORST} to {BEST}, found {score}")


def ended_one(session: Session, report: Report) -> Report:
    """What is reopened for this report: itself, or the original of a duplicate."""
    if report.status == ReportStatus.DUPLICATE and report.original_id is not None:
        return session.get_one(Report, report.original_id)
    return report


def may_reopen(session: Session, report: Report, province: Province, now: datetime) -> bool:
    """Whether the reporter may still say that it is not solved."""
    if not may_move(CITIZEN, ReportStatus(report.status), ReportStatus.REOPENED):
        return False
    within = timedelta(days=province.handling.reopen_within_days)
    return now - ended_at(session, report) <= within


def may_rate(session: Session, report: Report) -> bool:
    """It was answered, and its reporter has not rated that answer yet."""
    if report.status not in _ANSWERED or report.resolved_at is None:
        return False
    rated = select(Update.id).where(
        Update.report_id == report.id,
        Update.kind == UpdateKind.RATING,
        Update.at >= report.resolved_at,
    )
    return session.scalar(rated.limit(1)) is None


def go_on_waiting(session: Session, province: Province, report: Report, now: datetime) -> None:
    """A report that waits for the citizen goes back to the state that it waited in."""
    if report.status == ReportStatus.WAITING_CITIZEN and report.paused_from is not None:
        back = Change(status=ReportStatus(report.paused_from))
        change_report(session, province, report.id, back, CITIZEN, now)


def _show_at_original(session: Session, report: Report, addition: Addition, now: datetime) -> None:
    """Who works on the original sees that a duplicate's reporter adds something, and where: what it
    says stays with that reporter's own report, and goes with it."""
    session.add(
        Update(
            report_id=report.original_id,
            kind=UpdateKind.ADDITION,
            at=now,
            author=CITIZEN.id,
            internal=True,
            recording_name=addition.recording_name,
            internal_text=spoken_reference(report.reference),
        )
    )


def _note(
    session: Session,
    report: Report,
    kind: UpdateKind,
    addition: Addition,
    now: datetime,
    score: int | None = None,
) -> Update:
    update = Update(report_id=report.id, kind=kind, at=now, author=CITIZEN.id, score=score)
    session.add(update)
    report.updated_at = now
    _mark(session, report, update, addition, now)
    log.info("report added to", report=report.id, kind=kind)
    return update


def _mark(
    session: Session,
    report: Report,
    update: Update,
    addition: Addition,
    now: datetime,
    anothers: bool = False,
) -> None:
    """Keep with the update what brought it. `anothers`: the report's own reporter shall not read
    what the reporter of its duplicate says."""
    for name, value in addition.key.items():
        setattr(update, name, value)
    update.recording_name = addition.recording_name
    if anothers:
        update.internal_text = addition.text
    else:
        update.text = addition.text
    session.flush()
    for kept in addition.photos:
        attach_file(session, report, kept, CITIZEN.id, now, anothers, update.id)
