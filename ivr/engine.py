"""Advance a call by one answer. Everything here runs inside one database transaction.

Replay makes the call's state out of its journal, the result moves it on, and the
commands it leads to are carried out: all of it is committed together, or nothing is.
A crash before the commit repeats a question; after it, the call goes on.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.codec import decode, encode
from ivr.errors import BadEntry, FlowDiverged, FlowFailed, UnknownFlow
from ivr.facts import CallFacts
from ivr.flows.registry import INCOMING, find_flow
from ivr.models import Call, CallStatus, JournalEntry
from ivr.session import CallSession, Entry, Turn
from ivr.steps import Do, Done, HungUp, Recorded, Result, Say
from reports.commands import FileReport
from reports.recordings import keep_recording, unfiled_recording
from storage.crypto import current_box

log = structlog.get_logger()

Handler = Callable[[Session, Call, int, object, datetime], str | None]
"""Carries out a command for (session, call, journal position, command, now)."""

Handlers = Mapping[type[object], Handler]

APOLOGY = Turn((Say("apology"), Say("goodbye")), None)
OVER = Turn((), None)
# What makes a call impossible to continue: `rescue` ends it decently.
Fault = BadEntry | FlowDiverged | FlowFailed | UnknownFlow
FAULTS = (BadEntry, FlowDiverged, FlowFailed, UnknownFlow)


@dataclass(frozen=True)
class Arrival:
    """A call as a driver hears of it. `caller_number` is E.164, None where withheld."""

    driver: str
    driver_call_id: str
    caller_number: str | None
    called_number: str
    facts: CallFacts
    carrier_call_id: str | None = None


@dataclass(frozen=True)
class Pending:
    """What a call waits for: its turn, and the position that the answer will have."""

    call_id: str
    turn: Turn
    position: int
    recording_declined: bool


def begin(session: Session, arrival: Arrival, now: datetime) -> str:
    """The call's id; a driver that comes again with the same call finds it as it was."""
    found = session.scalar(
        select(Call.id).where(
            Call.driver == arrival.driver, Call.driver_call_id == arrival.driver_call_id
        )
    )
    if found is not None:
        return found
    flow, version = INCOMING
    number = arrival.caller_number
    call = Call(
        id=uuid.uuid4().hex,
        driver=arrival.driver,
        driver_call_id=arrival.driver_call_id,
        carrier_call_id=arrival.carrier_call_id,
        caller_number=number,
        caller_hash=current_box().keyed_hash(number) if number else None,
        called_number=arrival.called_number,
        language=arrival.facts.language,
        flow=flow,
        flow_version=version,
        facts=asdict(arrival.facts),
        status=CallStatus.IN_PROGRESS,
        started_at=now,
        advanced_at=now,
    )
    session.add(call)
    session.flush()
    log.info("call begun", call=call.id)
    return call.id


def pending(session: Session, call_id: str) -> Pending:
    """The turn at which the call stands; asking changes nothing.

    Raises:
        Fault: the call cannot be replayed; `rescue` it.
    """
    call = session.get_one(Call, call_id)
    if call.status == CallStatus.FAILED:
        return Pending(call.id, APOLOGY, 0, call.recording_declined)
    state = _replay(session, call)
    return Pending(call.id, state.turn, state.position, call.recording_declined)


def advance(
    session: Session,
    call_id: str,
    position: int,
    result: Result,
    handlers: Handlers,
    now: datetime,
) -> Pending:
    """Journal `result` with all that it leads to; what the caller hears next.

    A result for any other position than the call's own is a repeated or late one: it
    changes nothing and the current turn comes back.
    """
    call = session.scalars(select(Call).where(Call.id == call_id).with_for_update()).one()
    if call.status != CallStatus.IN_PROGRESS:
        return pending(session, call_id)
    try:
        state = _replay(session, call)
        if state.turn.wait is None or position != state.position:
            return Pending(call.id, state.turn, state.position, call.recording_declined)
        known = state.position
        if isinstance(result, Recorded):
            keep_recording(session, result, call.id, position, now)
        state.resume(result)
        while isinstance(do := state.turn.wait, Do):
            value = handlers[type(do.command)](session, call, state.position, do.command, now)
            state.resume(Done(value))
    except FAULTS as error:
        spoken = result if isinstance(result, Recorded) else None
        return rescue(session, call_id, error, position, spoken, handlers, now)
    for index, entry in enumerate(state.journal[known:], start=known):
        session.add(
            JournalEntry(
                call_id=call.id,
                position=index,
                step=entry.step,
                result=encode(entry.result),
                entered_at=now,
            )
        )
    call.advanced_at = now
    if isinstance(result, HungUp):
        _end(call, now)
    session.flush()
    log.info("turn", call=call.id, position=state.position)
    return Pending(call.id, state.turn, state.position, call.recording_declined)


def end(session: Session, call_id: str, now: datetime) -> None:
    """The conversation is over and its last turn was heard, or the caller left during it."""
    call = session.scalars(select(Call).where(Call.id == call_id).with_for_update()).one()
    _end(call, now)


def _end(call: Call, now: datetime) -> None:
    if call.ended_at is None:
        call.ended_at = now
        if call.status == CallStatus.IN_PROGRESS:
            call.status = CallStatus.COMPLETED
        log.info("call ended", call=call.id, status=call.status)


def _replay(session: Session, call: Call) -> CallSession:
    flow = find_flow(call.flow, call.flow_version)
    rows = session.scalars(
        select(JournalEntry).where(JournalEntry.call_id == call.id).order_by(JournalEntry.position)
    )
    try:
        facts = CallFacts(**call.facts)
    except TypeError as error:
        raise FlowDiverged("the call's facts are not those of this release") from error
    return CallSession(lambda: flow(facts), (Entry(row.step, decode(row.result)) for row in rows))


def journal_length(session: Session, call_id: str) -> int:
    """The position that the call's next entry will have, told without a replay."""
    entries = select(func.count()).where(JournalEntry.call_id == call_id)
    return session.scalar(entries) or 0


def rescue(
    session: Session,
    call_id: str,
    error: Fault,
    position: int,
    spoken: Recorded | None,
    handlers: Handlers,
    now: datetime,
) -> Pending:
    """Our own fault must not cost the caller their words: file what is there and apologise.

    `spoken` is the recording that was just made at `position`, if any.
    """
    call = session.get_one(Call, call_id)
    if call.status != CallStatus.IN_PROGRESS:
        return Pending(call.id, OVER, position, call.recording_declined)
    log.error("flow failed", call=call.id, error=type(error).__name__, why=str(error))
    if spoken is not None:
        keep_recording(session, spoken, call.id, position, now)
    recording = unfiled_recording(session, call.id)
    if recording is not None:
        command = FileReport(category=None, recording=recording, partial=True)
        handlers[FileReport](session, call, -1, command, now)
    call.status = CallStatus.FAILED
    return Pending(call.id, APOLOGY, position, call.recording_declined)
