"""Tables of SMS that people send us, and of their parts while some are missing."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import EncryptedText, UtcDateTime


class IncomingStatus(StrEnum):
    WAITING = "waiting"  # stored; the job has not looked at it yet
    HANDLED = "handled"
    FOR_STAFF = "for_staff"  # no rule could settle it


class IncomingMessage(Base):
    """One SMS as it came, and what became of it. What it says and from whom lies sealed."""

    __tablename__ = "incoming_messages"
    __table_args__ = (
        # Providers deliver again what we did not confirm in time.
        UniqueConstraint("provider", "provider_id", name="uq_incoming_messages_provider"),
        Index("ix_incoming_messages_status", "status", "received_at"),
        Index("ix_incoming_messages_person", "person_hash", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str] = mapped_column(String(100))
    # None where the sender is no telephone (a bank's name, a short code), or was wiped.
    from_number: Mapped[str | None] = mapped_column(EncryptedText)
    person_hash: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(EncryptedText)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(12))
    rule: Mapped[str | None] = mapped_column(String(30))  # which rule of reports.inbound decided
    report_id: Mapped[str | None] = mapped_column(String(32), index=True)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forgotten: Mapped[bool] = mapped_column(default=False)  # sender and text were wiped


class IncomingPart(Base):
    """A part of a long SMS. Once joined it only tells that this part is known."""

    __tablename__ = "incoming_parts"
    __table_args__ = (Index("ix_incoming_parts_waiting", "joined", "received_at"),)

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    sender_hash: Mapped[str] = mapped_column(String(64), index=True)
    sender: Mapped[str] = mapped_column(EncryptedText)
    reference: Mapped[int]  # the sender's telephone gives all parts of one SMS the same
    total: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(EncryptedText)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    joined: Mapped[bool] = mapped_column(default=False)
