"""Taking back what one has just done to a report: a slip of the finger is mended within seconds.

Only the last change, by whoever made it, and only among states in which work goes on: of an end,
or of a question, the citizen has been told already. That it was assigned is told to the citizen
when it can be undone no more; an agency's telephone on duty learns of an urgent report at once, and
then it stays. Both changes stay in the history.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.actors import Actor
from reports.changes import locked_report, note_change
from reports.clock import count_anew
from reports.errors import CannotUndo, ChangedMeanwhile
from reports.models import Report, ReportStatus, Update, UpdateKind
from reports.search import SEARCHED, index_report
from reports.telling import UNDONE_WITHIN, take_back_told

S = ReportStatus
_MOVES = frozenset({S.NEW, S.TRIAGED, S.ASSIGNED, S.IN_PROGRESS})
_FIELDS = frozenset(
    {"category", "place", "urgent", "description", "address", "latitude", "longitude"}
    | {"officer", "agency"}
)


def undo_last(
    session: Session,
    province: Province,
    report_id: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> Update:
    """Have the report as it was before `version`; the update that tells of it.

    Raises:
        UnknownReport: there is none of that id, or none of the actor's agency.
        ChangedMeanwhile: somebody went on since then.
        CannotUndo: it is too late, was somebody else's, or somebody has been told.
    """
    report = locked_report(session, report_id, actor)
    if report.version != version:
        raise ChangedMeanwhile(report.version)
    last = session.scalar(
        select(Update).where(Update.report_id == report.id, Update.version == version)
    )
    if last is None or last.author != actor.id or now - last.at > UNDONE_WITHIN:
        raise CannotUndo("only one's own last change, within 30 seconds")
    if last.text is not None:
        raise CannotUndo("the citizen has been told")
    changes: Mapping[str, list[Any]] = last.changes or {}
    if not set(changes) <= _FIELDS:
        raise CannotUndo("other reports are concerned")
    if not take_back_told(session, last):
        raise CannotUndo("it has been told by SMS; assign it anew, which is told too")
    back: dict[str, list[Any]] = {}
    status = _status_back(session, report, last)
    for name, (before, after) in changes.items():
        setattr(report, name, before)
        back[name] = [after, before]
    if status is not None:
        report.status, report.reason = status, None
    if "category" in back:
        count_anew(report, province)
    if not SEARCHED.isdisjoint(back):
        index_report(session, province, report)
    update = Update(
        kind=UpdateKind.STATUS if status is not None else UpdateKind.CHANGED,
        internal=True,
        status=status,
        changes=back or None,
    )
    note_change(session, report, update, actor, now)
    return update


def _status_back(session: Session, report: Report, last: Update) -> ReportStatus | None:
    """The state before the last change; None where that did not move the report."""
    if last.status is None:
        return None
    before = session.scalar(
        select(Update.status)
        .where(Update.report_id == report.id, Update.status.is_not(None), Update.id < last.id)
        .order_by(Update.id.desc())
        .limit(1)
    )
    found = S(before or S.NEW)
    if found not in _MOVES or S(last.status) not in _MOVES:
        raise CannotUndo("the citizen has been told")
    return found
