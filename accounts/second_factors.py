"""The second factor of users who have one: a code of their authenticator program."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.audit import record
from accounts.visit_models import SecondFactor


def second_factor(session: Session, user_id: str) -> SecondFactor | None:
    """Of that user, if any."""
    return session.get(SecondFactor, user_id)


def set_secret(session: Session, user_id: str, secret: str | None, now: datetime) -> None:
    """What the authenticator shares from now on; None takes the second factor away, codes too."""
    found = _made(session, user_id)
    if found.secret == secret:
        return
    found.secret, found.last_counter = secret, None
    if secret is None:
        found.codes = None
    action = "second_factor.removed" if secret is None else "second_factor.set"
    record(session, user_id, action, "user", user_id, now)


def set_codes(session: Session, user_id: str, codes: Sequence[str] | None) -> None:
    """The recovery codes that are left."""
    _made(session, user_id).codes = list(codes) if codes else None


def note_counter(session: Session, user_id: str, counter: int) -> None:
    """That code was taken; it, and those before it, are not taken again."""
    _made(session, user_id).last_counter = counter


def remove_second_factor(session: Session, user_id: str, by: str, now: datetime) -> None:
    """The user's telephone is lost: the password alone lets them in until they set it up again."""
    found = session.get(SecondFactor, user_id)
    if found is not None:
        session.delete(found)
        record(session, by, "second_factor.removed", "user", user_id, now)


def _made(session: Session, user_id: str) -> SecondFactor:
    found = session.get(SecondFactor, user_id)
    if found is None:
        found = SecondFactor(user_id=user_id)
        session.add(found)
        session.flush()
    return found
