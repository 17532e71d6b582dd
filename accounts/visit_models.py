"""Tables of signing in: visits, second factors, and tries that failed."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import EncryptedJson, EncryptedText, UtcDateTime


class Visit(Base):
    """Somebody is signed in to the console in one browser, until it ends or twelve hours pass.

    On a screen on the wall (`wall`) it lasts ninety days, and opens the wallboard alone.
    """

    __tablename__ = "visits"
    __table_args__ = (Index("ix_visits_user", "user_id", "began_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    browser: Mapped[str] = mapped_column(String(60))  # "Firefox, Linux": to tell visits apart
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wall: Mapped[bool] = mapped_column(default=False, server_default=false())


class SecondFactor(Base):
    """What a user's authenticator program shares with us, and the codes for when it is lost."""

    __tablename__ = "second_factors"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(EncryptedText)
    codes: Mapped[list[str] | None] = mapped_column(EncryptedJson)
    # Of the last code that was taken: each is good for once.
    last_counter: Mapped[int | None] = mapped_column(BigInteger)


class SignInTry(Base):
    """A wrong password or code. Kept for a day, to count them."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index("ix_sign_in_tries_address", "address_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The keyed hash of the address that was typed, whether or not somebody has it.
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
