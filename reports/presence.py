"""Who has a report open now: a warning for colleagues, never a lock.

A page says every `BEAT_S` seconds that it is still there; who has said nothing for `GONE_AFTER`
is there no more, whatever became of their browser.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.models import User
from reports.desk_models import Presence
from reports.models import Report
from storage.upserts import put

BEAT_S = 15
GONE_AFTER = timedelta(seconds=3 * BEAT_S)
_KEPT_FOR = timedelta(hours=1)
MOST_TOLD = 200


@dataclass(frozen=True)
class Colleague:
    """Somebody else at a report; `editing`: they have begun to change something."""

    reference: str
    name: str
    editing: bool


@dataclass(frozen=True)
class Beat:
    """A sign of life: `page` is one of the pages in which the user has the report open."""

    user_id: str
    report_id: str
    page: str
    editing: bool


def adds(session: Session, beat: Beat, now: datetime) -> bool:
    """Whether that is worth a transaction: it is new, or what is known is a beat old."""
    found = session.get(Presence, (beat.report_id, beat.user_id, beat.page))
    return (
        found is None
        or found.editing != beat.editing
        or found.seen_at <= now - timedelta(seconds=BEAT_S)
    )


def note_presence(session: Session, beat: Beat, now: datetime) -> None:
    """The user has the report open."""
    # A browser that died never said good-bye.
    old = Presence.user_id == beat.user_id, Presence.seen_at < now - _KEPT_FOR
    session.execute(delete(Presence).where(*old))
    put(
        session,
        Presence,
        {"report_id": beat.report_id, "user_id": beat.user_id, "page": beat.page},
        {"editing": beat.editing, "seen_at": now},
    )


def note_left(session: Session, beat: Beat) -> None:
    """The user has closed that page; in others they may have the report open still."""
    session.execute(
        delete(Presence).where(
            Presence.user_id == beat.user_id,
            Presence.report_id == beat.report_id,
            Presence.page == beat.page,
        )
    )


def colleagues(
    session: Session,
    user_id: str,
    now: datetime,
    report_ids: Sequence[str] | None = None,
    agency: str | None = None,
) -> Mapping[str, Sequence[Colleague]]:
    """Who else is at which report, by its reference, by one query; of `agency`'s reports alone
    where one is given. `report_ids` None: all reports, the 200 latest signs of life."""
    query = (
        select(Report.reference, User.email, Presence.editing)
        .join(Report, Report.id == Presence.report_id)
        .join(User, User.id == Presence.user_id)
        .where(Presence.seen_at >= now - GONE_AFTER, Presence.user_id != user_id)
        .order_by(Presence.seen_at.desc(), User.email)
        .limit(MOST_TOLD)
    )
    if report_ids is not None:
        query = query.where(Presence.report_id.in_(report_ids))
    if agency is not None:
        query = query.where(Report.agency == agency)
    # Somebody may have it open in several pages.
    known: dict[tuple[str, str], bool] = {}
    for reference, email, editing in session.execute(query):
        known[reference, email] = known.get((reference, email), False) or editing
    found: dict[str, list[Colleague]] = defaultdict(list)
    for (reference, email), editing in known.items():
        found[reference].append(Colleague(reference, email.partition("@")[0], editing))
    return found
