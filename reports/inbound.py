"""What comes by SMS: each message is one of a few things, which `reports.inbound_rules` tells.

The job may come twice, and late: a message is handled once, in one transaction with its answer.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from notifications.inbox_models import IncomingMessage, IncomingStatus
from notifications.service import queue_message
from reports.alarms import raise_alarm
from reports.inbound_rules import RULES, Inbox, Letter, Outcome
from reports.models import Report
from storage.database import transaction
from storage.locks import alone

log = structlog.get_logger()

# Two machines that answer each other would never end: more answers than this nobody needs.
MOST_ANSWERS_DAY = 20
DAY = timedelta(days=1)


def handle_incoming(engine: Engine, inbox: Inbox, message_id: str, now: datetime) -> None:
    """Do what the message asks for and answer it; what no rule settles is for staff."""
    with transaction(engine) as session:
        message = session.get(IncomingMessage, message_id, with_for_update=True)
        if message is None or message.status != IncomingStatus.WAITING:
            return
        # A person's messages are handled one after the other: the second may answer our answer.
        alone(session, f"incoming of {message.person_hash}")
        letter = Letter(session, inbox, message, now)
        outcome = decide(letter)
        _alarm(letter, outcome)
        message.status = IncomingStatus.FOR_STAFF if outcome.for_staff else IncomingStatus.HANDLED
        message.rule = outcome.rule
        message.report_id = outcome.report_id
        message.handled_at = now
        _answer(session, message, outcome, now)
        log.info("sms handled", incoming=message.id, rule=outcome.rule, report=outcome.report_id)


def decide(letter: Letter) -> Outcome:
    """What the first rule that fits has done."""
    for rule in RULES:
        if (outcome := rule(letter)) is not None:
            return outcome
    return Outcome("unclear", for_staff=True)


def _alarm(letter: Letter, outcome: Outcome) -> None:
    """Danger is told to staff whatever the message was taken for; once for each report."""
    if letter.danger is None:
        return
    session = letter.session
    report = session.get(Report, outcome.report_id) if outcome.report_id else None
    # There is no call: the report, or the message, stands in its place.
    place = report.id if report is not None else letter.message.id
    watch = letter.inbox.alert.watch
    raise_alarm(session, watch, place, letter.danger, "words", letter.now, report)


def _answer(session: Session, message: IncomingMessage, outcome: Outcome, now: datetime) -> None:
    if outcome.text_key is None or message.from_number is None:
        return
    if _answered_today(session, message, now) >= MOST_ANSWERS_DAY:
        log.warning("sms not answered", incoming=message.id, why="too many today")
        return
    queue_message(
        session,
        idempotency_key=f"answer:{message.id}",
        to_number=message.from_number,
        text_key=outcome.text_key,
        values=outcome.values,
        language=outcome.language,
        report_id=outcome.report_id,
        now=now,
    )


def _answered_today(session: Session, message: IncomingMessage, now: datetime) -> int:
    count = select(func.count()).where(
        IncomingMessage.person_hash == message.person_hash,
        IncomingMessage.handled_at > now - DAY,
        IncomingMessage.id != message.id,
    )
    return session.scalar(count) or 0
