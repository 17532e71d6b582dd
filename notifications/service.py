"""The outbox: a message is written with its cause, and sent afterwards by the sender."""

import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from notifications.kinds import lane_of
from notifications.models import Message, MessagePart, MessageStatus
from storage.crypto import current_box

log = structlog.get_logger()

# Releases before 0.1 queued a job for each message. Those that are left find nothing to do: the
# sender takes every queued message, however it came.
SEND_MESSAGE = "send_message"
TAKEN_BACK = "taken_back"  # why a message was cancelled before it left
CONFIDENTIAL = frozenset({"pin"})
_SHOWN_DIGITS = 3  # of a number, so that staff know it again

_last_id_lock = threading.Lock()
_last_id_ns = 0


def queue_message(
    session: Session,
    *,
    idempotency_key: str,
    to_number: str,
    text_key: str,
    values: Mapping[str, str],
    language: str,
    report_id: str | None,
    now: datetime,
    call_id: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Write one SMS to the outbox; it exists only if this transaction commits.

    A key that is there already queues nothing. `text_key` and the names of `values` are of
    `notifications.kinds`. `call_id` is the call whose caller it is for. Until `not_before` it may
    still be taken back.
    """
    known = select(Message.id).where(Message.idempotency_key == idempotency_key)
    if session.scalar(known) is not None:
        return
    message = Message(
        id=new_message_id(),
        idempotency_key=idempotency_key,
        to_number=to_number,
        number_hash=current_box().keyed_hash(to_number),
        text_key=text_key,
        text_values={name: value for name, value in values.items() if value},
        language=language,
        report_id=report_id,
        call_id=call_id,
        status=MessageStatus.QUEUED,
        lane=lane_of(text_key),
        queued_at=now,
        next_at=not_before,
    )
    session.add(message)
    session.flush()


def take_back(session: Session, like: str) -> bool:
    """Cancel the unsent messages whose key begins so; False, and nothing done, where one of them
    has left, or may have."""
    query = (
        select(Message)
        .where(Message.idempotency_key.startswith(like, autoescape=True))
        .where(Message.status != MessageStatus.CANCELLED)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(query).all()
    if any(each.status != MessageStatus.QUEUED or each.attempts for each in found):
        return False
    for message in found:
        message.status, message.problem = MessageStatus.CANCELLED, TAKEN_BACK
        message.text_values = {}
    session.flush()
    return True


def was_queued(session: Session, report_id: str, text_key: str) -> bool:
    """Whether a report's people were, or will be, told so; what was taken back does not count."""
    known = select(Message.id).where(
        Message.report_id == report_id,
        Message.text_key == text_key,
        or_(Message.problem.is_(None), Message.problem != TAKEN_BACK),
    )
    return session.scalar(known.limit(1)) is not None


def new_message_id() -> str:
    """32 hexadecimal digits that sort as they were given out: SMS of one moment keep order."""
    global _last_id_ns
    with _last_id_lock:
        _last_id_ns = max(time.time_ns(), _last_id_ns + 1)
        return f"{_last_id_ns:016x}{secrets.token_hex(8)}"


def forget_recipient(session: Session, call_id: str) -> None:
    """Wipe the number from every message to the caller of `call_id`; unsent ones stay unsent."""
    for message in session.scalars(select(Message).where(Message.call_id == call_id)):
        _forget_number(session, message)
        if message.status == MessageStatus.CANCELLED:
            message.text_values = {}
    session.flush()


def forget_messages(session: Session, message_ids: Sequence[str]) -> None:
    """Wipe whom these messages went to and what was filled in; unsent ones stay unsent."""
    for message in session.scalars(select(Message).where(Message.id.in_(message_ids))):
        _forget_number(session, message)
        message.text_values = {}
    session.flush()


def masked(number: str | None) -> str | None:
    """So much of a number that staff know it again: `…678`."""
    return f"…{number[-_SHOWN_DIGITS:]}" if number else None


def _forget_number(session: Session, message: Message) -> None:
    message.to_number = message.number_hash = message.body_hash = None
    # The provider still knows the number under these ids.
    session.execute(delete(MessagePart).where(MessagePart.message_id == message.id))
    if message.status == MessageStatus.QUEUED:
        message.status = MessageStatus.CANCELLED
