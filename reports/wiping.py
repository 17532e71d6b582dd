"""Taking people out of reports, kind by kind, while the case stays.

Rules decide when (`reports.purging`), or a person does (`ivr.erasure`). Rows change in the caller's
transaction; the names of files come back, to be deleted once that is committed.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from reports.models import (
    Attachment,
    Callback,
    CallbackState,
    Contact,
    LookupTry,
    Recording,
    Report,
    Supporter,
    Transcript,
    TranscriptCorrection,
    Update,
)
from reports.search import forget_report
from reports.service import discard

AT_ONCE = 500
ERASED = "erased"
"""What hashes of numbers begin with once they lead to nobody."""


def wipe_recordings(session: Session, names: Sequence[str], now: datetime) -> Sequence[str]:
    """Mark recordings as gone and delete their words. Their files: `<name>.wav`.

    A job for each deletes what is left, should the caller not come to it.
    """
    rows = session.scalars(
        select(Recording).where(Recording.name.in_(names), Recording.discarded_at.is_(None))
    ).all()
    discard(session, rows, now)
    delete_transcripts(session, names)
    return names


def wipe_sounds(session: Session, names: Sequence[str], now: datetime) -> None:
    """Mark sounds as gone, while their words stay. Their files: `<name>.wav`."""
    session.execute(update(Recording).where(Recording.name.in_(names)).values(sound_erased_at=now))


def delete_transcripts(session: Session, names: Sequence[str]) -> None:
    """Recognised words and their corrections."""
    for table in (TranscriptCorrection, Transcript):
        session.execute(delete(table).where(table.recording_name.in_(names)))


def wipe_words(session: Session, report_ids: Sequence[str]) -> None:
    """All that was said or written in reports, by anybody: names stand in answers, too."""
    recordings = session.scalars(
        select(Recording.name).where(Recording.report_id.in_(report_ids))
    ).all()
    delete_transcripts(session, recordings)
    session.execute(
        update(Update)
        .where(Update.report_id.in_(report_ids))
        .values(text=None, internal_text=None, changes=None)
    )
    session.execute(
        update(Report)
        .where(Report.id.in_(report_ids))
        .values(description=None, address=None, latitude=None, longitude=None)
    )
    for report_id in report_ids:
        forget_report(session, report_id)


def wipe_reporters(session: Session, report_ids: Sequence[str], now: datetime) -> None:
    """Who reported, and where they may be rung, of these reports; nobody is rung any more."""
    session.execute(
        update(Report)
        .where(Report.id.in_(report_ids))
        .values(
            caller_hash=None,
            contact=Contact.NOBODY,
            contact_number=None,
            text_number=None,
            reporter=None,
        )
    )
    wipe_callbacks(session, select(Callback.id).where(Callback.report_id.in_(report_ids)), now)


def wipe_callbacks(session: Session, chosen: Select[str], now: datetime) -> None:
    """The numbers of calls that we owe or owed."""
    for callback in session.scalars(select(Callback).where(Callback.id.in_(chosen))):
        callback.number = callback.number_hash = None
        if callback.state != CallbackState.REACHED:
            callback.state = CallbackState.GIVEN_UP
            callback.finished_at = callback.finished_at or now
    session.flush()


def wipe_supporters(session: Session, supporter_ids: Sequence[str]) -> None:
    """Who said "me too"; that somebody did still counts."""
    for supporter in session.scalars(select(Supporter).where(Supporter.id.in_(supporter_ids))):
        supporter.number = None
        supporter.person_hash = f"{ERASED}:{uuid.uuid4().hex}"
    session.flush()


def wipe_lookups(session: Session, lookup_ids: Sequence[int]) -> None:
    """Who asked for reports; that somebody tried still counts for the report."""
    session.execute(update(LookupTry).where(LookupTry.id.in_(lookup_ids)).values(asker=ERASED))


def wipe_attachments(
    session: Session, attachment_ids: Sequence[str], now: datetime
) -> Sequence[str]:
    """Photos and documents; their rows tell that there were some. Their files: `<id>`."""
    session.execute(
        update(Attachment).where(Attachment.id.in_(attachment_ids)).values(erased_at=now)
    )
    return attachment_ids


def erase_reports(session: Session, report_ids: Sequence[str], now: datetime) -> None:
    """Leave the cases without the person: nobody can follow, reopen or find them by words."""
    wipe_words(session, report_ids)
    wipe_reporters(session, report_ids, now)
    session.execute(
        update(Report)
        .where(Report.id.in_(report_ids))
        .values(anonymous=True, pin_hash=None, erased_at=now, version=Report.version + 1)
    )


def gone_recordings(session: Session, names: Sequence[str]) -> set[str]:
    """Those of `names` whose sound must not be there any more."""
    gone = or_(Recording.discarded_at.is_not(None), Recording.sound_erased_at.is_not(None))
    return _those(session, select(Recording.name).where(gone), Recording.name, names)


def gone_attachments(session: Session, names: Sequence[str]) -> set[str]:
    """Those of `names` whose file must not be there any more."""
    query = select(Attachment.id).where(Attachment.erased_at.is_not(None))
    return _those(session, query, Attachment.id, names)


def _those(
    session: Session, query: Select[str], key: SQLColumnExpression[str], names: Sequence[str]
) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(names), AT_ONCE):
        found.update(session.scalars(query.where(key.in_(names[start : start + AT_ONCE]))))
    return found


def has_words() -> ColumnElement[bool]:
    """Reports in which anything said or written is left."""
    in_updates = (
        select(Update.id)
        .where(
            Update.report_id == Report.id,
            or_(
                Update.text.is_not(None),
                Update.internal_text.is_not(None),
                Update.changes.is_not(None),
            ),
        )
        .correlate(Report)
    )
    in_recordings = (
        select(Recording.name)
        .join(Transcript, Transcript.recording_name == Recording.name)
        .where(Recording.report_id == Report.id)
        .correlate(Report)
    )
    return or_(
        Report.description.is_not(None),
        Report.address.is_not(None),
        Report.latitude.is_not(None),
        in_updates.exists(),
        in_recordings.exists(),
    )


def has_reporter() -> ColumnElement[bool]:
    """Reports of which it is known who made them."""
    told = Report.caller_hash, Report.contact_number, Report.text_number, Report.reporter
    return or_(*(column.is_not(None) for column in told))


def not_yet_erased(report_ids: Sequence[str]) -> Select[str]:
    """Those of them that `erase_reports` would change; kept from others until the end."""
    left = or_(Report.erased_at.is_(None), has_words(), has_reporter())
    chosen = select(Report.id).where(Report.id.in_(report_ids), left)
    return chosen.order_by(Report.id).with_for_update()
