"""A caller who wants to be nobody: their number is wiped from all that the call has stored."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.codec import decode
from ivr.models import Block, Call, JournalEntry
from ivr.privacy import is_private, wiped
from notifications.inbox import forget_senders
from notifications.service import forget_recipient
from reports.callbacks import forget_number
from reports.models import Contact, LookupTry, Report, Supporter
from reports.wiping import wipe_supporters
from storage.jobs import enqueue

log = structlog.get_logger()

ERASE_TRACES = "erase_traces"
FORGOTTEN = "forgotten"


def become_anonymous(session: Session, call: Call, keep_hash: timedelta, now: datetime) -> None:
    """Wipe the number in this transaction; its keyed hash stays for `keep_hash`, no longer."""
    call.anonymous = True
    call.caller_number = None
    call.hash_expires_at = now + keep_hash
    reports = session.scalars(select(Report).where(Report.call_id == call.id)).all()
    for report in reports:
        report.anonymous = True
        report.contact = Contact.NOBODY
        report.contact_number = report.text_number = None
    forget_recipient(session, call.id)
    forget_senders(session, [report.id for report in reports])
    forget_number(session, call.id, [report.id for report in reports], now)
    _forget_support(session, call)
    _wipe_entries(session, call.id)
    session.flush()
    enqueue(session, ERASE_TRACES, call.id)
    log.info("caller is anonymous", call=call.id)


def forget_earlier_call(
    session: Session, call_id: str | None, keep_hash: timedelta, now: datetime
) -> None:
    """The call whose report an anonymous caller goes on with must not tell their number either."""
    earlier = session.get(Call, call_id) if call_id else None
    if earlier is not None and not earlier.anonymous:
        become_anonymous(session, earlier, keep_hash, now)


def erase_expired_hashes(session: Session, now: datetime) -> int:
    """Forget which number an anonymous call came from, once a dropped line is past; how many."""
    expired = session.scalars(
        select(Call.id).where(Call.hash_expires_at <= now, Call.caller_hash.is_not(None))
    ).all()
    for call_id in expired:
        reports = select(Report.id).where(Report.call_id == call_id)
        session.execute(
            update(Block)
            .where(Block.appeal_report_id.in_(reports.scalar_subquery()))
            .values(appeal_report_id=None)
        )
        session.execute(update(Call).where(Call.id == call_id).values(caller_hash=None))
        session.execute(update(Report).where(Report.call_id == call_id).values(caller_hash=None))
        session.execute(
            update(LookupTry).where(LookupTry.call_id == call_id).values(asker=FORGOTTEN)
        )
        enqueue(session, ERASE_TRACES, f"{call_id}-hash")
    if expired:
        log.info("hashes erased", count=len(expired))
    return len(expired)


def _forget_support(session: Session, call: Call) -> None:
    """Whoever said "me too" by that number, on the web for one, counts on and is nobody, too."""
    if call.caller_hash is not None:
        theirs = select(Supporter.id).where(Supporter.person_hash == call.caller_hash)
        wipe_supporters(session, session.scalars(theirs).all())


def _wipe_entries(session: Session, call_id: str) -> None:
    entries = session.scalars(select(JournalEntry).where(JournalEntry.call_id == call_id))
    for entry in entries:
        if is_private(entry.step) and (result := wiped(decode(entry.result))) is not None:
            entry.result = result
