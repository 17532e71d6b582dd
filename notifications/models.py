"""Tables of notifications: the outbox of messages to people, and that of webhooks."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
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


class Subscription(Base):
    """A program that is told of events, at its URL and signed with its secret."""

    __tablename__ = "webhook_subscriptions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # Sealed: its path or query may let in whoever knows it.
    url: Mapped[str] = mapped_column(EncryptedText)
    name: Mapped[str] = mapped_column(String(80))
    events: Mapped[str] = mapped_column(String(1000))  # space-separated
    secret: Mapped[str] = mapped_column(EncryptedText)
    created_by: Mapped[str] = mapped_column(String(60))  # a user's id
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_why: Mapped[str | None] = mapped_column(String(20))
    # Since when nothing has arrived; None after each that has.
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up; it can be replayed


class Delivery(Base):
    """One event for one subscription, written in the transaction of its cause."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_due", "state", "next_at"),
        Index("ix_webhook_deliveries_listed", "subscription_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("webhook_subscriptions.id"))
    event: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(32), index=True)  # a report's id
    body: Mapped[str] = mapped_column(Text)  # as it is sent and signed; nothing of a person
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Somebody is sending it; when they died, others go on after this moment.
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]  # what the other side answered last
    problem: Mapped[str | None] = mapped_column(String(40))  # why there was no such answer
