"""Who is told what about a report by SMS, in the transaction of its cause.

Told are the reporter, those who reported the same and were joined to it, and those who said
"me too": each number once, however often it reported. Who is anonymous has no number here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.service import queue_message, take_back, was_queued
from provinces.schema import Province
from reports.models import Report, ReportStatus, Supporter, Update
from reports.reference import spoken_reference
from reports.routing import find_agency
from understanding.phone_number import mobile_number

S = ReportStatus

# What a state is told by; states that are not here are a matter of the house.
TEXTS: Mapping[ReportStatus, str] = {
    S.ASSIGNED: "report_assigned",
    S.WAITING_CITIZEN: "report_waiting",
    S.RESOLVED: "report_resolved",
    S.REJECTED: "report_rejected",
    S.DIVERTED: "report_diverted",
    S.DUPLICATE: "report_duplicate",
    S.REOPENED: "report_reopened",
}
# A slip of the finger is taken back within this time: what says so to citizens waits as long.
UNDONE_WITHIN = timedelta(seconds=30)
_HELD_BACK = UNDONE_WITHIN + timedelta(seconds=1)
# Told to everybody whom the matter concerns; the rest to its reporter alone.
_TO_ALL = frozenset({S.RESOLVED, S.REOPENED})
# Said to the reporter of a duplicate, who knows another reference.
_DUPLICATE_TEXTS = {
    "report_resolved": "duplicate_resolved",
    "report_reopened": "duplicate_reopened",
}


@dataclass(frozen=True)
class _Person:
    number: str
    language: str
    report: Report  # whose reference they know
    text_key: str
    supporter: str | None = None  # the id of who only said "me too"


def tell_received(session: Session, report: Report, pin: str, now: datetime) -> None:
    """The reporter's reference, PIN, and by when; nothing where no number can receive it."""
    if report.text_number is None:
        return
    queue_message(
        session,
        idempotency_key=f"received:{report.id}",
        to_number=report.text_number,
        text_key="report_received",
        values={
            "reference": spoken_reference(report.reference),
            "pin": pin,
            "expected": _expected(report),
        },
        language=report.language,
        report_id=report.id,
        call_id=report.call_id,
        now=now,
    )


def tell_of_move(session: Session, report: Report, update: Update, now: datetime) -> None:
    """A report came to another state: tell those whom that concerns.

    A citizen is told once that it was assigned: handing it on is a matter of the house.
    """
    status = S(report.status)
    text_key = TEXTS.get(status)
    if text_key is None:
        return
    if status is S.ASSIGNED and was_queued(session, report.id, text_key):
        return
    event = f"{status}:{update.id}"
    for person in _people(session, report, text_key, status in _TO_ALL):
        # The key names a row, not the number: keys are not sealed, and never wiped.
        who = person.supporter or person.report.id
        queue_message(
            session,
            idempotency_key=f"{event}:{report.id}:{who}",
            to_number=person.number,
            text_key=person.text_key,
            values={
                "reference": spoken_reference(person.report.reference),
                **_told(report, update, status),
            },
            language=person.language,
            report_id=person.report.id,
            # A supporter is not the caller of the call that the report came by.
            call_id=None if person.supporter else person.report.call_id,
            now=now,
            not_before=now + _HELD_BACK if status is S.ASSIGNED else None,
        )


def take_back_told(session: Session, update: Update) -> bool:
    """Nobody is told of the change that `update` tells of; False where somebody has been."""
    return all(take_back(session, f"{event}:{update.id}:") for event in (S.ASSIGNED, "urgent"))


def tell_agency(
    session: Session, province: Province, report: Report, update: Update, now: datetime
) -> None:
    """An urgent report came to an agency: its telephone on duty is told, where it is known.

    That is never held back.
    """
    number = agency_mobile(province, report, now)
    if not report.urgent or number is None:
        return
    queue_message(
        session,
        idempotency_key=f"urgent:{update.id}:{report.id}",
        to_number=number,
        text_key="report_urgent",
        values={"reference": spoken_reference(report.reference)},
        language=province.languages[0],
        report_id=report.id,
        now=now,
    )


def agency_mobile(province: Province, report: Report, now: datetime) -> str | None:
    """The number to which the report's agency gets SMS, E.164; many have none that takes any."""
    if report.agency is None:
        return None
    found = find_agency(province, report.agency, now.astimezone(province.timezone).date())
    return mobile_number(found[0].number) if found else None


def _told(report: Report, update: Update, status: ReportStatus) -> dict[str, str]:
    """What goes into the text. Codes only, but for the question that staff ask the citizen.

    A text of the others stays out: it may hold what the report tells, and a telephone is read by
    others too.
    """
    match status:
        case S.ASSIGNED:
            return {"agency": report.agency or "", "expected": _expected(report)}
        case S.REOPENED:
            return {"expected": _expected(report)}
        case S.WAITING_CITIZEN:
            return {"text": update.text or ""}
        case S.REJECTED:
            return {"reason": report.reason or ""}
        case _:
            return {}


def _expected(report: Report) -> str:
    return report.expected_at.isoformat() if report.expected_at else ""


def _people(session: Session, report: Report, text_key: str, everybody: bool) -> list[_Person]:
    """Each number once: under the report of their own, if they have one."""
    found: dict[str, _Person] = {}
    for person in _concerned(session, report, text_key, everybody):
        found.setdefault(person.number, person)
    return list(found.values())


def _concerned(
    session: Session, report: Report, text_key: str, everybody: bool
) -> Iterator[_Person]:
    if report.text_number is not None:
        yield _Person(report.text_number, report.language, report, text_key)
    if not everybody:
        return
    other = _DUPLICATE_TEXTS[text_key]
    query = select(Report).where(Report.original_id == report.id).order_by(Report.requested_at)
    joined = {duplicate.id: duplicate for duplicate in session.scalars(query)}
    for duplicate in joined.values():
        if duplicate.text_number is not None:
            yield _Person(duplicate.text_number, duplicate.language, duplicate, other)
    concerned = Supporter.report_id.in_([report.id, *joined])
    for supporter in session.scalars(select(Supporter).where(concerned).order_by(Supporter.at)):
        if supporter.number is not None:
            known = joined.get(supporter.report_id, report)
            text = text_key if known is report else other
            yield _Person(supporter.number, supporter.language, known, text, supporter.id)
