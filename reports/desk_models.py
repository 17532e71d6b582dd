"""Tables of who works with reports: the lists that they keep, what they have seen, and what they
look at now."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class SavedList(Base):
    """Filters that a user comes back to, as the address of the list has them."""

    __tablename__ = "saved_lists"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(1000))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SeenReport(Base):
    """Up to which version a user has seen a report."""

    __tablename__ = "seen_reports"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id"), primary_key=True, index=True)
    version: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Presence(Base):
    """Somebody has a report open, in one page of their browser or in several. It warns colleagues
    and keeps nobody out."""

    __tablename__ = "presences"

    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    page: Mapped[str] = mapped_column(String(32), primary_key=True)  # made up by the page
    editing: Mapped[bool]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
