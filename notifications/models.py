"""Tables of notifications: the outbox of messages to people, and that of webhooks."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from notifications.inbox_models import IncomingMessage as IncomingMessage  # of this package too
from notifications.inbox_models import IncomingPart as IncomingPart
from storage.database import Base
from storage.types import EncryptedJson, EncryptedText, UtcDateTime


class MessageStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # handed to the provider; what it made of it is not known yet
    SENT = "sent"  # the provider has it
    DELIVERED = "delivered"  # it is on the telephone, says the provider
    UNDELIVERED = "undelivered"  # it never got there, says the provider
    FAILED = "failed"  # the provider refused it, or it was given up
    CANCELLED = "cancelled"  # whom it was for wants to be nobody, or wants no SMS


class Message(Base):
    """One SMS, written in the transaction of its cause; `notifications.sending` sends it."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "status", "lane", "queued_at", "id"),
        Index("ix_messages_of_number", "number_hash", "status"),
    )

    # Begins with the moment at which it was written, so that ids sort as messages came.
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # The same cause gives the same key, so nobody is told twice: `received:<report id>`.
    idempotency_key: Mapped[str] = mapped_column(String(100), unique=True)
    to_number: Mapped[str | None] = mapped_column(EncryptedText)  # None once it was wiped
    # Keeps one person's messages in order; goes with the number.
    number_hash: Mapped[str | None] = mapped_column(String(64))
    text_key: Mapped[str] = mapped_column(String(60))
    # Sealed: a PIN is among them until the message is sent.
    text_values: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    language: Mapped[str] = mapped_column(String(16))
    report_id: Mapped[str | None] = mapped_column(String(32), index=True)
    # The call whose caller it is for; None for what goes to staff.
    call_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(16), index=True)
    lane: Mapped[int] = mapped_column(default=1, server_default="1")  # of `kinds.Lane`
    provider: Mapped[str | None] = mapped_column(String(20))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # not before; None: at once
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    attempted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What was sent, to know it again at the provider; the words themselves are not kept.
    body_hash: Mapped[str | None] = mapped_column(String(64))
    parts: Mapped[int | None]
    # How often it was sent again although the time before may have arrived: nobody could tell.
    doubts: Mapped[int] = mapped_column(default=0, server_default="0")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(60))  # a code, never words of the provider


class PartState(StrEnum):
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


class MessagePart(Base):
    """What a provider knows under one id: a message, or a part of it. Receipts speak of these.

    A receipt may be quicker than the answer that tells the id: its part has no message yet.
    """

    __tablename__ = "message_parts"

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    message_id: Mapped[str | None] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MessageSender(Base):
    """Who sends over a provider at the moment, and since when that fails."""

    __tablename__ = "message_senders"

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(80))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # staff, of this failure
    problem: Mapped[str | None] = mapped_column(String(60))


class SmsOptOut(Base):
    """Somebody who wants no SMS; only the keyed hash of their number is kept."""

    __tablename__ = "sms_opt_outs"

    number_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(20))  # `sms`, `provider`, `staff`


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
