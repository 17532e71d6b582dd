"""Our users as Flask-Security sees them, and where it finds and keeps them: in our own tables.

What it changes is written at once, in a transaction of its own: nobody waits for a lock while a
password is hashed. Whoever signs in gets a visit (`accounts.visits`), and with it a place in the
list of visits; Flask-Security's own session alone opens nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserDatastore, UserMixin
from sqlalchemy import Engine, select

from accounts.managing import change_password
from accounts.models import User
from accounts.passwords import password_matches
from accounts.second_factors import (
    note_counter,
    second_factor,
    set_codes,
    set_secret,
)
from accounts.sign_in_tries import note_wrong
from accounts.users import may_enter
from accounts.visit_models import SecondFactor
from accounts.visits import end_visits
from storage.database import reading, transaction

AUTHENTICATOR = "authenticator"


class StaffRole(RoleMixin):
    """Flask-Security wants a class; who may what, `console.permissions` says."""


class StaffUser(UserMixin):
    """A user with what Flask-Security asks of one. Never written to the database itself."""

    fs_uniquifier: str = ""
    roles: list[RoleMixin]

    def __init__(self, user: User, factor: SecondFactor | None, store: "Staff") -> None:
        self.user_id = self.fs_uniquifier = user.id
        self.email = user.email
        self.password = self.kept_hash = user.password_hash
        self.active = may_enter(user, store.clock())
        self.roles = []
        self.tf_totp_secret = factor.secret if factor else None
        self.tf_primary_method = AUTHENTICATOR if self.tf_totp_secret else None
        self.tf_phone_number = None
        self.mf_recovery_codes = list(factor.codes or []) if factor else []
        self.last_counter = factor.last_counter if factor else None
        self.store = store

    def verify_and_update_password(self, password: str) -> bool:
        """Whether it is theirs; hashes are compared as everywhere in the house."""
        return password_matches(self.password, password)

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:
        """A wrong password or code counts."""
        self.store.note_wrong(self.email)


class Staff(UserDatastore):
    """Finds and keeps users for Flask-Security."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        super().__init__(StaffUser, StaffRole)
        self.engine, self.clock = engine, clock

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> StaffUser | None:
        """By id (`fs_uniquifier`) or address; None for nobody."""
        ((name, value),) = kwargs.items()
        column = User.email if name == "email" else User.id
        wanted = str(value).strip().lower() if name == "email" else str(value)
        with reading(self.engine) as session:
            user = session.scalar(select(User).where(column == wanted))
            if user is None:
                return None
            return StaffUser(user, second_factor(session, user.id), self)

    def find_role(self, role: str) -> None:
        """There are none here."""

    def put(self, model: StaffUser) -> StaffUser:
        """Keep what Flask-Security changed."""
        now = self.clock()
        with transaction(self.engine) as session:
            if model.password and model.password != model.kept_hash:
                change_password(session, model.user_id, model.password, now)
                model.kept_hash = model.password
            secret = model.tf_totp_secret if model.tf_primary_method else None
            known = second_factor(session, model.user_id)
            if secret or known is not None:
                set_secret(session, model.user_id, secret, now)
                set_codes(session, model.user_id, model.mf_recovery_codes if secret else None)
        return model

    def commit(self) -> None:
        """Everything is kept already."""

    def set_uniquifier(self, user: UserMixin, uniquifier: str | None = None) -> None:
        """The password was changed: whoever was signed in with the old one is so no more."""
        theirs = ours(user).user_id
        with transaction(self.engine) as session:
            end_visits(session, theirs, theirs, self.clock())

    def note_wrong(self, email: str) -> None:
        """Somebody tried that address in vain."""
        with transaction(self.engine) as session:
            note_wrong(session, email, self.clock())

    def note_counter(self, user: StaffUser, counter: int) -> None:
        """A code of the authenticator was taken."""
        user.last_counter = counter
        with transaction(self.engine) as session:
            if second_factor(session, user.user_id) is not None:
                note_counter(session, user.user_id, counter)


def ours(user: UserMixin) -> StaffUser:
    """The user; Flask-Security only ever has those that `Staff` found."""
    assert isinstance(user, StaffUser)
    return user
