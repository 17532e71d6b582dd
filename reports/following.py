"""What a reporter reads of their report on the web, once its PIN was right."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.actors import CITIZEN
from reports.adding import ended_one, may_rate, may_reopen
from reports.attachments import attachments_of
from reports.errors import UnknownReport
from reports.lifecycle import ENDED
from reports.models import Report, Update
from reports.supporting import supporters


@dataclass(frozen=True)
class Event:
    """One public update. `photos` are ids; `wording_key` and `reason` are of the pack."""

    at: datetime
    kind: str
    status: str | None
    own: bool  # the reporter's own
    text: str | None
    wording_key: str | None
    reason: str | None
    score: int | None
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Followed:
    """A report as its reporter sees it; the oldest event first."""

    id: str
    reference: str
    status: str
    requested_at: datetime
    expected_at: datetime | None  # None once it has ended
    category: str | None
    place: str | None
    address: str | None
    words: str | None
    photos: tuple[str, ...]
    events: tuple[Event, ...]
    supporters: int
    may_reopen: bool
    may_rate: bool


def followed(session: Session, province: Province, report_id: str, now: datetime) -> Followed:
    """The report with everything that its reporter may know.

    Raises:
        UnknownReport: there is none of that id.
    """
    report = session.get(Report, report_id)
    if report is None:
        raise UnknownReport("no such report")
    files = [
        file for file in attachments_of(session, report_id) if file.media_type != "application/pdf"
    ]
    events = session.scalars(
        select(Update)
        .where(Update.report_id == report_id, Update.internal.is_(False))
        .order_by(Update.id)
    )
    return Followed(
        id=report.id,
        reference=report.reference,
        status=report.status,
        requested_at=report.requested_at,
        expected_at=None if report.status in ENDED else report.expected_at,
        category=report.category,
        place=report.place,
        address=report.address,
        words=report.description,
        photos=tuple(file.id for file in files if file.update_id is None),
        events=tuple(
            _event(each, tuple(file.id for file in files if file.update_id == each.id))
            for each in events
        ),
        supporters=supporters(session, report_id),
        may_reopen=may_reopen(session, ended_one(session, report), province, now),
        may_rate=may_rate(session, report),
    )


def _event(update: Update, photos: tuple[str, ...]) -> Event:
    return Event(
        at=update.at,
        kind=update.kind,
        status=update.status,
        own=update.author == CITIZEN.id,
        text=update.text,
        wording_key=update.wording_key,
        reason=update.reason,
        score=update.score,
        photos=photos,
    )
