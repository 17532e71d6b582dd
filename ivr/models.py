"""Tables of the conversation: calls and their journals."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.prompt_models import EditionTake as EditionTake
from ivr.prompt_models import PromptEdition as PromptEdition
from ivr.prompt_models import PromptTake as PromptTake
from ivr.summary_models import CallDay as CallDay  # tables of this package too
from ivr.summary_models import CallStep as CallStep
from ivr.summary_models import CallSummary as CallSummary
from storage.database import Base
from storage.types import EncryptedJson, EncryptedText, UtcDateTime


class CallStatus(StrEnum):
    """Twilio's words, as far as an incoming call needs them."""

    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    FAILED = "failed"  # our software, not the caller, ended the conversation


class Call(Base):
    """One telephone call, from answer to hangup."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("driver", "driver_call_id"),
        # How often a number called lately is asked at the start of every call.
        Index("ix_calls_caller", "caller_hash", "started_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    driver: Mapped[str] = mapped_column(String(16))
    driver_call_id: Mapped[str] = mapped_column(String(150))  # Asterisk's UNIQUEID
    # The SIP Call-ID: what a carrier asks for when a call is to be traced.
    carrier_call_id: Mapped[str | None] = mapped_column(String(200), index=True)
    # E.164; None where the caller withholds it. The hash finds a caller's other calls.
    caller_number: Mapped[str | None] = mapped_column(EncryptedText)
    caller_hash: Mapped[str | None] = mapped_column(String(64))
    called_number: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(16))
    flow: Mapped[str] = mapped_column(String(60))
    flow_version: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(16), index=True)
    recording_declined: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    # Until then an anonymous caller's hash is kept, so that a dropped line can go on.
    hash_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    # The journal position from which the flow of rescued calls speaks, where ours failed.
    rescued_from: Mapped[int | None]
    # The visit (`<server>-<number>`) that carries the call; only it may advance the call.
    holder: Mapped[str | None] = mapped_column(String(60))
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    advanced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the telephone provider is to be asked how the call stands there, and for recordings of
    # which we were not told; None where nothing is left to ask.
    settle_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class JournalEntry(Base):
    """One result of a call, in order. Its key makes a second answer to one turn impossible."""

    __tablename__ = "journal_entries"

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(80))
    # Sealed: keyed-in numbers and PINs are among the results.
    result: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ShortRecording(Base):
    """An answer in words, recorded at the telephone provider only to be heard: it is filed nowhere,
    and deleted there."""

    __tablename__ = "short_recordings"

    remote_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Once it was deleted, it is deleted again a day later: the provider may have been behind.
    forgotten: Mapped[bool] = mapped_column(default=False)
    forget_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Block(Base):
    """A number that is not served in full for a while, by staff or for calling too often."""

    __tablename__ = "blocks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    caller_hash: Mapped[str] = mapped_column(String(64), index=True)
    level: Mapped[str] = mapped_column(String(16))  # `record_only` or `blocked`
    reason: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(60))  # a user's id, or `system`
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    # The report in which the caller objects to it.
    appeal_report_id: Mapped[str | None] = mapped_column(String(32))
    appealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(String(60))


class Connection(Base):
    """Seconds of a day's outgoing minutes that were set aside to connect one caller."""

    __tablename__ = "connections"
    __table_args__ = (UniqueConstraint("call_id", "call_position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"))
    call_position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))  # an emergency number, nobody's own
    on: Mapped[date] = mapped_column("on_day", index=True)  # of the province's calendar
    reserved_s: Mapped[int]
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgiServerRow(Base):
    """A conversation server that is alive, by its last sign of life."""

    __tablename__ = "agi_servers"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
