"""Tables of rounds: who is asked by telephone, what for, and what they answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Double, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import EncryptedText, UtcDateTime


class QuestionState(StrEnum):
    WAITING = "waiting"
    CALLING = "calling"
    ANSWERED = "answered"
    REFUSED = "refused"  # they have no figure, or want to give none
    UNREACHED = "unreached"  # tried as often as is done
    FAILED = "failed"  # it could not be tried


class Respondent(Base):
    """An officer who answers for a unit. The number is sealed, as citizens' are."""

    __tablename__ = "respondents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    unit_key: Mapped[str | None] = mapped_column(String(40), index=True)  # None: the province
    number: Mapped[str] = mapped_column(EncryptedText)
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(16))
    active: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Round(Base):
    """One asking of an indicator's question, of all who answer for its units."""

    __tablename__ = "rounds"
    __table_args__ = (Index("ix_rounds_open", "closed_at", "due_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(80))
    asked_by: Mapped[str] = mapped_column(String(60))  # a user's id, or `system`
    phenomenon_at: Mapped[datetime] = mapped_column(UtcDateTime)  # of which moment it asks
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # nobody is rung up later
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoundQuestion(Base):
    """One respondent's part of a round."""

    __tablename__ = "round_questions"
    __table_args__ = (
        UniqueConstraint("round_id", "respondent_id"),
        Index("ix_round_questions_due", "state", "next_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    unit_key: Mapped[str | None] = mapped_column(String(40))
    respondent_id: Mapped[str] = mapped_column(ForeignKey("respondents.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # No foreign key: calls belong to a package above this one.
    call_id: Mapped[str | None] = mapped_column(String(32), index=True)
    value: Mapped[float | None] = mapped_column(Double)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
