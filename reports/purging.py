"""What of reports has been kept long enough, by kind; and taking it out, some at a time.

A report's time begins with its end. What is open, or was reopened, keeps everything.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.ended import ended_before
from reports.models import Attachment, Callback, Recording, Report, Supporter
from reports.search import index_report
from reports.wiping import ERASED, has_reporter, has_words, wipe_words


def old_recordings(before: datetime) -> Select[str]:
    """Names of recordings that have been kept long enough."""
    return (
        select(Recording.name)
        .join(Report, Report.id == Recording.report_id)
        .where(
            Recording.discarded_at.is_(None),
            Recording.sound_erased_at.is_(None),
            ended_before(before),
        )
    )


def old_words(before: datetime) -> Select[str]:
    """Ids of reports whose words have been kept long enough."""
    return select(Report.id).where(ended_before(before), has_words())


def old_reporters(before: datetime) -> Select[str]:
    """Ids of reports whose reporter has been known long enough."""
    return select(Report.id).where(has_reporter(), ended_before(before))


def old_supporters(before: datetime) -> Select[str]:
    """Ids of supporters of reports that ended long enough ago."""
    return (
        select(Supporter.id)
        .join(Report, Report.id == Supporter.report_id)
        .where(Supporter.person_hash.not_like(f"{ERASED}:%"), ended_before(before))
    )


def old_callbacks(before: datetime) -> Select[str]:
    """Ids of callbacks whose number has been kept long enough, kept promises or not."""
    known = or_(Callback.number.is_not(None), Callback.number_hash.is_not(None))
    since = func.coalesce(Callback.finished_at, Callback.asked_at)
    return select(Callback.id).where(known, since < before)


def old_attachments(before: datetime) -> Select[str]:
    """Ids of attachments that have been kept long enough."""
    return (
        select(Attachment.id)
        .join(Report, Report.id == Attachment.report_id)
        .where(Attachment.erased_at.is_(None), ended_before(before))
    )


def purge_words(session: Session, province: Province, report_ids: Sequence[str]) -> None:
    """Wipe the words of these reports; category and place still find them."""
    wipe_words(session, report_ids)
    for report in session.scalars(select(Report).where(Report.id.in_(report_ids))):
        if report.erased_at is None:
            index_report(session, province, report)
