"""Tables of published packs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime

LONGEST_REASON = 500


class PackVersion(Base):
    """The pack's changed files from `at` until the next version. Written once and never changed.

    `files` are the whole texts of every file that is otherwise than on the disk; `basis` are the
    texts that the disk had then, so that a change made there later is seen and not lost. `restored`
    is the version whose files these are again. The checksum covers all of it and the one before.
    """

    __tablename__ = "pack_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(String(60))  # a user's id, or `cli`
    reason: Mapped[str] = mapped_column(Text)
    files: Mapped[dict[str, Any]] = mapped_column(JSON)
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    restored: Mapped[int | None]
    checksum: Mapped[str] = mapped_column(String(64))


class PackDraft(Base):
    """What a user has changed and not published; `based_on` is the version they began with, `basis`
    the texts that the disk had for these files."""

    __tablename__ = "pack_drafts"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    based_on: Mapped[int]
    restores: Mapped[int | None]
    files: Mapped[dict[str, Any]] = mapped_column(JSON)
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
