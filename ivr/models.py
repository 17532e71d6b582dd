"""Tables of the conversation: calls and their journals."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import EncryptedText, UtcDateTime


class CallStatus(StrEnum):
    """Twilio's words, as far as an incoming call needs them."""

    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    FAILED = "failed"  # our software, not the caller, ended the conversation


class Call(Base):
    """One telephone call, from answer to hangup."""

    __tablename__ = "calls"
    __table_args__ = (UniqueConstraint("driver", "driver_call_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    driver: Mapped[str] = mapped_column(String(16))
    driver_call_id: Mapped[str] = mapped_column(String(150))  # Asterisk's UNIQUEID
    # The SIP Call-ID: what a carrier asks for when a call is to be traced.
    carrier_call_id: Mapped[str | None] = mapped_column(String(200), index=True)
    # E.164; None where the caller withholds it. The hash finds a caller's other calls.
    caller_number: Mapped[str | None] = mapped_column(EncryptedText)
    caller_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    called_number: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(16))
    flow: Mapped[str] = mapped_column(String(60))
    flow_version: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(16), index=True)
    recording_declined: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    advanced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JournalEntry(Base):
    """One result of a call, in order. Its key makes a second answer to one turn impossible."""

    __tablename__ = "journal_entries"

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(80))
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
