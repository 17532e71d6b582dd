"""Tables of accounts: people who sign in, and the tokens of programs."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.visit_models import SecondFactor as SecondFactor  # tables of this package too
from accounts.visit_models import SignInTry as SignInTry
from accounts.visit_models import Visit as Visit
from storage.database import Base
from storage.types import UtcDateTime


class User(Base):
    """A person of the staff. The password is kept as an argon2 hash only."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    agency: Mapped[str | None] = mapped_column(String(40))  # of the role `agency`: whose reports
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The password was made up by somebody else: they choose their own before anything else.
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())


class Token(Base):
    """What a program shows to use the API. Only its SHA-256 is kept; it is shown once."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Space-separated; None: all that its user may do.
    scopes: Mapped[str | None] = mapped_column(String(400))
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class AuditEntry(Base):
    """Somebody did or saw something. Written by `accounts.audit` alone, and never changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_object", "object_type", "object_id"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(60), index=True)
    action: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(100))
    details: Mapped[str] = mapped_column(Text)  # JSON, as it was hashed
    previous: Mapped[str] = mapped_column(String(64))  # the hash of the entry before
    hash: Mapped[str] = mapped_column(String(64))
