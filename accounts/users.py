"""The people who sign in."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.errors import BadEmail, EmailTaken, UnknownUser, WrongAgency
from accounts.models import User
from accounts.passwords import hash_password, new_password, password_matches
from accounts.roles import Role

FIRST_EMAIL = "admin@localhost"

# Whether an address works only a letter to it can tell; this keeps slips of the pen out.
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,189}")


@dataclass(frozen=True)
class FirstAdministrator:
    """How to sign in to a new installation. The password is kept nowhere: show it."""

    email: str
    password: str


def create_user(
    session: Session,
    email: str,
    password: str,
    role: Role,
    now: datetime,
    agency: str | None = None,
) -> User:
    """The new user, who may sign in once the transaction commits.

    `agency` is the code of the agency whose reports an officer works on.

    Raises:
        BadEmail: the address is none.
        EmailTaken: somebody has it, disabled users included.
        WeakPassword: the password is too short or too long.
        WrongAgency: an officer without an agency, or somebody else with one.
    """
    if (role is Role.AGENCY) != (agency is not None):
        raise WrongAgency("expected an agency of the role `agency`, and of no other")
    address = _address(email)
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise EmailTaken(f"expected a new address, found that {address} has an account")
    user = User(
        id=uuid.uuid4().hex,
        email=address,
        password_hash=hash_password(password),
        role=role,
        agency=agency,
        created_at=now,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # two at once, where the database lets both look first
        raise EmailTaken(f"expected a new address, found that {address} has an account") from error
    return user


def sign_in(session: Session, email: str, password: str, now: datetime) -> User | None:
    """The user of that address and password; None for any mismatch, in the same time."""
    try:
        address = _address(email)
    except BadEmail:
        address = None
    user = None
    if address is not None:
        user = session.scalar(select(User).where(User.email == address))
    matches = password_matches(user.password_hash if user else None, password)
    return user if user is not None and matches and may_enter(user, now) else None


def active_user(session: Session, user_id: str, now: datetime) -> User | None:
    """The user of that id, unless disabled."""
    user = session.get(User, user_id)
    return user if user is not None and may_enter(user, now) else None


def find_user(session: Session, email: str, now: datetime) -> User:
    """The user of that address.

    Raises:
        BadEmail: the address is none.
        UnknownUser: nobody who may sign in has it.
    """
    address = _address(email)
    user = session.scalar(select(User).where(User.email == address))
    if user is None or not may_enter(user, now):
        raise UnknownUser(f"nobody who may sign in has the address {address}")
    return user


def emails_of(session: Session, ids: Iterable[str]) -> Mapping[str, str]:
    """Addresses of users by their ids, disabled users included; who is unknown is left out."""
    rows = session.execute(select(User.id, User.email).where(User.id.in_(set(ids))))
    return {user_id: email for user_id, email in rows}


def first_administrator(session: Session, now: datetime) -> FirstAdministrator | None:
    """An administrator with a new password; None where any user exists."""
    if session.scalar(select(User.id).limit(1)) is not None:
        return None
    password = new_password()
    create_user(session, FIRST_EMAIL, password, Role.ADMINISTRATOR, now)
    return FirstAdministrator(FIRST_EMAIL, password)


def may_enter(user: User, now: datetime) -> bool:
    """Whether the user is not disabled."""
    return user.disabled_at is None or now < user.disabled_at


def _address(email: str) -> str:
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address) or not address.isprintable():
        raise BadEmail("expected an e-mail address such as name@example.vn")
    return address
