"""The inbox: an SMS is stored before anything else happens; a job makes sense of it afterwards."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.inbox_models import IncomingMessage, IncomingStatus
from storage.crypto import current_box
from storage.jobs import enqueue
from storage.locks import alone
from understanding.phone_number import read_phone_number

log = structlog.get_logger()

HANDLE_INCOMING = "handle_incoming"
# Providers join parts; more than an SMS of ten parts is nothing that a person typed.
MOST_CHARACTERS = 2000


@dataclass(frozen=True)
class Incoming:
    """An SMS as a provider hands it over; `provider_id` is its name for it, ever the same."""

    provider: str
    provider_id: str
    sender: str = field(repr=False)
    text: str = field(repr=False)


def store_incoming(session: Session, incoming: Incoming, now: datetime) -> str:
    """Our id of the message, which is kept when this commits; delivered again, it is kept once."""
    key = f"{incoming.provider}:{incoming.provider_id}"
    alone(session, f"incoming {key}")
    known = session.scalar(
        select(IncomingMessage.id).where(
            IncomingMessage.provider == incoming.provider,
            IncomingMessage.provider_id == incoming.provider_id,
        )
    )
    if known is not None:
        return known
    number = read_phone_number(incoming.sender)
    message = IncomingMessage(
        id=uuid.uuid4().hex,
        provider=incoming.provider,
        provider_id=incoming.provider_id,
        from_number=number.e164 if number else None,
        person_hash=current_box().keyed_hash(number.e164) if number else None,
        text=incoming.text.replace("\0", "")[:MOST_CHARACTERS],
        received_at=now,
        status=IncomingStatus.WAITING,
    )
    session.add(message)
    session.flush()
    enqueue(session, HANDLE_INCOMING, message.id)
    log.info("sms received", incoming=message.id, provider=incoming.provider)
    return message.id


def forget_senders(session: Session, report_ids: Sequence[str]) -> None:
    """Wipe who sent what belongs to these reports; what it says stays with the case."""
    about = IncomingMessage.report_id.in_(report_ids)
    for message in session.scalars(select(IncomingMessage).where(about)):
        message.from_number = message.person_hash = None
    session.flush()


def forget_incoming(session: Session, message_ids: Sequence[str]) -> None:
    """Wipe from whom these came and what they say."""
    for message in session.scalars(
        select(IncomingMessage).where(IncomingMessage.id.in_(message_ids))
    ):
        message.from_number = message.person_hash = None
        message.text = ""
        message.forgotten = True
        message.status = IncomingStatus.HANDLED  # nothing is left to be looked at
    session.flush()
