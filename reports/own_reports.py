"""What a caller's number finds: the draft that a lost line left, and reports that are open.

A number can be forged. It therefore finds states and the caller's own choices, never words,
numbers or PINs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from reports.commands import NOBODY
from reports.lifecycle import ENDED
from reports.models import Contact, Recording, RecordingKind, Report, ReportStatus

MOST_OPEN = 3  # more than that nobody remembers by ear
# Of one number there are rarely more that are open; the newest are what it calls about.
LOOKED_AT = 20
# Made once: every call begins with it.
_OPEN = (
    select(
        Report.id,
        Report.status,
        Report.partial,
        Report.anonymous,
        Report.category,
        Report.place,
        Report.contact,
        Report.urgent,
        Report.requested_at,
    )
    .where(Report.caller_hash == bindparam("caller"), Report.status.not_in(ENDED))
    .order_by(Report.requested_at.desc())
    .limit(LOOKED_AT)
)

Draft = dict[str, Any]


@dataclass(frozen=True)
class OwnReports:
    """`dropped`: an unfinished report to go on with, as `ivr.flows.call.Draft` fields."""

    dropped: Draft | None
    open_reports: Sequence[dict[str, str]]


NOTHING = OwnReports(None, ())


def own_reports(session: Session, caller_hash: str, resume_since: datetime) -> OwnReports:
    """What belongs to this number; a draft only from `resume_since` on."""
    rows = session.connection().execute(_OPEN, {"caller": caller_hash}).all()
    newest = rows[0] if rows else None
    dropped = None
    if newest is not None and _unfinished(newest, resume_since):
        dropped = _draft(newest, _recordings(session, newest.id))
    # Who chose to be nobody is not reminded of it by whoever has the telephone now.
    open_reports = [{"report": row.id, "status": row.status} for row in rows if not row.anonymous]
    return OwnReports(dropped, open_reports[:MOST_OPEN])


def _unfinished(row: Any, since: datetime) -> bool:
    return bool(row.partial and row.status == ReportStatus.NEW and row.requested_at > since)


def _recordings(session: Session, report_id: str) -> dict[str, tuple[str, bool]]:
    """The newest recording of each kind: its name, and whether something is audible in it."""
    rows = session.execute(
        select(Recording.kind, Recording.name, Recording.silent)
        .where(Recording.report_id == report_id, Recording.discarded_at.is_(None))
        .order_by(Recording.recorded_at, Recording.position)
    )
    return {kind: (name, not silent) for kind, name, silent in rows}


def _draft(row: Any, recordings: dict[str, tuple[str, bool]]) -> Draft:
    """The answers given so far. "Where may we ring?" is asked anew unless it was declined: the
    number that was keyed in is nothing to keep with a call's facts."""
    statement, heard = recordings.get(RecordingKind.STATEMENT, (None, False))
    place, _ = recordings.get(RecordingKind.PLACE, (None, False))
    return {
        "category": row.category,
        "kind_asked": row.category is not None or heard,
        "recording": statement,
        "heard": heard,
        "place": row.place,
        "place_recording": place,
        "place_asked": row.place is not None or place is not None,
        "contact": NOBODY if row.contact == Contact.NOBODY else None,
        "urgent": row.urgent,
        "continues": row.id,
    }
