"""The outbox: a message is written with its cause, and sent by a job afterwards."""

import uuid
from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from notifications.models import Message, MessageStatus
from notifications.providers.provider import Provider
from storage.database import reading, transaction
from storage.jobs import enqueue

log = structlog.get_logger()

SEND_MESSAGE = "send_message"


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
) -> None:
    """Write one SMS to the outbox; it exists only if this transaction commits."""
    message = Message(
        id=uuid.uuid4().hex,
        idempotency_key=idempotency_key,
        to_number=to_number,
        text_key=text_key,
        text_values=dict(values),
        language=language,
        report_id=report_id,
        status=MessageStatus.QUEUED,
        queued_at=now,
    )
    session.add(message)
    session.flush()
    enqueue(session, SEND_MESSAGE, message.id)


def send_message(engine: Engine, provider: Provider, message_id: str, now: datetime) -> None:
    """Hand a queued message to the provider and note that it was sent; sent ones stay."""
    with reading(engine) as session:
        message = session.get_one(Message, message_id)
    if message.status != MessageStatus.QUEUED:
        return
    provider.send(message)  # no transaction is open meanwhile: providers may be slow
    with transaction(engine) as session:
        stored = session.get_one(Message, message_id)
        stored.status = MessageStatus.SENT
        stored.provider = provider.name
        stored.sent_at = now
