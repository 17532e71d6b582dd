"""What a provider tells of a message afterwards: it arrived, or it did not.

Receipts come twice, late, in the wrong order, and before the answer that tells the id they speak
of. Each part's state only goes forward, and the first end is its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from notifications.models import Message, MessagePart, MessageStatus, PartState
from notifications.service import CONFIDENTIAL
from storage.locks import alone

log = structlog.get_logger()

# A receipt that nothing of ours answers to is kept for so long: the answer with its id may come.
STRANGERS_KEPT = timedelta(days=2)
_ENDS = (PartState.DELIVERED, PartState.FAILED)


@dataclass(frozen=True)
class Receipt:
    """`reason` is the provider's code for a failure; `message_id` is ours, where it is known."""

    provider: str
    provider_id: str
    state: PartState
    reason: str | None = None
    message_id: str | None = None


def note_receipt(session: Session, receipt: Receipt, now: datetime) -> bool:
    """Keep what the provider tells; False where it speaks of no message of ours, yet."""
    alone_with_parts(session, receipt.provider, (receipt.provider_id,))
    key = MessagePart.provider == receipt.provider, MessagePart.provider_id == receipt.provider_id
    known = session.scalar(select(MessagePart.message_id).where(*key))
    # Before its part: so everybody locks the two, and nobody waits for each other for ever.
    message = _message(session, known or receipt.message_id)
    if message is not None and message.to_number is None:
        # Whoever it was for has been forgotten; so is this trace.
        session.execute(delete(MessagePart).where(*key))
        return True
    part = _part(session, receipt.provider, receipt.provider_id, now)
    if part.state not in _ENDS:
        part.state, part.reason, part.at = receipt.state, receipt.reason, now
    if message is None:
        part.message_id = None
        session.flush()
        log.info("receipt of an unknown message", provider=receipt.provider)
        return False
    part.message_id = message.id
    if _was_handed_over(message) and message.provider == receipt.provider:
        # It tells what the lost answer would have told.
        note_accepted(session, message, (receipt.provider_id,), now)
    session.flush()
    _settle(session, message, now)
    return True


def alone_with_parts(session: Session, provider: str, provider_ids: Sequence[str]) -> None:
    """Have nobody else note anything under these ids. Their message is locked after them."""
    for provider_id in sorted(provider_ids):
        alone(session, f"receipt {provider} {provider_id}")


def note_accepted(
    session: Session, message: Message, provider_ids: Sequence[str], now: datetime
) -> None:
    """The provider has the message, under these ids. Receipts that were quicker count now.

    Whoever calls it is alone with these parts, and has the message locked.
    """
    assert message.provider is not None
    for provider_id in provider_ids:
        _part(session, message.provider, provider_id, now).message_id = message.id
    if _was_handed_over(message):
        message.status, message.sent_at = MessageStatus.SENT, now
        message.problem = message.next_at = None
        # What was told in confidence is not kept once it is sent.
        message.text_values = {
            name: value for name, value in message.text_values.items() if name not in CONFIDENTIAL
        }
    session.flush()
    _settle(session, message, now)


def forget_strangers(session: Session, now: datetime) -> None:
    """Remove receipts that never found a message."""
    session.execute(
        delete(MessagePart).where(
            MessagePart.message_id.is_(None), MessagePart.at < now - STRANGERS_KEPT
        )
    )


def _was_handed_over(message: Message) -> bool:
    """The provider may have it. Once it was looked for in vain, or given up as lost, it waits to
    be sent again."""
    again = message.status == MessageStatus.QUEUED and message.attempts > 0
    return again or message.status == MessageStatus.SENDING


def _part(session: Session, provider: str, provider_id: str, now: datetime) -> MessagePart:
    part = session.get(MessagePart, (provider, provider_id))
    if part is None:
        part = MessagePart(
            provider=provider, provider_id=provider_id, state=PartState.ACCEPTED, at=now
        )
        session.add(part)
    return part


def _message(session: Session, message_id: str | None) -> Message | None:
    if message_id is None:
        return None
    return session.scalar(select(Message).where(Message.id == message_id).with_for_update())


def _settle(session: Session, message: Message, now: datetime) -> None:
    """The message's state from those of its parts: one that failed fails it."""
    if message.status != MessageStatus.SENT:
        return
    parts = session.scalars(select(MessagePart).where(MessagePart.message_id == message.id)).all()
    failed = next((part for part in parts if part.state == PartState.FAILED), None)
    if failed is not None:
        message.status, message.problem = MessageStatus.UNDELIVERED, failed.reason
        log.warning("message not delivered", message=message.id, problem=failed.reason)
    elif parts and all(part.state == PartState.DELIVERED for part in parts):
        message.status, message.delivered_at = MessageStatus.DELIVERED, now
    session.flush()
