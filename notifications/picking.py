"""Which SMS may go now: in order, not at night, not too many to one person, not to everybody.

A message waits while an earlier one to the same number waits or is on its way, in its own lane or
in a quicker one. So one person's SMS come in order, and what is for staff passes whatever is held
back of citizens' own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from notifications.errors import UnknownText
from notifications.kinds import Lane, is_for_citizens
from notifications.models import Message, MessageStatus
from notifications.opt_outs import OPTED_OUT, wants_none
from notifications.providers.provider import Outgoing
from notifications.texts import Texts
from provinces.sms import SmsRules
from storage.crypto import current_box
from understanding.phone_number import read_phone_number

log = structlog.get_logger()

S = MessageStatus
# What is told so late misleads; staff see that it was not told.
TOLD_WITHIN = timedelta(days=3)
EXPIRED, NOT_MOBILE, NO_TEXT = "expired", "not_mobile", "no_text"
MADE_UP = "made_up"  # what it tells of never happened
_SENT = (S.SENT, S.DELIVERED, S.UNDELIVERED)
_ADOPTED_AT_ONCE = 200


@dataclass(frozen=True)
class Picker:
    """Takes messages from the outbox by the rules of the province.

    `is_made_up` tells of a message whether it is about demonstration data: nobody gets it.
    """

    texts: Texts
    timezone: ZoneInfo
    is_made_up: Callable[[Session, Message], bool] = lambda session, message: False

    @property
    def rules(self) -> SmsRules:
        """Those of this moment: they may be changed while we run."""
        return self.texts.province.sms.rules

    def candidates(self, session: Session, now: datetime, limit: int) -> Sequence[Message]:
        """The next messages, the most pressing first, kept from others."""
        earlier = aliased(Message)
        first = ~exists().where(
            earlier.number_hash == Message.number_hash,
            earlier.status.in_((S.QUEUED, S.SENDING)),
            earlier.lane <= Message.lane,
            tuple_(earlier.queued_at, earlier.id) < tuple_(Message.queued_at, Message.id),
        )
        return session.scalars(
            select(Message)
            .where(
                Message.status == S.QUEUED,
                or_(Message.next_at.is_(None), Message.next_at <= now),
                first,
            )
            .order_by(Message.lane, Message.queued_at, Message.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()

    def anything_due(self, session: Session, now: datetime) -> bool:
        """Whether looking for candidates is worth a transaction."""
        due = and_(
            Message.status == S.QUEUED, or_(Message.next_at.is_(None), Message.next_at <= now)
        )
        return session.scalar(select(Message.id).where(due).limit(1)) is not None

    def claim(
        self, session: Session, message: Message, provider: str, now: datetime
    ) -> Outgoing | None:
        """The message ready to go, noted as on its way; None where it shall not go, or not now."""
        if not self._may_go(session, message, now):
            return None
        assert message.to_number is not None
        try:
            written = self.texts.write(message.text_key, message.text_values, message.language)
        except (UnknownText, ValueError) as error:
            log.error("sms without text", message=message.id, error=type(error).__name__)
            give_up(message, NO_TEXT)
            return None
        message.status, message.provider = S.SENDING, provider
        message.attempts += 1
        message.attempted_at, message.next_at = now, None
        message.body_hash = current_box().keyed_hash(written.body)
        message.parts = len(written.parts)
        return Outgoing(
            message.id, message.text_key, message.to_number, written.body, written.parts
        )

    def _may_go(self, session: Session, message: Message, now: datetime) -> bool:
        number = read_phone_number(message.to_number) if message.to_number else None
        if message.to_number is None:
            message.status = S.CANCELLED
        elif self.is_made_up(session, message):
            message.status, message.problem = S.CANCELLED, MADE_UP
        elif number is None or not number.mobile:
            give_up(message, NOT_MOBILE)
        elif message.queued_at < now - TOLD_WITHIN:
            give_up(message, EXPIRED)
        elif not is_for_citizens(message.text_key):
            return True
        elif wants_none(session, message.number_hash):
            message.status, message.problem = S.CANCELLED, OPTED_OUT
            message.text_values = {}
        else:
            message.next_at = self._not_before(session, message, now)
            return message.next_at is None
        return False

    def _not_before(self, session: Session, message: Message, now: datetime) -> datetime | None:
        """When a citizen may be told; None: now."""
        if message.lane == Lane.DAY:
            morning = self.rules.quiet_end(now, self.timezone)
            if morning is not None:
                return morning
        waits = (
            self._freed(session, message, timedelta(hours=1), self.rules.person_hour, now),
            self._freed(session, message, timedelta(days=1), self.rules.person_day, now),
        )
        return max((each for each in waits if each is not None), default=None)

    def _freed(
        self, session: Session, message: Message, window: timedelta, most: int, now: datetime
    ) -> datetime | None:
        """When the person has had fewer than `most` within the window; None: now."""
        oldest_that_counts = (
            select(Message.sent_at)
            .where(
                Message.number_hash == message.number_hash,
                Message.status.in_(_SENT),
                Message.sent_at > now - window,
            )
            .order_by(Message.sent_at.desc())
            .offset(most - 1)
            .limit(1)
        )
        oldest = session.scalar(oldest_that_counts)
        return oldest + window if oldest is not None else None


def give_up(message: Message, problem: str) -> None:
    """It is not sent, and staff see why."""
    message.status, message.problem = S.FAILED, problem
    message.text_values = {}
    log.warning("message failed", message=message.id, text=message.text_key, problem=problem)


def adopt_old(session: Session) -> int:
    """Give messages of an earlier release what the order needs; how many."""
    old = select(Message).where(
        Message.status == S.QUEUED, Message.number_hash.is_(None), Message.to_number.is_not(None)
    )
    found = session.scalars(old.limit(_ADOPTED_AT_ONCE)).all()
    for message in found:
        assert message.to_number is not None
        message.number_hash = current_box().keyed_hash(message.to_number)
    session.flush()
    return len(found)


def count_waiting(session: Session) -> int:
    """How many are not sent yet, those on their way among them."""
    waiting = Message.status.in_((S.QUEUED, S.SENDING))
    return session.scalar(select(func.count()).where(waiting)) or 0
