""" "Me too": others whom a report concerns. They are counted, and told when it is solved."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.actors import CITIZEN
from reports.errors import NotAllowed, UnknownReport
from reports.lifecycle import ENDED
from reports.models import Report, ReportStatus, Supporter, Update, UpdateKind
from storage.crypto import current_box
from storage.locks import alone
from understanding.phone_number import mobile_number

log = structlog.get_logger()


@dataclass(frozen=True)
class Voice:
    """Who says so: `number` if they gave one, else `key`, which tells their browser from others."""

    key: str
    source: str
    language: str = "vi"
    number: str | None = None


def support(session: Session, report_id: str, voice: Voice, now: datetime) -> int:
    """Count the voice once; how many it is now. Of a duplicate it is the original that counts.

    Raises:
        UnknownReport: there is none of that id.
        NotAllowed: it has ended.
    """
    report = session.get(Report, report_id)
    if report is not None and report.status == ReportStatus.DUPLICATE and report.original_id:
        report = session.get(Report, report.original_id)
    if report is None:
        raise UnknownReport("no such report")
    if report.status in ENDED:
        raise NotAllowed("it has ended: nothing more is counted")
    number = mobile_number(voice.number)
    person = current_box().keyed_hash(number or f"browser {voice.key}")
    alone(session, f"supporters of {report.id}")
    theirs = Supporter.report_id == report.id, Supporter.person_hash == person
    if report.caller_hash != person and session.scalar(select(Supporter.id).where(*theirs)) is None:
        _count(session, report, person, number, voice, now)
    return supporters(session, report.id)


def supporters(session: Session, report_id: str) -> int:
    """How many said "me too"."""
    counted = select(func.count()).select_from(Supporter).where(Supporter.report_id == report_id)
    return session.scalar(counted) or 0


def _count(
    session: Session,
    report: Report,
    person: str,
    number: str | None,
    voice: Voice,
    now: datetime,
) -> None:
    session.add(
        Supporter(
            id=uuid.uuid4().hex,
            report_id=report.id,
            person_hash=person,
            number=number,
            language=voice.language,
            source=voice.source,
            at=now,
        )
    )
    session.add(
        Update(
            report_id=report.id,
            kind=UpdateKind.SUPPORTED,
            at=now,
            author=CITIZEN.id,
            internal=True,
        )
    )
    session.flush()
    log.info("report supported", report=report.id)
