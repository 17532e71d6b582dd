"""A call's life for whoever carries it: each method is one transaction of the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from ivr import engine
from ivr.engine import Arrival, Handlers, Pending
from ivr.models import Call
from ivr.steps import HungUp, Record, Recorded, Result
from storage.database import reading, transaction


@dataclass(frozen=True)
class Conversations:
    """The conversations of one database. `clock` gives aware UTC moments."""

    database: Engine
    handlers: Handlers
    clock: Callable[[], datetime]

    def begin(self, arrival: Arrival) -> Pending:
        """The call's first turn, or the one it stood at when a driver lost it."""
        with transaction(self.database) as session:
            call_id = engine.begin(session, arrival, self.clock())
            return engine.pending(session, call_id)

    def advance(self, at: Pending, result: Result) -> Pending:
        """The turn after `result`, which answers the turn `at`."""
        with transaction(self.database) as session:
            return engine.advance(
                session, at.call_id, at.position, result, self.handlers, self.clock()
            )

    def end(self, call_id: str) -> None:
        with transaction(self.database) as session:
            engine.end(session, call_id, self.clock())

    def open_calls(self, driver: str, before: datetime | None = None) -> dict[str, Pending]:
        """Calls in progress by their driver's id; with `before`, those not advanced since."""
        with reading(self.database) as session:
            query = select(Call.id, Call.driver_call_id).where(
                Call.driver == driver, Call.ended_at.is_(None)
            )
            if before is not None:
                query = query.where(Call.advanced_at < before)
            rows = session.execute(query).all()
            return {row.driver_call_id: engine.pending(session, row.id) for row in rows}

    def caller_left(self, at: Pending, find_recording: Callable[[str], Recorded | None]) -> None:
        """The caller is gone and nobody saw it: file what they gave, words on disk included."""
        if isinstance(at.turn.wait, Record) and (recorded := find_recording(recording_name(at))):
            at = self.advance(at, recorded)
        if at.turn.wait is not None:
            self.advance(at, HungUp())
        self.end(at.call_id)


def recording_name(at: Pending) -> str:
    """`<call>-<position>`."""
    return f"{at.call_id}-{at.position}"
