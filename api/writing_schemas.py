"""What programs say when they file and change reports, and what they are answered."""

from typing import Literal

from pydantic import BaseModel, Field

from api.fields import Address, AgencyId, Body, CategoryCode, Line, Position, Reference, Unit, Words
from api.schemas import Attachment, Moment, Update
from reports.corrections import MOST_CHARACTERS

Status = Literal[
    "new",
    "triaged",
    "assigned",
    "in_progress",
    "waiting_citizen",
    "reopened",
    "resolved",
    "closed",
    "rejected",
    "diverted",
]


class NewReport(Body):
    """A report in writing. Whoever sends it again under the same `client_id` files it once."""

    description: Words = Field(examples=["Đèn đường trước chợ hư ba ngày rồi"])
    category: CategoryCode | None = None
    place: Unit | None = None
    address: Address | None = Field(default=None, examples=["Trước cổng chợ"])
    position: Position | None = None
    number: str | None = Field(
        default=None,
        max_length=30,
        pattern=r"^[+0-9][0-9 .()-]*$",
        description="where the reporter may be rung; a mobile number gets reference and PIN by SMS",
        examples=["0912 345 678"],
    )
    name: Line | None = Field(default=None, description="of the reporter; sealed, for staff alone")
    language: Literal["vi", "en"] = "vi"
    client_id: str | None = Field(
        default=None,
        min_length=8,
        max_length=36,
        pattern=r"^[A-Za-z0-9-]+$",
        description="made by you, once for a report; other users' ids are none of yours",
    )


class FiledReport(BaseModel):
    """How the reporter follows it. The PIN is told here and by SMS, never again."""

    reference: str = Field(examples=["482173905"])
    spoken_reference: str = Field(examples=["482-173-905"])
    pin: str = Field(examples=["4711"])


class ReportChange(Body):
    """What shall become of a report; what is left out, or null, stays."""

    status: Status | None = None
    category: CategoryCode | None = None
    place: Unit | None = None
    urgent: bool | None = None
    description: Words | None = None
    address: Address | None = None
    position: Position | None = None
    agency: AgencyId | None = Field(default=None, description="goes with the status `assigned`")
    officer: str | None = Field(
        default=None,
        max_length=32,
        pattern=r"^[0-9a-f]*$",
        description="id of the user who works on it; an empty text: nobody",
    )
    reason: str | None = Field(
        default=None,
        max_length=40,
        pattern=r"^[a-z0-9_]+$",
        description="of a rejection, a diversion or what is handed back: GET /reasons",
    )
    text: Words | None = Field(default=None, description="what the citizen is told")
    internal_text: Words | None = Field(default=None, description="for staff alone")


class NewUpdate(Body):
    """A note, or something that the citizen is told; at least one of them."""

    text: Words | None = Field(default=None, description="what the citizen is told")
    internal_text: Words | None = Field(default=None, description="for staff alone")


class Assignment(Body):
    agency: AgencyId
    officer: str | None = Field(default=None, max_length=32, pattern=r"^[0-9a-f]*$")
    text: Words | None = Field(default=None, description="what the citizen is told")
    internal_text: Words | None = Field(default=None, description="for staff alone")


class DuplicateOf(Body):
    original: Reference
    internal_text: Words | None = Field(default=None, description="for staff alone")


class UpdateList(BaseModel):
    version: int = Field(description="of the report")
    updates: list[Update]


class ContactDetails(BaseModel):
    """Whole numbers. This look is in the audit log."""

    number: str | None = Field(description="null: nobody may ring them, or nobody knows it")
    name: str | None
    email: str | None


class AttachmentList(BaseModel):
    attachments: list[Attachment]


class WordsEdit(BaseModel):
    kind: Literal["replaced", "added", "left_out"]
    at: int = Field(description="words from the beginning of the text before")
    before: list[str]
    after: list[str]


class WordsCorrection(BaseModel):
    number: int
    by: str
    at: Moment
    before: str
    after: str
    edits: list[WordsEdit]


class RecordingWords(BaseModel):
    """The words of a recording: the recogniser's draft, and what people made of it."""

    recording: str
    status: Literal["pending", "done", "failed", "none"]
    text: str | None = Field(description="what holds: the last correction, else the draft")
    draft_text: str | None
    draft: bool = Field(description="true until a person has read it")
    corrections: list[WordsCorrection]


class NewWords(Body):
    """`before` is what you saw: where somebody was quicker, nothing is overwritten."""

    before: str = Field(max_length=100_000, pattern=r"^[^\u0000]*$")
    after: str = Field(max_length=MOST_CHARACTERS, pattern=r"^[^\u0000]*$")


class CandidateReason(BaseModel):
    why: str = Field(examples=["near"])
    score: float
    value: str | None = Field(
        description="metres for `near`, hours for `time`, the words in common for `words` "
        "(with the scope words.read)"
    )


class Candidate(BaseModel):
    """A report that may tell of the same matter. Staff decide."""

    reference: str
    score: float = Field(description="of all reasons together, 0 to 1")
    reasons: list[CandidateReason]


class CandidateList(BaseModel):
    candidates: list[Candidate]
