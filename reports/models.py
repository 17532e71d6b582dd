"""Tables of field reports: reports with their recordings, words and updates."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reports.day_models import ReportCode as ReportCode  # tables of this package too
from reports.day_models import ReportDay as ReportDay
from reports.day_models import ReportDayMark as ReportDayMark
from reports.day_models import mark_days_of
from reports.desk_models import Presence as Presence
from reports.desk_models import SavedList as SavedList
from reports.desk_models import SeenReport as SeenReport
from reports.search_models import ReportSearch as ReportSearch
from reports.word_models import WordCheck as WordCheck
from storage.database import Base
from storage.types import EncryptedJson, EncryptedText, UtcDateTime


class ReportStatus(StrEnum):
    """How far a report has come. Callers hear the wording `status_<value>`."""

    NEW = "new"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING_CITIZEN = "waiting_citizen"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    DIVERTED = "diverted"


class TranscriptStatus(StrEnum):
    """`pending` until the worker is done; `failed` where no recogniser could read the sound."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Contact(StrEnum):
    """Where a reporter may be rung: at the number of the call, at another, or nowhere."""

    CALLER = "caller"
    OTHER = "other"
    NOBODY = "nobody"


class RecordingKind(StrEnum):
    """What a recording tells of its report."""

    STATEMENT = "statement"
    PLACE = "place"
    ADDITION = "addition"  # said after the report was filed


class Report(Base):
    """One field report. `partial`: the caller left, or fell silent, before confirming it."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("call_id", "call_position"),
        # A caller's own open reports are asked for at the start of every call.
        Index("ix_reports_caller", "caller_hash", "requested_at"),
        # What lists are filtered by, in the order in which they are shown: docs/database.md.
        *(
            Index(f"ix_reports_{name}_newest", name, "requested_at")
            for name in ("status", "category", "agency", "place", "officer")
        ),
        Index("ix_reports_status_due", "status", "expected_at"),
        Index("ix_reports_point", "latitude", "longitude"),
        Index("uq_reports_client_id", "client_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(9), unique=True)
    # Of the PIN together with the report's id; None for reports of earlier releases.
    pin_hash: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(16))
    category: Mapped[str | None] = mapped_column(String(40))
    partial: Mapped[bool]
    urgent: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str | None] = mapped_column(String(40))  # a unit, `edition:code`
    language: Mapped[str] = mapped_column(String(16), default="vi")
    # The journal position that filed it: one answer files one report, however often it comes.
    # No foreign key: calls belong to a package above this one.
    call_id: Mapped[str | None] = mapped_column(String(32), index=True)
    call_position: Mapped[int | None]
    # Finds a caller's own reports; an anonymous one's is wiped with that of the call.
    caller_hash: Mapped[str | None] = mapped_column(String(64))
    anonymous: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str] = mapped_column(String(10), default=Contact.CALLER)
    contact_number: Mapped[str | None] = mapped_column(EncryptedText)  # for `other`
    # Where SMS about it go; None where none can, or none may.
    text_number: Mapped[str | None] = mapped_column(EncryptedText)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    expected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when an answer is due
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # answered; it may be closed
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    # Counts every change: who changes a report says which version they have seen.
    version: Mapped[int] = mapped_column(default=1)

    agency: Mapped[str | None] = mapped_column(String(40))  # who handles it
    officer: Mapped[str | None] = mapped_column(String(32))  # a user's id
    # Of a duplicate. No foreign key: SQLite could only copy the whole table to add one.
    original_id: Mapped[str | None] = mapped_column(String(32), index=True)
    # Of a rejection, from the pack; of what is diverted, the wording that says where it belongs.
    reason: Mapped[str | None] = mapped_column(String(40))
    # Made by the sender's program: what is sent again is filed once.
    client_id: Mapped[str | None] = mapped_column(String(36))
    # Who sent it over the web, as far as they told: `name`, `email`.
    reporter: Mapped[dict[str, str] | None] = mapped_column(EncryptedJson)
    # In words typed or sent, where there are any; what was spoken lies with the recordings.
    description: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    # The deadline's clock: since when it runs, and since when it stands (a citizen is waited for).
    clock_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_from: Mapped[str | None] = mapped_column(String(20))  # the status to go back to
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # Since when the case stands here without the person: by law, on their demand.
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    recordings: Mapped[list["Recording"]] = relationship(
        back_populates="report", order_by="Recording.recorded_at, Recording.position"
    )
    updates: Mapped[list["Update"]] = relationship(order_by="Update.id")


mark_days_of(Report.__table__)


class Recording(Base):
    """A caller's own words as sound; the file `<name>.wav` lies in the recordings folder."""

    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("call_id", "position"),
        Index("uq_recordings_remote_id", "remote_id", unique=True),
        Index("ix_recordings_remote_due", "remote_kept", "fetch_at"),
    )

    name: Mapped[str] = mapped_column(String(60), primary_key=True)  # `<call>-<position>`
    call_id: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    report_id: Mapped[str | None] = mapped_column(ForeignKey("reports.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default=RecordingKind.STATEMENT)
    length_s: Mapped[float]
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    silent: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the caller took it back
    # The sound has been kept long enough; its words may be kept longer.
    sound_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Of one made at the telephone provider: its id there, whether it still lies there, and when
    # it is fetched or deleted next. Before it was fetched, `sha256` is empty.
    remote_id: Mapped[str | None] = mapped_column(String(64))
    remote_kept: Mapped[bool] = mapped_column(default=False)
    fetch_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetch_attempts: Mapped[int] = mapped_column(default=0)

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
    # Categories and urgency with the words that told of them: `reports.proposals.Proposal`.
    proposed: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)

    recording: Mapped[Recording] = relationship(back_populates="transcript")


class TranscriptCorrection(Base):
    """What a member of staff made of the words. The draft stays as the recogniser gave it."""

    __tablename__ = "transcript_corrections"
    __table_args__ = (UniqueConstraint("recording_name", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_name: Mapped[str] = mapped_column(ForeignKey("recordings.name"))
    number: Mapped[int]  # 1, 2, … of this recording; the last one holds
    by: Mapped[str] = mapped_column(String(60))  # a user's id
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    before: Mapped[str] = mapped_column(EncryptedText)
    after: Mapped[str] = mapped_column(EncryptedText)
    edits: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJson)  # of `corrections.Edit`


class UpdateKind(StrEnum):
    """What happened to a report."""

    STATUS = "status"
    REOPENED = "reopened"
    ADDITION = "addition"
    RATING = "rating"
    CONTINUED = "continued"  # completed by a later call of the same number
    WITHDRAWN = "withdrawn"  # the caller took it back before confirming it
    CHANGED = "changed"  # what it says or who handles it, not its status
    NOTE = "note"
    MERGED = "merged"  # a duplicate was joined to it
    SUPPORTED = "supported"  # "me too"
    REMINDED = "reminded"  # its deadline comes near
    ESCALATED = "escalated"  # its deadline has passed


class Update(Base):
    """Something that happened to a report, in order. `internal` ones are for staff alone."""

    __tablename__ = "updates"
    __table_args__ = (
        UniqueConstraint("call_id", "call_position"),
        Index("uq_updates_client_id", "client_id", unique=True),
        # Few are ratings; figures count those of many reports.
        Index(
            "ix_updates_rating",
            "report_id",
            "score",
            sqlite_where=text("kind = 'rating'"),
            postgresql_where=text("kind = 'rating'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(String(60))  # `caller`, `system`, or a user's id
    internal: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str | None] = mapped_column(String(20))  # the one that it brought
    wording_key: Mapped[str | None] = mapped_column(String(60))  # what callers hear of it
    text: Mapped[str | None] = mapped_column(Text)  # for the citizen, unless `internal`
    internal_text: Mapped[str | None] = mapped_column(Text)  # for staff alone
    reason: Mapped[str | None] = mapped_column(String(40))  # from the pack: rejected, handed back
    # What was corrected: field → [before, after]. Sealed: addresses and words are among them.
    changes: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    score: Mapped[int | None]  # of a rating: 1 to 5
    recording_name: Mapped[str | None] = mapped_column(ForeignKey("recordings.name"))
    # Of the report, that it brought; None for what citizens add, which is no change of it.
    version: Mapped[int | None]
    # Of what a caller did: the answer that caused it, so that it happens once.
    call_id: Mapped[str | None] = mapped_column(String(32))
    call_position: Mapped[int | None]
    # Of what they wrote: made by their browser, to the same end.
    client_id: Mapped[str | None] = mapped_column(String(36))


class Supporter(Base):
    """Somebody whom a report concerns too, and who is told when it is solved."""

    __tablename__ = "supporters"
    __table_args__ = (UniqueConstraint("report_id", "person_hash"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id"), index=True)
    # The keyed hash of the number, or of the browser that had none: once each.
    person_hash: Mapped[str] = mapped_column(String(64), index=True)
    number: Mapped[str | None] = mapped_column(EncryptedText)
    language: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attachment(Base):
    """A photo or document of a report; the file `<id>` lies in the attachments folder."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id"), index=True)
    update_id: Mapped[int | None] = mapped_column(ForeignKey("updates.id"), index=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    internal: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(String(60))  # `caller`, or a user's id
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LookupTry(Base):
    """Somebody tried a reference or a PIN. Kept for a day, to count wrong ones."""

    __tablename__ = "lookup_tries"
    __table_args__ = (
        Index("ix_lookup_tries_asker", "asker", "at"),
        Index("ix_lookup_tries_report", "report_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The keyed hash of the caller's number, or `withheld`: those share one allowance.
    asker: Mapped[str] = mapped_column(String(64))
    call_id: Mapped[str] = mapped_column(String(32), index=True)
    report_id: Mapped[str | None] = mapped_column(ForeignKey("reports.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ok: Mapped[bool]


class CallbackKind(StrEnum):
    """Why we ring somebody."""

    CALLBACK = "callback"  # promised to who could not wait for a person
    SURVEY = "survey"  # is it solved?


class CallbackState(StrEnum):
    WAITING = "waiting"
    RINGING = "ringing"  # handed to the telephone side, talked to included
    REACHED = "reached"
    GIVEN_UP = "given_up"
    BY_HAND = "by_hand"  # a number that the hotline does not ring by itself: staff look at it


class Callback(Base):
    """A call that we owe somebody, in the order of `queued_since` within its kind."""

    __tablename__ = "callbacks"
    __table_args__ = (
        UniqueConstraint("call_id", "call_position"),
        Index("ix_callbacks_due", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str | None] = mapped_column(EncryptedText)  # None once it was wiped
    number_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(16))
    report_id: Mapped[str | None] = mapped_column(ForeignKey("reports.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(String(32))  # that asked for it
    call_position: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Before `asked_at` by what the caller had waited in the queue: the place there is kept.
    queued_since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # not to be rung before
    tries: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))
    rung_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Alarm(Base):
    """Somebody may be in danger; open until a member of staff has seen it."""

    __tablename__ = "alarms"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    call_id: Mapped[str] = mapped_column(String(32), unique=True)  # one alarm a call is enough
    report_id: Mapped[str | None] = mapped_column(ForeignKey("reports.id"), index=True)
    danger: Mapped[str | None] = mapped_column(String(16))  # None: the caller did not say which
    source: Mapped[str] = mapped_column(String(10))  # `key` or `words`
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a mistake, says the caller
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    seen_by: Mapped[str | None] = mapped_column(String(60))
