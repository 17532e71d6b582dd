"""How right a recogniser was, in numbers alone."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class WordCheck(Base):
    """A recording whose draft somebody has read: how many words it has, how many were wrong.

    Of several readings the last one holds. It stays when the words go.
    """

    __tablename__ = "word_checks"

    recording_name: Mapped[str] = mapped_column(String(60), primary_key=True)
    report_id: Mapped[str | None] = mapped_column(String(32), index=True)
    model: Mapped[str | None] = mapped_column(String(80))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[int]  # as the person left them
    wrong: Mapped[int]  # left out, put in or replaced, of the draft
