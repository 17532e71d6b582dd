"""What became of a report: its state by the reference, all else by its PIN."""

from datetime import datetime, tzinfo
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.lifecycle import ENDED
from reports.locked import locked
from reports.models import Report, Update
from reports.pins import pin_is_right
from reports.reference import parse_reference
from reports.tries import Asker, TryLimits, asker_locked, note_try, report_locked

log = structlog.get_logger()

Answer = dict[str, Any]


def find_report(
    session: Session, keyed_in: str, asker: Asker, limits: TryLimits, now: datetime
) -> Answer:
    """What `reports.commands.FindReport` promises. A slip that the check digit shows is free."""
    reference = parse_reference(keyed_in)
    if reference is None:
        return {"problem": "malformed"}
    if asker_locked(session, asker, limits, now):
        return {"problem": "locked"}
    report = session.scalar(select(Report).where(Report.reference == reference))
    if report is None:
        note_try(session, asker, None, False, now)
        return {"problem": "unknown"}
    if report_locked(session, report.id, limits, now):
        return {"problem": "locked"}
    return {"report": report.id, "status": report.status}


def open_report(
    session: Session,
    report_id: str,
    pin: str,
    asker: Asker,
    limits: TryLimits,
    timezone: tzinfo,
    now: datetime,
) -> Answer:
    """What `reports.commands.OpenReport` promises; days are those of `timezone`.

    A locked report does not open to its own PIN either: nobody learns by trying that it was right.
    """
    # Locked, so that tries of two calls at once are counted one after the other.
    report = locked(session, report_id)
    if report is None:
        return {"problem": "wrong"}
    if _locked_until(session, report.id, asker, limits, now):
        return {"problem": "locked"}
    right = pin_is_right(report, pin)
    note_try(session, asker, report.id, right, now)
    if right:
        log.info("report opened", report=report.id, call=asker.call_id)
        return _details(session, report, timezone)
    if _locked_until(session, report.id, asker, limits, now):
        log.warning("report locked", report=report.id, call=asker.call_id)
        return {"problem": "locked"}
    return {"problem": "wrong"}


def locked_until(
    session: Session, keyed_in: str, asker: Asker, limits: TryLimits, now: datetime
) -> datetime | None:
    """From when the asker may look that report up again; None: now."""
    report_id = session.scalar(
        select(Report.id).where(Report.reference == parse_reference(keyed_in))
    )
    return _locked_until(session, report_id, asker, limits, now)


def _locked_until(
    session: Session, report_id: str | None, asker: Asker, limits: TryLimits, now: datetime
) -> datetime | None:
    """From when that asker may try that report again; None: now."""
    locks = [asker_locked(session, asker, limits, now)]
    if report_id is not None:
        locks.append(report_locked(session, report_id, limits, now))
    return max((each for each in locks if each is not None), default=None)


def _details(session: Session, report: Report, timezone: tzinfo) -> Answer:
    due = None if report.status in ENDED else report.expected_at
    return {
        "status": report.status,
        "due": None if due is None else _day(due, timezone),
        "updated": _day(report.updated_at, timezone),
        "update": session.scalar(
            select(Update.wording_key)
            .where(
                Update.report_id == report.id,
                Update.internal.is_(False),
                Update.wording_key.is_not(None),
            )
            .order_by(Update.id.desc())
            .limit(1)
        ),
    }


def _day(moment: datetime, timezone: tzinfo) -> list[int]:
    local = moment.astimezone(timezone)
    return [local.day, local.month]
