"""One sender for each provider: who it is, and since when the provider fails.

Two at once would send twice and keep neither order nor rate. A sender that dies is followed by
another once its time has run out; one that comes back under its own name goes on at once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from notifications.models import MessageSender
from storage.database import transaction
from storage.locks import alone

LEASE = timedelta(seconds=20)
RENEWED_AFTER = 0.25  # of the lease
# So much of it is not relied upon: clocks differ, and a thread may sleep between look and act.
MARGIN = 0.25


class Lease:
    """`holder` names this sender; no two living ones share a name."""

    def __init__(
        self,
        engine: Engine,
        provider: str,
        holder: str,
        length: timedelta = LEASE,
        clock_s: Callable[[], float] = monotonic,
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._holder = holder
        self._length = length
        self._clock_s = clock_s
        self._asked_s = float("-inf")
        self._ours_since_s: float | None = None

    def hold(self, now: datetime) -> bool:
        """Whether this is the sender now; looks, or prolongs, every few seconds only."""
        since_s = self._clock_s() - self._asked_s
        if since_s < self._length.total_seconds() * RENEWED_AFTER:
            return self.is_ours
        self._asked_s = self._clock_s()
        asked_s = self._asked_s
        with transaction(self._engine) as session:
            row = sender_row(session, self._provider)
            free = row.held_until is None or row.held_until <= now
            ours = free or row.holder == self._holder
            if ours:
                row.holder, row.held_until = self._holder, now + self._length
        self._ours_since_s = asked_s if ours else None
        return ours

    @property
    def is_ours(self) -> bool:
        """Without asking: whether nobody else can have become the sender meanwhile."""
        if self._ours_since_s is None:
            return False
        since_s = self._clock_s() - self._ours_since_s
        return since_s < self._length.total_seconds() * (1 - MARGIN)

    def release(self) -> None:
        """Let another one send from now on."""
        if self._ours_since_s is None:
            return
        with transaction(self._engine) as session:
            row = sender_row(session, self._provider)
            if row.holder == self._holder:
                row.holder = row.held_until = None
        self._ours_since_s = None


def sender_row(session: Session, provider: str) -> MessageSender:
    """The provider's row, kept from others until the transaction ends."""
    query = select(MessageSender).where(MessageSender.provider == provider).with_for_update()
    row = session.scalar(query)
    if row is None:
        alone(session, f"sender of {provider}")
        row = session.scalar(query) or MessageSender(provider=provider)
        session.add(row)
        session.flush()
    return row
