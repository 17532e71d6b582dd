"""Tables of recorded prompts: what was recorded, and which of it callers hear since when."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class PromptTake(Base):
    """A recording of one sound. Its files are never changed: another recording is another take."""

    __tablename__ = "prompt_takes"
    __table_args__ = (Index("ix_prompt_takes_prompt", "language", "name", "taken_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(16))
    slow: Mapped[bool]
    name: Mapped[str] = mapped_column(String(80))
    # What was to be read; callers hear it as long as these are the words.
    words: Mapped[str] = mapped_column(String(2000))
    length_s: Mapped[float]
    remarks: Mapped[list[str]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))  # of the finished sound
    master_sha256: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column("taken_by", String(60))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PromptEdition(Base):
    """All recordings of a language that calls hear which begin from `published_at` on."""

    __tablename__ = "prompt_editions"
    __table_args__ = (UniqueConstraint("language", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]  # from 1 on in each language
    restores: Mapped[int | None]  # the number whose recordings it brings back
    by: Mapped[str] = mapped_column("published_by", String(60))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EditionTake(Base):
    """That a recording belongs to an edition."""

    __tablename__ = "prompt_edition_takes"

    edition_id: Mapped[int] = mapped_column(ForeignKey("prompt_editions.id"), primary_key=True)
    take_id: Mapped[str] = mapped_column(
        ForeignKey("prompt_takes.id"), primary_key=True, index=True
    )
