"""A call's life for whoever carries it: each method is one transaction of the engine."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr import engine
from ivr.engine import Arrival, Handlers, Pending, Prepare
from ivr.errors import FlowFailed, IvrError
from ivr.models import Call
from ivr.session import MOST_ANSWERS
from ivr.steps import HungUp, Record, Recorded, Result
from storage.database import reading
from storage.errors import DATABASE_AWAY
from storage.group_commit import GroupCommit

log = structlog.get_logger()

FindRecording = Callable[[str], Recorded | None]
"""The recording of that name, if it lies whole on disk."""
EndedBy = Callable[[Pending], Result | None]
"""What a wait brought that ended while no server was looking, if that is known."""


@dataclass(frozen=True)
class Conversations:
    """The conversations of one database. `clock` gives aware UTC moments."""

    database: Engine
    handlers: Handlers
    prepare: Prepare
    clock: Callable[[], datetime]
    _writer: GroupCommit = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_writer", GroupCommit(self.database))

    def begin(self, arrival: Arrival, find_recording: FindRecording = lambda name: None) -> Pending:
        """The call's first turn, or the one it stood at when a driver lost it.

        From now on only `arrival.holder` may advance it.
        """

        def work(session: Session) -> Pending:
            now = self.clock()
            if call_id := engine.take_over(session, arrival, now):
                return self._standing(session, call_id, find_recording)
            return engine.begin(session, arrival, self.prepare, self.handlers, now)

        try:
            return self._writer.run(work)
        except IntegrityError:  # on PostgreSQL, two servers may hear of a call at the same moment
            return self._writer.run(work)

    def advance(self, at: Pending, result: Result) -> Pending:
        """The turn after `result`, which answers the turn `at`; it is committed on return.

        Raises:
            CallTaken: another visit holds the call by now.
        """
        try:
            return self._writer.run(
                lambda session: engine.advance(session, at, result, self.handlers, self.clock())
            )
        except (IvrError, *DATABASE_AWAY):
            raise
        except Exception as error:  # a defect of ours: asked again, the caller would meet it again
            log.error("command failed", call=at.call_id, error=type(error).__name__, at=_at(error))
            fault = FlowFailed(f"{type(error).__name__} in a command")
            return self._writer.run(
                lambda session: engine.rescue_answered(
                    session, at, result, fault, self.handlers, self.clock()
                )
            )

    def standing(self, call_id: str) -> Pending | None:
        """The turn at which the call stands, by looking only; None where there is no such call.

        Others may look at the same moment, under the same holder. Where writers wait for each other
        that does no harm; elsewhere whoever answers replays the journal behind the call's lock.
        """
        try:
            with reading(self.database) as session:
                if session.get(Call, call_id) is None:
                    return None
                at = engine.pending(session, call_id)
                return at if self.database.dialect.name == "sqlite" else replace(at, live=None)
        except engine.FAULTS:
            return self._writer.run(
                lambda session: self._standing(session, call_id, lambda name: None)
            )

    def hang_up(self, at: Pending) -> None:
        """The caller is gone: file what they gave. Answers that come at the same time count first,
        as far as they are quicker."""
        for _ in range(MOST_ANSWERS):
            if at.turn.wait is None:  # the end is stored with it
                return
            at = self.advance(at, HungUp())
        self.end(at.call_id)

    def end(self, call_id: str) -> None:
        """Make sure that the call is over, whatever it stood at."""
        self._writer.run(lambda session: engine.end(session, call_id, self.clock()))

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

    def caller_left(
        self,
        call_id: str,
        find_recording: FindRecording,
        ended_by: EndedBy = lambda at: None,
    ) -> None:
        """The caller is gone and nobody saw it: file what they gave, words on disk included.

        `ended_by` may know what the last wait brought before they left.
        """
        at = self._writer.run(lambda session: self._standing(session, call_id, find_recording))
        if isinstance(at.turn.wait, Record) and (recorded := find_recording(recording_name(at))):
            at = self.advance(at, recorded)
        elif (result := ended_by(at)) is not None:
            at = self.advance(at, result)
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


def _at(error: Exception) -> str:
    """Where it was raised: a whole traceback could tell what the caller said."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{Path(last.filename).name}:{last.lineno}"


def recording_name(at: Pending) -> str:
    """`<call>-<position>`."""
    return f"{at.call_id}-{at.position}"
