"""Visits of the console: begun by signing in, listed, and ended, by oneself or by others."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from accounts.audit import record
from accounts.errors import UnknownVisit
from accounts.models import User
from accounts.users import may_enter
from accounts.visit_models import Visit

LIFETIME = timedelta(hours=12)  # a long shift; then the password is asked for again
WALL_LIFETIME = timedelta(days=90)  # of a screen that shows the wallboard and nothing else
SEEN_EVERY = timedelta(minutes=5)  # so that looking at pages does not write each time

_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))


@dataclass(frozen=True)
class OpenVisit:
    """A visit that goes on, and whose it is."""

    id: str
    user_id: str
    email: str
    browser: str
    began_at: datetime
    seen_at: datetime
    wall: bool = False


@dataclass(frozen=True)
class Visitor:
    """Who is signed in; `stale` where `note_seen` is due; `wall`: on a screen on the wall."""

    user: User
    visit_id: str
    stale: bool
    wall: bool = False


def begin_visit(session: Session, user_id: str, agent: str, now: datetime) -> str:
    """The id of a new visit; `agent` is what the browser calls itself."""
    visit = Visit(
        id=uuid.uuid4().hex,
        user_id=user_id,
        browser=browser_of(agent),
        began_at=now,
        seen_at=now,
    )
    session.add(visit)
    record(session, user_id, "visit.began", "visit", visit.id, now)
    return visit.id


def visitor_of(session: Session, visit_id: str, now: datetime) -> Visitor | None:
    """Who is signed in by that visit; None for one that ended, or whose user is disabled."""
    row = session.execute(
        select(Visit, User)
        .join(User, User.id == Visit.user_id)
        .where(Visit.id == visit_id, Visit.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    visit, user = row
    lifetime = WALL_LIFETIME if visit.wall else LIFETIME
    if not (visit.began_at <= now < visit.began_at + lifetime) or not may_enter(user, now):
        return None
    return Visitor(user, visit.id, now - visit.seen_at >= SEEN_EVERY, visit.wall)


def hang_on_wall(session: Session, visit_id: str, by: str, now: datetime) -> None:
    """From now on the visit opens the wallboard alone, and for longer."""
    session.execute(update(Visit).where(Visit.id == visit_id).values(wall=True))
    record(session, by, "visit.on_wall", "visit", visit_id, now)


def note_seen(session: Session, visit_id: str, now: datetime) -> None:
    """The visitor is still there."""
    session.execute(update(Visit).where(Visit.id == visit_id).values(seen_at=now))


def open_visits(session: Session, user_id: str | None, now: datetime) -> Sequence[OpenVisit]:
    """The visits of a user, or of everybody, seen last first."""
    query = (
        select(Visit, User.email)
        .join(User, User.id == Visit.user_id)
        .where(
            Visit.ended_at.is_(None),
            or_(
                Visit.began_at > now - LIFETIME,
                and_(Visit.wall, Visit.began_at > now - WALL_LIFETIME),
            ),
        )
        .order_by(Visit.seen_at.desc(), Visit.id)
    )
    if user_id is not None:
        query = query.where(Visit.user_id == user_id)
    return [
        OpenVisit(v.id, v.user_id, email, v.browser, v.began_at, v.seen_at, v.wall)
        for v, email in session.execute(query)
    ]


def end_visit(
    session: Session, visit_id: str, by: str, now: datetime, only_of: str | None = None
) -> None:
    """Sign that browser out; `only_of` is whose visits `by` may end, None for everybody's.

    Raises:
        UnknownVisit: there is no such visit that goes on, or none that they may end.
    """
    visit = session.get(Visit, visit_id)
    if visit is None or visit.ended_at is not None or only_of not in (None, visit.user_id):
        raise UnknownVisit("no such visit goes on")
    visit.ended_at = now
    record(session, by, "visit.ended", "visit", visit.id, now, user=visit.user_id)


def end_visits(
    session: Session, user_id: str, by: str, now: datetime, but: str | None = None
) -> None:
    """Sign a user out everywhere, one visit excepted."""
    for visit in open_visits(session, user_id, now):
        if visit.id != but:
            end_visit(session, visit.id, by, now)


def browser_of(agent: str) -> str:
    """As people would call it: `Firefox, Linux`; never more of what was sent."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "?")
    system = next((name for name in _SYSTEMS if name in agent), "?")
    return f"{browser}, {system}"
