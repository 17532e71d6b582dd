"""A file that staff or an agency add to a report is a change of it, like any other: whoever has the
report open learns of it, and so do the programs that follow it."""

from datetime import datetime

from sqlalchemy.orm import Session

from reports.actors import Actor
from reports.attachments import Kept, attach_file
from reports.changes import locked_report, note_change
from reports.errors import NotAllowed
from reports.models import Attachment, Update, UpdateKind


def add_file(
    session: Session, report_id: str, kept: Kept, actor: Actor, now: datetime, internal: bool
) -> Attachment:
    """The report's new file, and the update that tells of it; `internal`: for staff alone.

    Raises:
        UnknownReport: there is none of that id, or none of the actor's agency.
        NotAllowed: its person wanted to be forgotten: nothing of them is kept there any more.
        TooManyAttachments: the report has as many as it may have.
    """
    report = locked_report(session, report_id, actor)
    if report.erased_at is not None:
        raise NotAllowed("it was erased on its person's demand: nothing is added to it")
    update = Update(kind=UpdateKind.NOTE, internal=internal)
    note_change(session, report, update, actor, now)
    return attach_file(session, report, kept, actor.id, now, internal, update.id)
