"""When SMS cannot go: the provider is left alone for a while, and staff are told once it lasts.

An SMS about that comes only when all is well again. What is wrong at this moment, `sms_trouble`
tells whoever shows it another way: the console, /readyz.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from notifications.errors import SendingFailed, TryLater
from notifications.kinds import Lane
from notifications.lease import sender_row
from notifications.models import Message, MessageSender, MessageStatus
from notifications.picking import count_waiting
from notifications.service import queue_message

log = structlog.get_logger()

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
# Shorter troubles pass before anybody could do something about them.
TELL_AFTER = timedelta(minutes=5)
# The same for whoever looks; but an alarm that does not go is their business very soon.
SHOWN_AFTER = timedelta(seconds=30)
ALARM_WITHIN = timedelta(minutes=1)
LOST_SHOWN_FOR = timedelta(hours=1)
_BETWEEN_TRIES = timedelta(seconds=LONGEST_PAUSE_S * 1.25)


@dataclass(frozen=True)
class Told:
    """Whom to tell when nothing can be sent: E.164 numbers of staff."""

    numbers: Sequence[str] = ()
    language: str = "vi"
    after: timedelta = TELL_AFTER


@dataclass(frozen=True)
class SmsTrouble:
    """What is wrong with sending; each fact stands for itself. `waiting`: all not sent yet.

    The provider fails, for all: `failing_since`, with its code as `problem`. Alarms are late: they
    should have gone by now, and the sender may be dead. Alarms are lost: tried, and refused.
    """

    waiting: int
    failing_since: datetime | None = None
    problem: str | None = None
    late: int = 0
    late_since: datetime | None = None
    lost: int = 0
    lost_since: datetime | None = None

    @property
    def since(self) -> datetime:
        """When the first of it began."""
        known = (self.failing_since, self.late_since, self.lost_since)
        return min(at for at in known if at is not None)

    @property
    def alarms(self) -> int:
        """About danger, and not with staff, for whatever reason."""
        return self.late + self.lost

    @property
    def stands_still(self) -> bool:
        """Whether SMS do not go; else only some have not arrived."""
        return self.failing_since is not None or self.late > 0


def sms_trouble(session: Session, now: datetime) -> SmsTrouble | None:
    """What is wrong with sending at this moment; None where nothing is."""
    failing = session.execute(
        select(MessageSender.failing_since, MessageSender.problem)
        .where(MessageSender.failing_since <= now - SHOWN_AFTER, exists().where(_held_up(now)))
        .order_by(MessageSender.failing_since)
        .limit(1)
    ).first()
    late, late_since = _alarms(
        session,
        Message.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING)),
        Message.queued_at < now - ALARM_WITHIN,
    )
    lost, lost_since = _alarms(
        session,
        Message.status.in_((MessageStatus.FAILED, MessageStatus.UNDELIVERED)),
        Message.queued_at > now - LOST_SHOWN_FOR,
    )
    if failing is None and not late and not lost:
        return None
    failing_since, problem = failing if failing is not None else (None, None)
    return SmsTrouble(
        count_waiting(session), failing_since, problem, late, late_since, lost, lost_since
    )


def _alarms(session: Session, *which: ColumnElement[bool]) -> tuple[int, datetime | None]:
    """How many, and when the oldest was queued."""
    found = select(func.count(), func.min(Message.queued_at)).where(
        Message.lane == Lane.ALARM, Message.to_number.is_not(None), *which
    )
    count, oldest = session.execute(found).one()
    return count, oldest


def _held_up(now: datetime) -> ColumnElement[bool]:
    """Was tried, and would go now: neither withdrawn nor forgotten nor waiting for the morning."""
    return and_(
        Message.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING)),
        Message.attempted_at.is_not(None),
        Message.to_number.is_not(None),
        # Between two tries of one it is no less the provider that fails.
        or_(Message.next_at.is_(None), Message.next_at <= now + _BETWEEN_TRIES),
    )


class Trouble:
    """How often the provider failed in a row, and until when it is left alone."""

    def __init__(self, provider: str, told: Told) -> None:
        self.failures = 0
        self.until: datetime | None = None
        self._provider = provider
        self._told = told
        self._chance = random.Random()
        self._looked = False  # a sender before this one may have left a note of trouble

    def is_left_alone(self, now: datetime) -> bool:
        return self.until is not None and now < self.until

    def failed(
        self, session: Session, message: Message, error: SendingFailed, now: datetime
    ) -> None:
        """The provider as a whole is in trouble; staff are told once for each that lasts.

        `message` is what did not go: of an alarm the log says so at once.
        """
        if message.lane == Lane.ALARM:
            log.error("alarm not sent", message=message.id, problem=error.code)
        if not self.is_left_alone(now):
            self.failures += 1  # several that were on their way together failed once
        after = timedelta(seconds=(isinstance(error, TryLater) and error.after_s) or 0.0)
        until = now + max(self.pause(self.failures), after)
        self.until = max(until, self.until or until)
        row = sender_row(session, self._provider)
        row.failing_since, row.problem = row.failing_since or now, error.code
        log.warning("sms provider in trouble", provider=self._provider, problem=error.code)
        if row.told_at is None and now - row.failing_since >= self._told.after:
            row.told_at = now
            self._tell(session, row.failing_since, now)

    def worked(self, session: Session, now: datetime) -> None:
        """The provider has answered: whatever was, is over."""
        if self.until is None and self._looked:
            return
        self._looked = True
        self.failures, self.until = 0, None
        row = sender_row(session, self._provider)
        if row.failing_since is not None:
            away_s = round((now - row.failing_since).total_seconds())
            log.info("sms provider is back", provider=self._provider, away_s=away_s)
        # Of all: one that was given up for this one may have failed to its last day.
        session.execute(
            update(MessageSender)
            .where(MessageSender.failing_since.is_not(None))
            .values(failing_since=None, told_at=None, problem=None)
        )

    def pause(self, failures: int) -> timedelta:
        return timedelta(seconds=pause_after(failures, self._chance))

    def _tell(self, session: Session, since: datetime, now: datetime) -> None:
        waiting = count_waiting(session)
        log.error("sms cannot be sent", provider=self._provider, waiting=waiting)
        for index, number in enumerate(self._told.numbers):
            queue_message(
                session,
                idempotency_key=f"sms_down:{self._provider}:{int(since.timestamp())}:{index}",
                to_number=number,
                text_key="sms_down",
                values={"since": since.isoformat(), "waiting": str(waiting)},
                language=self._told.language,
                report_id=None,
                now=now,
            )


def pause_after(failures: int, chance: random.Random) -> float:
    """Seconds: doubling from one to a minute, with up to a quarter more by chance."""
    doublings = min(failures - 1, 10)
    pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**doublings)
    return pause_s * (1 + chance.random() / 4)
