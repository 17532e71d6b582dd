"""What each member of the staff has at their desk: the lists they keep, and what they have seen."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from reports.desk_models import SavedList, SeenReport
from reports.errors import TooLongList, TooManyLists
from storage.upserts import put

MOST_LISTS = 20
LONGEST_NAME, LONGEST_QUERY = 80, 1000


def saved_lists(session: Session, user_id: str) -> Sequence[SavedList]:
    """A user's lists by name."""
    query = select(SavedList).where(SavedList.user_id == user_id)
    return session.scalars(query.order_by(SavedList.name, SavedList.id)).all()


def save_list(session: Session, user_id: str, name: str, query: str, now: datetime) -> None:
    """Keep the filters under that name; what had it before is replaced.

    Raises:
        TooManyLists: the user has as many as one may have.
        TooLongList: the filters are longer than can be kept; half of them would be others.
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    if len(query) > LONGEST_QUERY:
        raise TooLongList(f"expected filters of at most {LONGEST_QUERY} characters")
    mine = saved_lists(session, user_id)
    found = next((each for each in mine if each.name == name), None)
    if found is not None:
        found.query, found.saved_at = query, now
        return
    if len(mine) >= MOST_LISTS:
        raise TooManyLists(f"expected at most {MOST_LISTS} lists")
    session.add(
        SavedList(id=uuid.uuid4().hex, user_id=user_id, name=name, query=query, saved_at=now)
    )


def forget_list(session: Session, user_id: str, list_id: str) -> None:
    """Keep it no longer; others' lists stay."""
    session.execute(delete(SavedList).where(SavedList.id == list_id, SavedList.user_id == user_id))


def versions_seen(session: Session, user_id: str, report_ids: Iterable[str]) -> Mapping[str, int]:
    """Up to which version the user has seen each report; nothing for what they never opened."""
    query = select(SeenReport.report_id, SeenReport.version).where(
        SeenReport.user_id == user_id, SeenReport.report_id.in_(list(report_ids))
    )
    return {report_id: version for report_id, version in session.execute(query)}


def note_seen(session: Session, user_id: str, report_id: str, version: int, now: datetime) -> None:
    """The user has looked at that version."""
    seen = versions_seen(session, user_id, [report_id]).get(report_id, 0)
    put(
        session,
        SeenReport,
        {"user_id": user_id, "report_id": report_id},
        {"version": max(version, seen), "seen_at": now},
    )
