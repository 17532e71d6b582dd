"""What the calendar does to reports: reminds, escalates, and ends what nobody answers.

Several workers may look at the same moment: each report is locked, and looked at once more,
before anything is done to it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from notifications.service import queue_message
from provinces.schema import Province
from reports.actors import SYSTEM
from reports.change import Change
from reports.changes import change_report
from reports.lifecycle import ENDED
from reports.models import Report, ReportStatus, Update, UpdateKind
from reports.reference import spoken_reference
from reports.telling import agency_mobile
from storage.database import reading, transaction

log = structlog.get_logger()

AT_ONCE = 200
S = ReportStatus
_OPEN = Report.status.not_in(ENDED) & Report.paused_at.is_(None) & Report.partial.is_(False)


def remind(engine: Engine, now: datetime) -> int:
    """Note for staff that deadlines come near; of how many reports."""
    due = _OPEN & (Report.remind_at <= now) & Report.reminded_at.is_(None)
    return _each(engine, due, lambda session, report: _remind(session, report, now))


def escalate(engine: Engine, province: Province, numbers: Sequence[str], now: datetime) -> int:
    """Tell those on watch, and the agency where its number is known, that deadlines have passed."""
    due = _OPEN & (Report.expected_at <= now) & Report.escalated_at.is_(None)

    def act(session: Session, report: Report) -> None:
        _escalate(session, province, report, numbers, now)

    return _each(engine, due, act)


def close_silent(engine: Engine, province: Province, now: datetime) -> int:
    """Close what was solved and not contradicted, and what waited for a citizen in vain."""
    handling = province.handling
    solved = now - timedelta(days=handling.close_resolved_after_days)
    asked = now - timedelta(days=handling.close_waiting_after_days)
    silent = (
        (Report.status == S.RESOLVED)
        & (func.coalesce(Report.resolved_at, Report.updated_at) <= solved)
    ) | ((Report.status == S.WAITING_CITIZEN) & (Report.paused_at <= asked))

    def act(session: Session, report: Report) -> None:
        change_report(session, province, report.id, Change(status=S.CLOSED), SYSTEM, now)

    return _each(engine, silent, act)


def _each(
    engine: Engine,
    due: ColumnElement[bool],
    act: Callable[[Session, Report], None],
) -> int:
    """A transaction for each report, so that nobody who changes another one waits."""
    with reading(engine) as session:
        ids = session.scalars(select(Report.id).where(due).limit(AT_ONCE)).all()
    done = 0
    for report_id in ids:
        with transaction(engine) as session:
            chosen = select(Report).where(Report.id == report_id, due).with_for_update()
            report = session.scalar(chosen)
            if report is not None:
                act(session, report)
                done += 1
    return done


def _remind(session: Session, report: Report, now: datetime) -> None:
    report.reminded_at = now
    _note(session, report, UpdateKind.REMINDED, now)


def _escalate(
    session: Session, province: Province, report: Report, numbers: Sequence[str], now: datetime
) -> None:
    report.escalated_at = now
    update = _note(session, report, UpdateKind.ESCALATED, now)
    agency = agency_mobile(province, report, now)
    told = dict.fromkeys([*numbers, *([agency] if agency else [])])
    for index, number in enumerate(told):
        queue_message(
            session,
            idempotency_key=f"overdue:{report.id}:{update.id}:{index}",
            to_number=number,
            text_key="report_overdue",
            values={"reference": spoken_reference(report.reference)},
            language="vi",
            report_id=report.id,
            now=now,
        )
    log.warning("report overdue", report=report.id)


def _note(session: Session, report: Report, kind: UpdateKind, now: datetime) -> Update:
    """Staff's matter alone; the version stays, so that nobody's open form is refused for it."""
    update = Update(report_id=report.id, kind=kind, at=now, author=SYSTEM.id, internal=True)
    session.add(update)
    session.flush()
    return update
