"""The latest reports, as a page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from console.services import ConsoleServices
from reports.models import Recording, Report, Transcript, TranscriptStatus
from reports.reference import spoken_reference


@dataclass(frozen=True)
class Sound:
    """One recording to listen to."""

    number: int
    url: str
    length_s: int
    silent: bool


@dataclass(frozen=True)
class ReportRow:
    """One report of the list. `words` is None where there are none; `words_key` then tells why."""

    reference: str
    moment: datetime
    local_moment: datetime
    category: str | None
    status: str
    partial: bool
    words: str | None
    words_key: str
    sounds: tuple[Sound, ...]


def latest_reports(
    session: Session, services: ConsoleServices, language: str, limit: int
) -> list[ReportRow]:
    """At most `limit` reports, newest first, in the visitor's language and the local time."""
    reports = session.scalars(
        select(Report)
        .options(selectinload(Report.recordings).selectinload(Recording.transcript))
        .order_by(Report.requested_at.desc(), Report.id.desc())
        .limit(limit)
    )
    return [_row(report, services, language) for report in reports]


def _row(report: Report, services: ConsoleServices, language: str) -> ReportRow:
    kept = [each for each in report.recordings if each.discarded_at is None]
    newest = max(kept, key=lambda each: (each.recorded_at, each.position), default=None)
    text, key = _words(newest.transcript if newest else None)
    return ReportRow(
        reference=spoken_reference(report.reference),
        moment=report.requested_at,
        local_moment=report.requested_at.astimezone(services.timezone),
        category=_category(report.category, services, language),
        status=report.status,
        partial=report.partial,
        words=text,
        words_key=key,
        sounds=tuple(
            Sound(number, services.recording_url(each.name), round(each.length_s), each.silent)
            for number, each in enumerate(kept, start=1)
        ),
    )


def _words(transcript: Transcript | None) -> tuple[str | None, str]:
    if transcript is None:
        return None, "words_none"
    if transcript.status == TranscriptStatus.PENDING:
        return None, "words_pending"
    if transcript.status == TranscriptStatus.FAILED:
        return None, "words_failed"
    return (transcript.text, "draft") if transcript.text else (None, "words_empty")


def _category(code: str | None, services: ConsoleServices, language: str) -> str | None:
    if code is None:
        return None
    names: Mapping[str, str] = services.category_names(code)
    return names.get(language) or names.get("vi") or code
