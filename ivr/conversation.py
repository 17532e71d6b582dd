"""A call's life for whoever carries it: each method is one transaction of the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr import engine
from ivr.engine import Arrival, Handlers, Pending
from ivr.models import Call
from ivr.steps import HungUp, Record, Recorded, Result
from storage.database import reading, transaction

FindRecording = Callable[[str], Recorded | None]
"""The recording of that name, if it lies whole on disk."""


@dataclass(frozen=True)
class Conversations:
    """The conversations of one database. `clock` gives aware UTC moments."""

    database: Engine
    handlers: Handlers
    clock: Callable[[], datetime]

    def begin(self, arrival: Arrival, find_recording: FindRecording = lambda name: None) -> Pending:
        """The call's first turn, or the one it stood at when a driver lost it."""
        with transaction(self.database) as session:
            call_id = engine.begin(session, arrival, self.clock())
            return self._standing(session, call_id, find_recording)

    def advance(self, at: Pending, result: Result) -> Pending:
        """The turn after `result`, which answers the turn `at`."""
        with transaction(self.database) as session:
            return engine.advance(
                session, at.call_id, at.position, result, self.handlers, self.clock()
            )

    def end(self, call_id: str) -> None:
        with transaction(self.database) as session:
            engine.end(session, call_id, self.clock())

    def open_calls(self, driver: str, before: datetime | None = None) -> dict[str, str]:
        """Calls in progress: driver's id to ours; with `before`, those not advanced since.

        Nothing is replayed: one call that cannot be must not hide the others.
        """
        with reading(self.database) as session:
            query = select(Call.id, Call.driver_call_id).where(
                Call.driver == driver, Call.ended_at.is_(None)
            )
            if before is not None:
                query = query.where(Call.advanced_at < before)
            return {row.driver_call_id: row.id for row in session.execute(query)}

    def caller_left(self, call_id: str, find_recording: FindRecording) -> None:
        """The caller is gone and nobody saw it: file what they gave, words on disk included."""
        with transaction(self.database) as session:
            at = self._standing(session, call_id, find_recording)
        if isinstance(at.turn.wait, Record) and (recorded := find_recording(recording_name(at))):
            at = self.advance(at, recorded)
        if at.turn.wait is not None:
            self.advance(at, HungUp())
        self.end(at.call_id)

    def _standing(self, session: Session, call_id: str, find_recording: FindRecording) -> Pending:
        """Where the call stands; one that this release cannot replay ends here with an apology."""
        try:
            return engine.pending(session, call_id)
        except engine.FAULTS as error:
            position = engine.journal_length(session, call_id)
            spoken = find_recording(f"{call_id}-{position}")
            return engine.rescue(
                session, call_id, error, position, spoken, self.handlers, self.clock()
            )


def recording_name(at: Pending) -> str:
    """`<call>-<position>`."""
    return f"{at.call_id}-{at.position}"
