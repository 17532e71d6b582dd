"""Joining reports of one matter: staff decide, every reporter is kept, and it can be undone."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.actors import Actor
from reports.change import Change
from reports.changes import change_report, locked_report, note_change
from reports.errors import BadChange
from reports.locked import locked_together
from reports.models import Report, ReportStatus, Update, UpdateKind


def merge(
    session: Session,
    province: Province,
    duplicate_id: str,
    original_id: str,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
    internal_text: str | None = None,
) -> Update | None:
    """Make one report the duplicate of another; the update that tells of it.

    Duplicates of the duplicate move along, so that an original is never a duplicate itself.
    Urgency is the greater of both. `internal_text` is noted for staff at the duplicate.

    Raises:
        UnknownReport, ChangedMeanwhile, NotAllowed: as `change_report`.
        BadChange: the original is the duplicate itself, or joined to it.
    """
    joined = select(Report.id).where(Report.original_id == duplicate_id)
    reports = locked_together(
        session, lambda: (duplicate_id, original_id, *session.scalars(joined))
    )
    original = locked_report(session, original_id, actor)
    if original.original_id is not None:
        raise BadChange("original", "that report is a duplicate itself: name its original")
    change = Change(
        status=ReportStatus.DUPLICATE, original=original_id, internal_text=internal_text
    )
    update = change_report(session, province, duplicate_id, change, actor, now, seen_version)
    duplicate = reports[duplicate_id]
    for moved in reports.values():
        if moved.original_id != duplicate_id:
            continue
        moved.original_id = original_id
        note = Update(
            kind=UpdateKind.CHANGED,
            internal=True,
            changes={"original": [duplicate_id, original_id]},
        )
        note_change(session, moved, note, actor, now)
    merged = Update(kind=UpdateKind.MERGED, internal=True, internal_text=duplicate.reference)
    if duplicate.urgent and not original.urgent:
        original.urgent = True
        merged.changes = {"urgent": [False, True]}
    note_change(session, original, merged, actor, now)
    return update
