"""Answers in words, recorded at a telephone provider: heard once, deleted there, kept nowhere.

Each is noted before anything is done with it, so that it is deleted though the server dies, and is
never taken for a report's words that nobody told us of (`ivr.remote_calls`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError

from ivr.errors import ProviderAway
from ivr.models import ShortRecording
from ivr.remote_recordings import RemoteRecordings
from storage.database import reading, transaction

log = structlog.get_logger()

AT_ONCE = 50
# Meanwhile a server may still be listening to it; afterwards the worker deletes it.
IN_USE = timedelta(seconds=60)
TRY_AGAIN = timedelta(seconds=60)
# So long the provider is asked for recordings that nobody knows (`ivr.remote_calls`).
ONCE_MORE = timedelta(days=1)


@dataclass(frozen=True)
class ShortRecordings:
    """The notes on them, and how they are deleted."""

    database: Engine
    remote: RemoteRecordings
    clock: Callable[[], datetime]

    def note(self, remote_id: str) -> None:
        """It is to be deleted; told twice, it is the same."""
        row = ShortRecording(remote_id=remote_id, forget_at=self.clock() + IN_USE)
        try:
            with transaction(self.database) as session:
                if session.get(ShortRecording, remote_id) is None:
                    session.add(row)
        except IntegrityError:
            pass  # noted by another request at the same moment

    def forget(self, remote_id: str) -> None:
        """Delete it at the provider now.

        Raises:
            ProviderAway: it does not answer; the worker will try again.
        """
        self.remote.forget(remote_id)
        with transaction(self.database) as session:
            noted = update(ShortRecording).where(ShortRecording.remote_id == remote_id)
            session.execute(noted.values(forgotten=True, forget_at=self.clock() + ONCE_MORE))

    def once(self) -> int:
        """How many were deleted that should have been by now."""
        return sum(self._forgotten(row) for row in self._due())

    def _due(self) -> Sequence[ShortRecording]:
        with reading(self.database) as session:
            query = select(ShortRecording).where(ShortRecording.forget_at <= self.clock())
            return session.scalars(query.order_by(ShortRecording.forget_at).limit(AT_ONCE)).all()

    def _forgotten(self, row: ShortRecording) -> bool:
        try:
            if not row.forgotten:
                self.forget(row.remote_id)
                return True
            self.remote.forget(row.remote_id)
        except ProviderAway as error:
            log.warning("short recording not deleted", why=type(error).__name__)
            with transaction(self.database) as session:
                noted = update(ShortRecording).where(ShortRecording.remote_id == row.remote_id)
                session.execute(noted.values(forget_at=self.clock() + TRY_AGAIN))
            return False
        with transaction(self.database) as session:
            session.delete(session.get_one(ShortRecording, row.remote_id))
        return True


def noted(database: Engine, remote_ids: Sequence[str]) -> frozenset[str]:
    """Those that are answers in words."""
    with reading(database) as session:
        query = select(ShortRecording.remote_id).where(ShortRecording.remote_id.in_(remote_ids))
        return frozenset(session.scalars(query))
