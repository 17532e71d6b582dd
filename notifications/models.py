"""Tables of notifications: the outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import EncryptedJson, EncryptedText, UtcDateTime


class MessageStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"  # whom it was for wants to be nobody


class Message(Base):
    """One SMS to send, written in the transaction of its cause and sent by a job."""

    __tablename__ = "messages"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # The same cause gives the same key, so nobody is told twice: `received:<report id>`.
    idempotency_key: Mapped[str] = mapped_column(String(100), unique=True)
    to_number: Mapped[str | None] = mapped_column(EncryptedText)  # None once it was wiped
    text_key: Mapped[str] = mapped_column(String(60))
    # Sealed: a PIN is among them until the message is sent.
    text_values: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    language: Mapped[str] = mapped_column(String(16))
    report_id: Mapped[str | None] = mapped_column(String(32), index=True)
    # The call whose caller it is for; None for what goes to staff.
    call_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(16), index=True)
    provider: Mapped[str | None] = mapped_column(String(20))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
