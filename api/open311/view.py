"""Reports as Open311 shows them to anybody."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.open311.formats import Record
from api.open311.publication import code_of, details_are_public, was_read, without_contacts
from provinces.schema import Province
from reports.ended import moments_of_end
from reports.models import (
    Recording,
    RecordingKind,
    Report,
    ReportStatus,
    Supporter,
    TranscriptCorrection,
)
from reports.routing import agency_name
from reports.search_filters import OPEN

S = ReportStatus
MOST_WORDS = 4000  # characters of a description

# As CitySDK calls what lies between open and closed.
_DETAILED = {
    S.NEW: "RECEIVED",
    S.TRIAGED: "RECEIVED",
    S.ASSIGNED: "IN_PROCESS",
    S.IN_PROGRESS: "IN_PROCESS",
    S.WAITING_CITIZEN: "PENDING",
    S.REOPENED: "IN_PROCESS",
    S.RESOLVED: "PROCESSED",
    S.CLOSED: "PROCESSED",
    S.REJECTED: "REJECTED",
    S.DUPLICATE: "REJECTED",
    S.DIVERTED: "REJECTED",
}
assert _DETAILED.keys() == set(ReportStatus)


def show_requests(
    session: Session,
    province: Province,
    reports: Sequence[Report],
    language: str,
    extended: bool = False,
) -> list[Record]:
    """The reports in the same order; a fixed number of queries however many they are."""
    spoken = _read_aloud(session, [each for each in reports if details_are_public(province, each)])
    ended = moments_of_end(session, [each.id for each in reports if each.status not in OPEN])
    shown = [
        _request(province, each, spoken.get(each.id), ended.get(each.id), language)
        for each in reports
    ]
    if not extended:
        return shown
    votes = _votes(session, reports)
    return [
        {**one, "extended_attributes": _extended(report, votes.get(report.id, 0))}
        for one, report in zip(shown, reports, strict=True)
    ]


def moment(at: datetime | None) -> str | None:
    """In UTC: a `+` of another zone would become a space in somebody's address."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def service_name(province: Province, code: str, language: str) -> str:
    """The name of a category or group; the code where the province no longer has it."""
    found = province.categories.get(code) or province.groups.get(code)
    return found.names.get(language, code) if found else code


def _request(
    province: Province,
    report: Report,
    spoken: str | None,
    ended_at: datetime | None,
    language: str,
) -> Record:
    code = code_of(province, report)
    name = service_name(province, code, language)
    details = details_are_public(province, report)
    read = details and was_read(report)
    words = report.description if read and report.description else spoken
    place = [report.address] if read and report.address else []
    unit = province.unit(report.place or "")
    where = [without_contacts(each) for each in place] + ([unit.full_name] if unit else [])
    return {
        "service_request_id": report.reference,
        "status": "open" if ended_at is None else "closed",
        "status_notes": _notes(province, report, language),
        "service_name": name,
        "service_code": code,
        "description": without_contacts(words)[:MOST_WORDS] if words else name,
        "agency_responsible": (
            agency_name(province, report.agency, language) if report.agency else None
        ),
        "service_notice": None,
        "requested_datetime": moment(report.requested_at),
        "updated_datetime": moment(ended_at or report.updated_at),
        "expected_datetime": moment(report.expected_at),
        "address": ", ".join(where) or None,
        "address_id": report.place if unit else None,
        "zipcode": None,
        "lat": report.latitude if details else None,
        "long": report.longitude if details else None,
        "media_url": None,
    }


def _notes(province: Province, report: Report, language: str) -> str | None:
    """What its state means. What staff write to a citizen is for that citizen alone."""
    wordings = province.wording.get(language, {})
    told = wordings.get(f"status_{report.status}")
    if told is None:
        return None
    told = told[:1].upper() + told[1:] + "."
    reason = province.handling.rejected.get(report.reason or "")
    if report.status == S.REJECTED and reason is not None:
        told += f" {reason[language]}."
    return told


def _extended(report: Report, votes: int) -> Record:
    return {
        "detailed_status": _DETAILED[S(report.status)],
        "detailed_status_code": report.status,
        "votes": votes,
    }


def _votes(session: Session, reports: Sequence[Report]) -> dict[str, int]:
    """How many said "me too"."""
    rows = session.execute(
        select(Supporter.report_id, func.count())
        .where(Supporter.report_id.in_([each.id for each in reports]))
        .group_by(Supporter.report_id)
    )
    return {report_id: count for report_id, count in rows}


def _read_aloud(session: Session, reports: Sequence[Report]) -> dict[str, str]:
    """What was said of each report, where a person has read it: no draft of a recogniser."""
    read: dict[str, Recording] = {}
    for report in reports:
        for recording in report.recordings:
            told = recording.kind == RecordingKind.STATEMENT and recording.discarded_at is None
            transcript = recording.transcript if told else None
            if transcript is not None and not transcript.draft and transcript.text:
                read[report.id] = recording
    rows = session.execute(
        select(TranscriptCorrection.recording_name, TranscriptCorrection.after)
        .where(TranscriptCorrection.recording_name.in_([each.name for each in read.values()]))
        .order_by(TranscriptCorrection.number)
    )
    corrected = {name: after for name, after in rows}
    return {
        # A correction that leaves nothing stands, too: what it took out is not shown again.
        report_id: corrected.get(
            recording.name, (recording.transcript and recording.transcript.text) or ""
        )
        for report_id, recording in read.items()
    }
