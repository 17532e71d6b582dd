"""A report as its own page shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from console.places import FindPlaces, place_name, place_of, unit_label
from console.reports.rows import category_name, words_state
from console.reports.words import Word, corrected_words, spoken_words, with_proposals
from console.wording import has_wording, words
from ivr.models import Call
from provinces.schema import Province
from reports.corrections import best_words
from reports.duplicates import Candidate, duplicate_candidates
from reports.models import (
    Attachment,
    Contact,
    Recording,
    RecordingKind,
    Report,
    Update,
)
from reports.proposals import Propose
from reports.reference import spoken_reference
from reports.routing import agency_name

_WHO = {"caller": "who_caller", "citizen": "who_caller", "system": "who_system"}
_FLAGS = {True: "yes", False: "no"}


@dataclass(frozen=True)
class Heard:
    """A recording with its words: `text` is what holds, `words` the same one by one."""

    name: str
    number: int
    kind: RecordingKind
    length_s: int
    silent: bool
    gone: bool
    state: str  # a wording key
    text: str | None
    words: Sequence[Word]
    correctable: bool


@dataclass(frozen=True)
class Proposed:
    """Something the words propose, with the words that did; `field` and `value` to accept it."""

    field: str
    value: str
    name: str
    score: int | None  # per cent
    words: str


@dataclass(frozen=True)
class Happened:
    """One line of the report's history."""

    id: int
    at: datetime
    kind: str
    who: str
    internal: bool
    status: str | None
    text: str | None
    internal_text: str | None
    reason: str | None
    changes: Sequence[tuple[str, str, str]]
    score: int | None


@dataclass(frozen=True)
class View:
    """How a report is to be shown: to whom, in which language."""

    province: Province
    user: User
    language: str

    @property
    def with_words(self) -> bool:
        """Whether people's own words may be read."""
        return Permission.WORDS_READ in permissions_of(self.user.role)


def heard_of(session: Session, report: Report, view: View) -> list[Heard]:
    """The recordings that the caller did not take back, in order."""
    kept = [each for each in report.recordings if each.discarded_at is None]
    return [_heard(session, each, number, view) for number, each in enumerate(kept, start=1)]


def with_told(heard: Sequence[Heard], proposals: Sequence[Proposed]) -> list[Heard]:
    """The same; their words know which of the proposals were made from them."""
    told = [one.words for one in proposals]
    return [replace(each, words=with_proposals(each.words, told)) for each in heard]


def proposals_of(
    report: Report, view: View, find_places: FindPlaces, propose: Propose
) -> list[Proposed]:
    """What the words propose and the report does not have yet, the likeliest first.

    Words are understood here, which takes its time: no session need be open for it.
    """
    if not view.with_words:
        return []
    found: dict[tuple[str, str], Proposed] = {}
    if report.place is None:
        for proposed in _places(report, view, find_places):
            found.setdefault(("place", proposed.value), proposed)
    for kept in _kept_proposals(report, propose):
        for one in kept["categories"]:
            code, score = str(one["category"]), round(100 * one["score"])
            if code == report.category or code not in view.province.categories:
                continue
            name = category_name(view.province, code, view.language) or code
            said = ", ".join(one["words"])
            found.setdefault(("category", code), Proposed("category", code, name, score, said))
        if kept["urgent"] and not report.urgent:
            said = ", ".join(kept["urgent_words"]) or kept.get("danger_words", "")
            name = words("proposal_urgent", view.language)
            found.setdefault(("urgent", "yes"), Proposed("urgent", "yes", name, None, said))
    return sorted(found.values(), key=lambda one: -(one.score or 100))[:9]


def _kept_proposals(report: Report, propose: Propose) -> Iterator[Mapping[str, Any]]:
    """Of recordings, as they were made when the words came; of what was written, made now."""
    if report.description and report.category is None:
        yield asdict(propose(report.description))
    for recording in report.recordings:
        kept = recording.transcript.proposed if recording.transcript else None
        if kept is not None and recording.discarded_at is None:
            yield kept


def _places(report: Report, view: View, find_places: FindPlaces) -> Iterator[Proposed]:
    """Units that are named, in writing or in what was said."""
    texts = [report.address, report.description]
    for recording in report.recordings:
        if recording.discarded_at is None and recording.transcript is not None:
            texts.append(recording.transcript.text)
    for text in filter(None, texts):
        for one in find_places(text):
            unit = view.province.unit(one.old or one.unit)
            if unit is not None:
                name = unit_label(view.province, unit)
                yield Proposed("place", place_of(unit), name, None, one.words)


def history_of(report: Report, view: View) -> list[Happened]:
    """All that happened, the latest first."""
    return [_happened(update, view) for update in reversed(report.updates)]


def files_of(session: Session, report: Report) -> Sequence[Attachment]:
    """Photos and documents that are still kept."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.report_id == report.id, Attachment.erased_at.is_(None))
        .order_by(Attachment.at, Attachment.id)
    ).all()


def number_of(session: Session, report: Report) -> str | None:
    """Whom to ring about it, whole; None where nobody may be, or nobody knows."""
    if report.anonymous:
        return None
    if report.contact == Contact.OTHER:
        return report.contact_number
    if report.contact == Contact.CALLER and report.call_id is not None:
        call = session.get(Call, report.call_id)
        return call.caller_number if call is not None else None
    return None


def alike(session: Session, report: Report, view: View) -> list[tuple[Report, str, Sequence[str]]]:
    """Reports that may tell of the same matter, how they are called, and why."""
    found = duplicate_candidates(session, view.province, report)
    return [
        (one.report, spoken_reference(one.report.reference), why_alike(one, view)) for one in found
    ]


def why_alike(candidate: Candidate, view: View) -> list[str]:
    """The reasons in words; people's own only for whom they are."""
    return [
        words(f"why_{reason.why}", view.language, value=reason.value)
        for reason in candidate.reasons
        if reason.why != "words" or view.with_words
    ]


def _heard(session: Session, recording: Recording, number: int, view: View) -> Heard:
    transcript = recording.transcript
    spoken = spoken_words(transcript.segments) if transcript and transcript.segments else []
    text = best_words(session, recording.name) if view.with_words else None
    if text is not None and " ".join(word.text for word in spoken) != text:
        spoken = corrected_words(spoken, text)
    return Heard(
        name=recording.name,
        number=number,
        kind=RecordingKind(recording.kind),
        length_s=round(recording.length_s),
        silent=recording.silent,
        gone=recording.sound_erased_at is not None,
        state=words_state(transcript),
        text=text,
        words=spoken if text is not None else [],
        correctable=transcript is not None and transcript.status != "pending",
    )


def _happened(update: Update, view: View) -> Happened:
    language = view.language
    who = _WHO.get(update.author)
    if who is None:
        who = "who_you" if update.author == view.user.id else "who_staff"
    changes = update.changes if view.with_words else {}
    return Happened(
        id=update.id,
        at=update.at,
        kind=words(f"kind_{update.kind}", language),
        who=words(who, language),
        internal=update.internal,
        status=update.status,
        text=update.text if view.with_words else None,
        internal_text=update.internal_text if view.with_words else None,
        reason=_reason(view.province, update.reason, language),
        changes=[
            (_field(name, language), _value(view, name, b), _value(view, name, a))
            for name, (b, a) in (changes or {}).items()
        ],
        score=update.score,
    )


def _field(name: str, language: str) -> str:
    return words(f"field_{name}", language) if has_wording(f"field_{name}") else name


def _value(view: View, name: str, value: Any) -> str:
    if value is None or value == "":
        return words("nothing", view.language)
    if isinstance(value, bool):
        return words(_FLAGS[value], view.language)
    text = str(value)
    match name:
        case "category":
            return category_name(view.province, text, view.language) or text
        case "place":
            return place_name(view.province, text) or text
        case "agency":
            return agency_name(view.province, text, view.language)
        case "officer":
            return words("who_staff", view.language)
        case _:
            return text


def _reason(province: Province, code: str | None, language: str) -> str | None:
    if code is None:
        return None
    for known in (province.handling.rejected, province.handling.handed_back):
        if code in known:
            return known[code].get(language) or code
    return code
