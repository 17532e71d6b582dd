"""When a provider fails: it is left alone for a while, and staff are told once it lasts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from notifications.errors import SendingFailed, TryLater
from notifications.lease import sender_row
from notifications.picking import count_waiting
from notifications.service import queue_message

log = structlog.get_logger()

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
# Shorter troubles pass before anybody could do something about them.
TELL_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Told:
    """Whom to tell when nothing can be sent: E.164 numbers of staff."""

    numbers: Sequence[str] = ()
    language: str = "vi"
    after: timedelta = TELL_AFTER


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

    def failed(self, session: Session, error: SendingFailed, now: datetime) -> None:
        """The provider as a whole is in trouble; staff are told once for each that lasts."""
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
        row.failing_since = row.told_at = row.problem = None

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
