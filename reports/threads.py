"""The SMS thread of a report: what was sent and received about it, and what staff write."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accounts.audit import record
from notifications.inbox_models import IncomingMessage, IncomingStatus
from notifications.models import Message
from notifications.service import queue_message
from provinces.schema import Province
from reports.errors import NotAllowed, UnknownMessage
from reports.inbound_rules import added_as
from reports.locked import locked
from reports.models import Report, Update
from reports.reference import spoken_reference
from reports.search import forget_report, index_report_id
from reports.web_filing import Alert
from reports.written_additions import Written, add_in_writing
from storage.database import transaction
from storage.jobs import enqueue

log = structlog.get_logger()

MOST_CHARACTERS = 200  # with the reference before them, two parts without accents
REPORT_MESSAGE = "report_message"
INDEX_AFTER = "index_after_message"


@dataclass(frozen=True)
class Letter:
    """One SMS of the thread. `kind` is the text's key, or the rule that took what came in."""

    id: str
    incoming: bool
    at: datetime
    status: str
    kind: str | None
    number: str | None = field(repr=False)
    text: str | None = field(repr=False)


def thread_of(session: Session, report: Report) -> Sequence[Letter]:
    """All SMS about the report, the oldest first. Of ours only what staff wrote has its words."""
    sent = session.scalars(select(Message).where(Message.report_id == report.id))
    came = session.scalars(select(IncomingMessage).where(IncomingMessage.report_id == report.id))
    letters = [
        Letter(
            id=one.id,
            incoming=False,
            at=one.queued_at,
            status=one.status,
            kind=one.text_key,
            number=one.to_number,
            text=one.text_values.get("text") if one.text_key == REPORT_MESSAGE else None,
        )
        for one in sent
    ]
    letters += [
        Letter(one.id, True, one.received_at, one.status, one.rule, one.from_number, one.text)
        for one in came
    ]
    return sorted(letters, key=lambda one: (one.at, one.id))


def write_to_reporter(
    session: Session, report_id: str, text: str, author: str, now: datetime
) -> str:
    """Queue an SMS to the reporter; its id.

    Raises:
        NotAllowed: no SMS reaches the reporter, or may.
    """
    report = locked(session, report_id)
    if report is None or report.text_number is None:
        raise NotAllowed("no SMS reaches whoever reported it")
    key = f"written:{uuid.uuid4().hex}"
    queue_message(
        session,
        idempotency_key=key,
        to_number=report.text_number,
        text_key=REPORT_MESSAGE,
        values={"reference": spoken_reference(report.reference), "text": text},
        language=report.language,
        report_id=report.id,
        call_id=report.call_id,
        now=now,
    )
    message = session.scalars(select(Message.id).where(Message.idempotency_key == key)).one()
    record(session, author, "sms.written", "report", report.id, now, message=message)
    return message


def settle(
    session: Session,
    province: Province,
    alert: Alert,
    message_id: str,
    report: Report | None,
    author: str,
    now: datetime,
) -> IncomingMessage:
    """Staff have seen to a message: it belongs to `report`, or to none.

    Raises:
        UnknownMessage: there is none of that id.
        NotAllowed: it was seen to before.
    """
    message = session.get(IncomingMessage, message_id, with_for_update=True, populate_existing=True)
    if message is None:
        raise UnknownMessage("no such message")
    if message.status != IncomingStatus.FOR_STAFF:
        raise NotAllowed("somebody has seen to it already")
    message.status = IncomingStatus.HANDLED
    message.handled_at = now
    about = message.report_id
    if report is not None:
        about = message.report_id = report.id
        add_in_writing(
            session, province, report.id, Written(added_as(message.id), message.text), alert, now
        )
    session.flush()
    record(session, author, "sms.settled", "message", message.id, now, report=about)
    log.info("sms settled", incoming=message.id, report=about)
    return message


def forget_added(session: Session, message_ids: Sequence[str]) -> None:
    """Wipe what these SMS have added to reports, whoever's those are: their words lie there, too.

    A report is found by its words again once a job (`index_after`) has gone through what is left.
    """
    about = IncomingMessage.id.in_(message_ids), IncomingMessage.report_id.is_not(None)
    for message in session.scalars(select(IncomingMessage).where(*about)):
        assert message.report_id is not None
        key = Written(added_as(message.id)).addition(message.report_id).key
        update = session.scalar(select(Update).filter_by(**key))
        if update is None or (update.text is None and update.internal_text is None):
            continue
        update.text = update.internal_text = None
        forget_report(session, update.report_id)
        enqueue(session, INDEX_AFTER, message.id)
    session.flush()


def index_after(engine: Engine, province: Province, message_id: str) -> None:
    """Have the report of a message that was forgotten found by what is left of it."""
    with transaction(engine) as session:
        message = session.get(IncomingMessage, message_id)
        if message is not None:
            index_report_id(session, province, message.report_id)
