"""Reports as rows of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from console.pages import spoken_time
from console.places import place_name
from console.wording import words
from provinces.schema import Province
from reports.desk import versions_seen
from reports.lifecycle import ENDED
from reports.models import (
    Recording,
    RecordingKind,
    Report,
    ReportStatus,
    Transcript,
    TranscriptCorrection,
    TranscriptStatus,
)
from reports.presence import Colleague, colleagues
from reports.reference import spoken_reference
from reports.routing import agency_name

EXCERPT = 160  # characters: what fits two lines


@dataclass(frozen=True)
class Due:
    """A deadline: `state` is `late`, `soon`, `later`, `paused` or `none`; `at` for the clock."""

    state: str
    text: str
    at: datetime | None


@dataclass(frozen=True)
class Row:
    """One report of a list. `words` is None where there are none; `words_key` tells why."""

    reference: str
    spoken: str
    received_at: datetime
    category: str | None
    place: str | None
    agency: str | None
    status: str
    urgent: bool
    partial: bool
    due: Due
    version: int
    seen: str  # `seen`, `unread` or `changed_since`
    words: str | None
    words_key: str
    there: str  # who else has it open


@dataclass(frozen=True)
class Shown:
    """How rows are to be shown: to whom, when, in which language, with people's words or not."""

    province: Province
    user_id: str
    language: str
    with_words: bool
    now: datetime


def rows_of(session: Session, report_ids: Sequence[str], shown: Shown) -> list[Row]:
    """The reports of these ids in this order; a fixed number of queries however many they are."""
    reports = {
        report.id: report
        for report in session.scalars(
            select(Report)
            .where(Report.id.in_(report_ids))
            .options(selectinload(Report.recordings).selectinload(Recording.transcript))
        )
    }
    seen = versions_seen(session, shown.user_id, report_ids)
    corrected = _corrected(session, [r for each in reports.values() for r in each.recordings])
    there = colleagues(session, shown.user_id, shown.now, report_ids)
    return [
        _row(reports[i], seen.get(i), corrected, there.get(reports[i].reference, ()), shown)
        for i in report_ids
        if i in reports
    ]


def due_of(report: Report, language: str, now: datetime) -> Due:
    """How much time is left, in words."""
    if report.status in ENDED or report.expected_at is None:
        return Due("none", words("due_none", language), None)
    if report.paused_at is not None:
        return Due("paused", words("due_paused", language), None)
    left = report.expected_at - now
    if left.total_seconds() < 0:
        text = words("overdue_by", language, time=spoken_time(-left, language))
        return Due("late", text, report.expected_at)
    soon = left.total_seconds() < 86_400
    text = words("due_in", language, time=spoken_time(left, language))
    return Due("soon" if soon else "later", text, report.expected_at)


def told_of(there: Sequence[Colleague], language: str) -> str:
    """`an đang sửa, binh đang xem`; nothing where nobody is there."""
    return ", ".join(
        words("presence_editing" if one.editing else "presence_looking", language, name=one.name)
        for one in there
    )


def category_name(province: Province, code: str | None, language: str) -> str | None:
    """Of a category, or of a group that a caller chose; the code where neither is known."""
    if code is None:
        return None
    found = province.categories.get(code) or province.groups.get(code)
    return (found.names.get(language) or found.names.get("vi") or code) if found else code


def names_of_report(
    province: Province, report: Report, language: str, now: datetime
) -> Mapping[str, object]:
    """What its codes are called, and its deadline, as the templates of one report name them."""
    return {
        "category": category_name(province, report.category, language),
        "place": place_name(province, report.place),
        "agency": agency_name(province, report.agency, language) if report.agency else None,
        "due": due_of(report, language, now),
    }


def words_state(transcript: Transcript | None) -> str:
    """The key of the wording that says how it stands with a recording's words."""
    if transcript is None:
        return "words_none"
    if transcript.status == TranscriptStatus.PENDING:
        return "words_pending"
    if transcript.status == TranscriptStatus.FAILED:
        return "words_failed"
    if not transcript.text:
        return "words_empty"
    return "draft" if transcript.draft else "words_by_person"


def _row(
    report: Report,
    seen: int | None,
    corrected: Mapping[str, str],
    there: Sequence[Colleague],
    shown: Shown,
) -> Row:
    kept = [each for each in report.recordings if each.discarded_at is None]
    telling = [each for each in kept if each.kind != RecordingKind.PLACE]
    newest = max(telling, key=lambda each: (each.recorded_at, each.position), default=None)
    transcript = newest.transcript if newest else None
    text = report.description
    key = words_state(transcript)
    if text is None and newest is not None and transcript is not None:
        text = corrected.get(newest.name) or transcript.text or None
    elif text is not None:
        key = "words_by_person"
    language = shown.language
    return Row(
        reference=report.reference,
        spoken=spoken_reference(report.reference),
        received_at=report.requested_at,
        category=category_name(shown.province, report.category, language),
        place=place_name(shown.province, report.place),
        agency=agency_name(shown.province, report.agency, language) if report.agency else None,
        status=ReportStatus(report.status),
        urgent=report.urgent,
        partial=report.partial,
        due=due_of(report, language, shown.now),
        version=report.version,
        seen=_seen(seen, report.version),
        words=_short(text) if text and shown.with_words else None,
        words_key=key,
        there=told_of(there, language),
    )


def _seen(seen: int | None, version: int) -> str:
    if seen is None:
        return "unread"
    return "seen" if seen >= version else "changed_since"


def _short(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + "…"


def _corrected(session: Session, recordings: Sequence[Recording]) -> Mapping[str, str]:
    """What people made of the words, by recording; the last one holds."""
    read = [r.name for r in recordings if r.transcript is not None and not r.transcript.draft]
    if not read:
        return {}
    rows = session.scalars(
        select(TranscriptCorrection)
        .where(TranscriptCorrection.recording_name.in_(read))
        .order_by(TranscriptCorrection.number)
    )
    return {row.recording_name: row.after for row in rows}
