"""Who wants no SMS. Only the keyed hash of the number is kept; staff and agencies get theirs."""

from datetime import datetime
from typing import Literal

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from notifications.kinds import is_for_citizens
from notifications.models import Message, MessageStatus, SmsOptOut
from storage.crypto import current_box
from storage.locks import alone

log = structlog.get_logger()

Source = Literal["sms", "provider", "staff"]
OPTED_OUT = "opted_out"


def opt_out(session: Session, number: str, source: Source, now: datetime) -> bool:
    """Send that E.164 number nothing any more; what waits for it is cancelled. False: it was so."""
    return opt_out_hash(session, current_box().keyed_hash(number), source, now)


def opt_out_hash(session: Session, number_hash: str, source: Source, now: datetime) -> bool:
    """`opt_out` where only the keyed hash is known."""
    alone(session, f"opt-out {number_hash}")
    if session.get(SmsOptOut, number_hash) is not None:
        return False
    session.add(SmsOptOut(number_hash=number_hash, at=now, source=source))
    waiting = select(Message).where(
        Message.number_hash == number_hash, Message.status == MessageStatus.QUEUED
    )
    for message in session.scalars(waiting.with_for_update()):
        if is_for_citizens(message.text_key):
            message.status, message.problem = MessageStatus.CANCELLED, OPTED_OUT
            message.text_values = {}
    session.flush()
    log.info("sms opt-out", source=source)
    return True


def opt_in(session: Session, number: str) -> bool:
    """Send that E.164 number SMS again, from the next one on. False: it got them already."""
    number_hash = current_box().keyed_hash(number)
    gone = session.execute(delete(SmsOptOut).where(SmsOptOut.number_hash == number_hash))
    session.flush()
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def wants_none(session: Session, number_hash: str | None) -> bool:
    return number_hash is not None and session.get(SmsOptOut, number_hash) is not None
