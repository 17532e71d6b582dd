"""What the API says, as its clients rely on it. Moments are ISO 8601 in UTC, ending in Z."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainSerializer

from reports.models import Contact, RecordingKind


def iso(moment: datetime) -> str:
    """The moment as every answer has it: in UTC, to the millisecond."""
    # Always as long: clients may sort the texts.
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Names = dict[str, str]
"""Language tag → text."""
Moment = Annotated[datetime, PlainSerializer(iso, return_type=str, when_used="json")]


class Category(BaseModel):
    """A category, or a group of them, of the province."""

    code: str
    name: str = Field(description="in Vietnamese; the code where the province no longer has it")
    name_en: str | None


class Caller(BaseModel):
    number_masked: str | None = Field(
        description="null where the number is withheld", examples=["+84•••••5678"]
    )


class Recording(BaseModel):
    name: str
    length_s: float
    size_bytes: int
    sha256: str
    silent: bool = Field(description="nothing audible is in it")
    kind: RecordingKind
    text: str | None = Field(description="draft words, once there are any")
    url: str


class Segment(BaseModel):
    start_s: float
    end_s: float
    text: str
    confidence: float | None = None


class ProposedCategory(BaseModel):
    category: Category
    score: float = Field(description="0 to 1: how sure")
    words: list[str] = Field(description="that told of it")


class Proposal(BaseModel):
    """What the words seem to be about. Nothing follows from it until somebody decides."""

    categories: list[ProposedCategory] = Field(description="the likeliest first")
    urgent: bool
    urgent_words: list[str]
    danger: str | None = Field(description="as in `alarm`")
    danger_words: str


class Transcript(BaseModel):
    """What a recogniser made of the newest statement or addition: a draft, never the record."""

    status: Literal["pending", "done", "failed", "none"] = Field(
        description="`none`: there is no recording to be put into words"
    )
    text: str | None = None
    confidence: float | None = Field(default=None, description="0 to 1; below 0.7 is doubtful")
    segments: list[Segment] | None = None
    engine: str | None = None
    model: str | None = None
    language: str | None = None
    took_s: float | None = None
    draft: bool = Field(default=True, description="true until a person has read it")
    problem: str | None = Field(default=None, description="why there are no words")
    proposal: Proposal | None = Field(
        default=None, description="made from the draft; null where there was none"
    )


class Message(BaseModel):
    """An SMS about the report; its number and words are not told here."""

    text_key: str
    status: str


class Place(BaseModel):
    """An administrative unit."""

    unit: str = Field(description="edition and code", examples=["2025:31825"])
    name: str | None = Field(description="null where the province no longer has it")


class Position(BaseModel):
    """A point, WGS 84."""

    latitude: float
    longitude: float


class Change(BaseModel):
    before: Any
    after: Any


class Attachment(BaseModel):
    """A photo or document of a report."""

    id: str
    media_type: str = Field(examples=["image/jpeg"])
    size_bytes: int
    sha256: str
    internal: bool = Field(description="for staff alone")
    by: str = Field(description="`caller`, or a user's id")
    at: Moment
    url: str


class Update(BaseModel):
    """Something that happened to the report, in order."""

    id: int
    version: int | None = Field(description="of the report, that it brought; null: no change of it")
    kind: str
    at: Moment
    author: str = Field(description="`caller`, `system`, or a user's id")
    internal: bool = Field(description="for staff alone")
    status: str | None
    score: int | None = Field(description="of a rating: 1 (not solved) to 5 (wholly)")
    recording: str | None
    text: str | None = Field(description="what the citizen was told or said")
    internal_text: str | None = Field(description="for staff alone")
    reason: str | None = Field(description="GET /reasons tells what it means")
    changes: dict[str, Change] | None = Field(description="by the name of the field")


class Alarm(BaseModel):
    """Somebody may be in danger."""

    danger: str | None
    source: Literal["key", "words"]
    raised_at: Moment
    withdrawn_at: Moment | None = Field(description="the caller said that it was a mistake")
    seen_at: Moment | None


class Report(BaseModel):
    """One field report."""

    reference: str = Field(examples=["482173908"])
    spoken_reference: str = Field(examples=["482-173-908"])
    status: str
    source: str
    partial: bool = Field(description="the caller left, or fell silent, before confirming it")
    category: Category | None
    urgent: bool = Field(description="somebody may be in danger")
    place: Place | None
    language: str
    anonymous: bool = Field(description="the caller had their number wiped")
    contact: Contact = Field(
        description="where the reporter may be rung: at the call's number, another one, nowhere"
    )
    contact_number_masked: str | None = Field(description="of `other`")
    requested_at: Moment
    updated_at: Moment
    expected_at: Moment | None = Field(description="when an answer is due, if one is promised")
    closed_at: Moment | None
    call_id: str | None
    caller: Caller
    version: int = Field(description="counts changes; the ETag begins with it")
    agency: str | None = Field(description="who handles it: GET /agencies")
    officer: str | None = Field(description="id of the user who works on it")
    original: str | None = Field(description="of a duplicate: the other's reference")
    reason: str | None = Field(description="of a rejection or a diversion: GET /reasons")
    description: str | None = Field(description="in words typed or sent, where there are any")
    address: str | None
    position: Position | None
    recordings: list[Recording]
    transcript: Transcript
    attachments: list[Attachment]
    messages: list[Message]
    updates: list[Update]
    alarm: Alarm | None


class ReportPage(BaseModel):
    reports: list[Report]
    next_before: str | None = Field(description="`before` of the next page; null on the last")


class JournalEntry(BaseModel):
    """One answer of a call, in order."""

    position: int
    step: str = Field(examples=["Gather:category"])
    wording_key: str = Field(description="names the prompt that asked", examples=["category"])
    result: dict[str, Any] = Field(
        description="what came back; digits that are a secret or somebody's number are hidden",
        examples=[{"type": "digits", "value": "2"}],
    )
    after_s: float = Field(description="seconds since the call began")


class CallSummary(BaseModel):
    """One telephone call."""

    id: str
    status: str
    driver: str
    driver_call_id: str
    carrier_call_id: str | None
    caller: Caller
    called_number: str
    language: str
    flow: str
    flow_version: int
    recording_declined: bool
    anonymous: bool = Field(description="the caller had their number wiped")
    started_at: Moment
    ended_at: Moment | None
    reports: list[str] = Field(description="references of the reports that it led to")


class Call(CallSummary):
    journal: list[JournalEntry]


class CallPage(BaseModel):
    calls: list[CallSummary]
    next_before: str | None = Field(description="`before` of the next page; null on the last")


class PageQuery(BaseModel):
    limit: int = Field(default=20, ge=1, le=100)
    before: str | None = Field(
        default=None, max_length=100, description="a next_before of an earlier page"
    )


class CallQuery(PageQuery):
    driver_call_id: str | None = Field(default=None, max_length=150)
    carrier_call_id: str | None = Field(
        default=None, max_length=200, description="the SIP Call-ID, as a carrier tells it"
    )


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    instance: str = Field(description="the occurrence; the server's log has it too")
    detail: str | None = None
    errors: list[dict[str, str]] | None = None
