"""Lock-out: after wrong passwords or codes an address waits, whoever has it or nobody."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from accounts.visit_models import SignInTry
from storage.crypto import current_box

MOST_WRONG = 5
WITHIN = timedelta(minutes=15)  # and so long the address then waits
_KEPT = timedelta(days=1)
_LONGEST = 254


def is_locked(session: Session, email: str, now: datetime) -> bool:
    """Whether that address has been tried too often of late."""
    wrong = session.scalar(
        select(func.count())
        .select_from(SignInTry)
        .where(SignInTry.address_hash == _hash(email), SignInTry.at > now - WITHIN)
    )
    return (wrong or 0) >= MOST_WRONG


def note_wrong(session: Session, email: str, now: datetime) -> bool:
    """Count a wrong password or code; whether the address is locked from now on."""
    session.execute(delete(SignInTry).where(SignInTry.at < now - _KEPT))
    session.add(SignInTry(address_hash=_hash(email), at=now))
    session.flush()
    return is_locked(session, email, now)


def forget_wrong(session: Session, email: str) -> None:
    """The right one was given, or an administrator has helped."""
    session.execute(delete(SignInTry).where(SignInTry.address_hash == _hash(email)))


def _hash(email: str) -> str:
    return current_box().keyed_hash("sign-in " + email.strip().lower()[:_LONGEST])
