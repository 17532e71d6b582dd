"""The outbox: a message is written with its cause, and sent by a job afterwards."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from notifications.models import Message, MessageStatus
from notifications.providers.provider import Provider
from storage.database import reading, transaction
from storage.jobs import enqueue

log = structlog.get_logger()

SEND_MESSAGE = "send_message"
CONFIDENTIAL = frozenset({"pin"})


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
) -> None:
    """Write one SMS to the outbox; it exists only if this transaction commits.

    A key that is there already queues nothing. `call_id` is the call whose caller it is for.
    """
    known = select(Message.id).where(Message.idempotency_key == idempotency_key)
    if session.scalar(known) is not None:
        return
    message = Message(
        id=uuid.uuid4().hex,
        idempotency_key=idempotency_key,
        to_number=to_number,
        text_key=text_key,
        text_values=dict(values),
        language=language,
        report_id=report_id,
        call_id=call_id,
        status=MessageStatus.QUEUED,
        queued_at=now,
    )
    session.add(message)
    session.flush()
    enqueue(session, SEND_MESSAGE, message.id)


def send_message(engine: Engine, provider: Provider, message_id: str, now: datetime) -> None:
    """Hand a queued message to the provider and note that it was sent; sent ones stay.

    What it told in confidence is not kept once it is sent.
    """
    with reading(engine) as session:
        message = session.get_one(Message, message_id)
    if message.status != MessageStatus.QUEUED:
        return
    provider.send(message)  # no transaction is open meanwhile: providers may be slow
    with transaction(engine) as session:
        stored = session.get_one(Message, message_id)
        stored.status = MessageStatus.SENT
        stored.text_values = {
            name: value for name, value in stored.text_values.items() if name not in CONFIDENTIAL
        }
        stored.provider = provider.name
        stored.sent_at = now


def forget_recipient(session: Session, call_id: str) -> None:
    """Wipe the number from every message to the caller of `call_id`; unsent ones stay unsent."""
    for message in session.scalars(select(Message).where(Message.call_id == call_id)):
        message.to_number = None
        if message.status == MessageStatus.QUEUED:
            message.status = MessageStatus.CANCELLED
            message.text_values = {}
    session.flush()


def forget_messages(session: Session, message_ids: Sequence[str]) -> None:
    """Wipe whom these messages went to and what was filled in; unsent ones stay unsent."""
    for message in session.scalars(select(Message).where(Message.id.in_(message_ids))):
        message.to_number = None
        message.text_values = {}
        if message.status == MessageStatus.QUEUED:
            message.status = MessageStatus.CANCELLED
    session.flush()
