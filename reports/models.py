"""Tables of field reports: reports, recordings, transcripts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.database import Base
from storage.types import UtcDateTime


class ReportStatus(StrEnum):
    """The states that this release reaches; the lifecycle adds the others."""

    NEW = "new"


class TranscriptStatus(StrEnum):
    """`pending` until the worker is done; `failed` where no recogniser could read the sound."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Report(Base):
    """One field report. `partial`: the caller left, or fell silent, before confirming it."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("call_id", "call_position"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(9), unique=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    source: Mapped[str] = mapped_column(String(16))
    category: Mapped[str | None] = mapped_column(String(40), index=True)
    partial: Mapped[bool]
    # The journal position that filed it: one answer files one report, however often it comes.
    # No foreign key: calls belong to a package above this one.
    call_id: Mapped[str | None] = mapped_column(String(32), index=True)
    call_position: Mapped[int | None]
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    recordings: Mapped[list["Recording"]] = relationship(
        back_populates="report", order_by="Recording.position"
    )


class Recording(Base):
    """A caller's own words as sound; the file `<name>.wav` lies in the recordings folder."""

    __tablename__ = "recordings"
    __table_args__ = (UniqueConstraint("call_id", "position"),)

    name: Mapped[str] = mapped_column(String(60), primary_key=True)  # `<call>-<position>`
    call_id: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    report_id: Mapped[str | None] = mapped_column(ForeignKey("reports.id"), index=True)
    length_s: Mapped[float]
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    silent: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the caller took it back

    report: Mapped[Report | None] = relationship(back_populates="recordings")
    transcript: Mapped["Transcript | None"] = relationship(back_populates="recording")


class Transcript(Base):
    """What a recogniser made of a recording: a draft, never the record."""

    __tablename__ = "transcripts"

    recording_name: Mapped[str] = mapped_column(ForeignKey("recordings.name"), primary_key=True)
    status: Mapped[str] = mapped_column(String(16), index=True)
    draft: Mapped[bool] = mapped_column(default=True)  # until a person has read it
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float | None]
    segments: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    engine: Mapped[str | None] = mapped_column(String(40))
    model: Mapped[str | None] = mapped_column(String(80))
    took_s: Mapped[float | None]
    attempts: Mapped[int] = mapped_column(default=0)
    # Why there are no words: the error's class name, for staff. Never the words themselves.
    problem: Mapped[str | None] = mapped_column(String(80))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    recording: Mapped[Recording] = relationship(back_populates="transcript")
