"""What administrators do to users: each of it is in the audit log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.audit import record
from accounts.errors import LastAdministrator, UnknownUser
from accounts.models import User
from accounts.passwords import hash_password, new_password
from accounts.roles import Role
from accounts.second_factors import remove_second_factor
from accounts.sign_in_tries import forget_wrong
from accounts.users import create_user
from accounts.visit_models import SecondFactor
from accounts.visits import end_visits


def all_users(session: Session) -> Sequence[tuple[User, bool]]:
    """Everybody by address, and whether they have a second factor."""
    rows = session.execute(
        select(User, SecondFactor.secret.is_not(None))
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .order_by(User.email)
    )
    return [(user, bool(has)) for user, has in rows]


def add_user(
    session: Session, email: str, role: Role, agency: str | None, by: str, now: datetime
) -> str:
    """Let somebody sign in; the password that they are told, and change when they first do.

    Raises: as `accounts.users.create_user`.
    """
    password = new_password()
    made = create_user(session, email, password, role, now, agency)
    made.must_change = True
    record(session, by, "user.added", "user", made.id, now, role=made.role)
    return password


def reset_password(session: Session, user_id: str, by: str, now: datetime) -> str:
    """A new password, to be told and then changed; they are signed out and may try again at once.

    Raises:
        UnknownUser: there is no such user.
    """
    user = _user(session, user_id)
    password = new_password()
    user.password_hash, user.must_change = hash_password(password), True
    forget_wrong(session, user.email)
    end_visits(session, user.id, by, now)
    record(session, by, "password.reset", "user", user.id, now)
    return password


def reset_second_factor(session: Session, user_id: str, by: str, now: datetime) -> None:
    """The password alone lets them in until they set up another one.

    Raises:
        UnknownUser: there is no such user.
    """
    user = _user(session, user_id)
    remove_second_factor(session, user.id, by, now)


def set_disabled(session: Session, user_id: str, disabled: bool, by: str, now: datetime) -> None:
    """Let nobody sign in as them, or let them again; their tokens stop and go on with it.

    Raises:
        UnknownUser: there is no such user.
        LastAdministrator: nobody could look after the users any more.
    """
    user = _user(session, user_id)
    if disabled and user.role == Role.ADMINISTRATOR and _administrators(session, now) < 2:
        raise LastAdministrator("somebody has to be able to look after the users")
    user.disabled_at = now if disabled else None
    if disabled:
        end_visits(session, user.id, by, now)
    record(session, by, "user.disabled" if disabled else "user.enabled", "user", user.id, now)


def change_password(session: Session, user_id: str, password_hash: str, now: datetime) -> None:
    """The user has chosen a new one; its hash is kept."""
    user = _user(session, user_id)
    user.password_hash, user.must_change = password_hash, False
    record(session, user.id, "password.changed", "user", user.id, now)


def _user(session: Session, user_id: str) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise UnknownUser("there is no such user")
    return user


def _administrators(session: Session, now: datetime) -> int:
    query = select(func.count()).select_from(User)
    found = query.where(
        User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None) | (User.disabled_at > now)
    )
    return session.scalar(found) or 0
