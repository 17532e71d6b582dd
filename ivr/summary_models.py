"""Tables of what calls came to: docs/decisions/0032. Nothing in them tells who called."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import UtcDateTime


class Outcome(StrEnum):
    """What a call came to: the first that holds. The order is kept in the database."""

    PERSON = "person"  # talked to a person, at the hotline or at an emergency number
    CALLBACK = "callback"  # was promised to be rung back
    REPORT = "report"  # filed a report, or left a message, to the end
    ANSWER = "answer"  # heard how a report stands, added to one, or heard information
    PARTIAL = "partial"  # left in the middle of a report; what there was is filed
    FAILED = "failed"  # our software ended the conversation
    NOTHING = "nothing"  # left without any of it


CONTAINED = (Outcome.REPORT, Outcome.ANSWER)
"""The caller got what they called for, and no person was needed."""


class CallSummary(Base):
    """A call that has ended, from its journal. It stays when the journal goes."""

    __tablename__ = "call_summaries"
    __table_args__ = (Index("ix_call_summaries_day_started", "day", "started_at"),)

    call_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    day: Mapped[str] = mapped_column(String(10))  # of the province's calendar: `2026-11-22`
    hour: Mapped[int]  # of its clock, 0 to 23
    outgoing: Mapped[bool]  # we rang
    outcome: Mapped[str] = mapped_column(String(10))
    # The step at which the caller hung up; None where the conversation came to its end.
    left_at: Mapped[str | None] = mapped_column(String(80))
    stages: Mapped[int]  # bits of `ivr.stages`: how far the call came
    queued: Mapped[bool]  # waited for a person
    answered: Mapped[bool]  # a person of the hotline took the call
    waited_s: Mapped[int]
    talked_s: Mapped[int]
    length_s: Mapped[int]


class CallDay(Base):
    """The tallies of all calls of one local day that have a summary: `ivr.call_tally`."""

    __tablename__ = "call_days"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    tallies: Mapped[bytes] = mapped_column(LargeBinary)


class CallStep(Base):
    """A step at which callers hung up, as tallies have it. Numbers begin with 1."""

    __tablename__ = "call_steps"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(80), unique=True)
