"""Advance a call by one answer. Everything here runs inside one database transaction.

Replay makes the call's state out of its journal, the result moves it on, and the
commands it leads to are carried out: all of it is committed together, or nothing is.
A crash before the commit repeats a question; after it, the call goes on.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr import call_rows
from ivr.codec import decode
from ivr.errors import BadEntry, CallTaken, FlowDiverged, FlowFailed, UnknownFlow
from ivr.facts import CallFacts
from ivr.flows.registry import RESCUED, find_flow
from ivr.models import Call, CallStatus, JournalEntry
from ivr.session import CallSession, Entry, Turn
from ivr.steps import Do, Done, Json, Manner, Recorded, Result, Say
from reports.commands import FileReport
from reports.recordings import keep_recording, unfiled_recording
from storage.crypto import current_box

log = structlog.get_logger()

Handler = Callable[[Session, Call, int, Any, datetime], Json]
"""Carries out a command for (session, call, journal position, command, now)."""

Handlers = Mapping[type[object], Handler]

Prepare = Callable[[Session, "Arrival", datetime], "Setting"]
"""Which flow a new call gets, and what it knows."""

_PLAIN = Manner("vi")
APOLOGY = (Say("apology"), Say("goodbye"))
# What makes a call impossible to continue: `rescue` ends it decently.
Fault = BadEntry | FlowDiverged | FlowFailed | UnknownFlow
FAULTS = (BadEntry, FlowDiverged, FlowFailed, UnknownFlow)


@dataclass(frozen=True)
class Arrival:
    """A call as a driver hears of it. `caller_number` is E.164, None where withheld.

    `holder` is the visit that now carries the call: whoever came before it has lost the call.
    `outgoing` is the id of the outgoing call that this is, where we rang.
    """

    driver: str
    driver_call_id: str
    caller_number: str | None
    called_number: str
    holder: str
    carrier_call_id: str | None = None
    outgoing: str | None = None


@dataclass(frozen=True)
class Setting:
    """A new call's flow (name, version) and facts."""

    flow: tuple[str, int]
    facts: CallFacts


class Live:
    """A call's session between two turns, kept in memory for whoever answers first.

    It is only a short cut: whoever does not find it replays the journal.
    """

    __slots__ = ("_kept",)

    def __init__(self, state: CallSession) -> None:
        self._kept = [state]

    def take(self) -> CallSession | None:
        """The session, to one taker only: a session that was moved on cannot be moved back."""
        try:
            return self._kept.pop()
        except IndexError:
            return None


@dataclass(frozen=True)
class Pending:
    """What a call waits for: its turn, and the position that the answer will have.

    Where `turn.wait` is None, the call's end is stored already: only `turn` is left to say.
    """

    call_id: str
    turn: Turn
    position: int
    holder: str
    recording_declined: bool = False
    anonymous: bool = False
    live: Live | None = field(default=None, compare=False, repr=False)
    began_at: datetime | None = field(default=None, compare=False, repr=False)


def take_over(session: Session, arrival: Arrival, now: datetime) -> str | None:
    """The id of a call that is known already; None for a new one.

    From now on only `arrival.holder` may advance it: here and in `begin` is decided who owns
    a call, and nowhere else.
    """
    call_id = call_rows.take_over(
        session.connection(), arrival.driver, arrival.driver_call_id, arrival.holder, now
    )
    if call_id is not None:
        log.info("call taken over", call=call_id)
    return call_id


def begin(
    session: Session, arrival: Arrival, prepare: Prepare, handlers: Handlers, now: datetime
) -> Pending:
    """A new call's first turn; `arrival.holder` owns the call.

    Raises:
        IntegrityError: another server has just begun this call; `take_over` finds it.
    """
    setting = prepare(session, arrival, now)
    flow, version = setting.flow
    number = arrival.caller_number
    call_id = uuid.uuid4().hex
    facts = _as_replayed(vars(setting.facts))
    call_rows.insert_call(
        session.connection(),
        {
            "id": call_id,
            "driver": arrival.driver,
            "driver_call_id": arrival.driver_call_id,
            "carrier_call_id": arrival.carrier_call_id,
            "caller_number": number,
            "caller_hash": current_box().keyed_hash(number) if number else None,
            "called_number": arrival.called_number,
            "language": setting.facts.language,
            "flow": flow,
            "flow_version": version,
            "facts": facts,
            "holder": arrival.holder,
            "held_at": now,
            "started_at": now,
            "advanced_at": now,
        },
    )
    log.info("call begun", call=call_id)
    at = Pending(call_id, Turn((), None, _PLAIN), 0, arrival.holder, began_at=now)
    try:
        state = _session(flow, version, facts, ())
        return _carry_on(session, at, state, handlers, now, known=0)
    except FAULTS as error:
        return rescue(session, call_id, error, 0, None, handlers, now)


def pending(session: Session, call_id: str) -> Pending:
    """The turn at which the call stands; asking changes nothing.

    Raises:
        Fault: the call cannot be replayed; `rescue` it.
    """
    call = session.get_one(Call, call_id)
    state = _replay(session, call)
    if call.status != CallStatus.IN_PROGRESS and state.turn.wait is not None:
        # It was ended from outside: nothing is left to say.
        return _standing(call, Turn((), None, state.manner), state.position)
    return _standing(call, state.turn, state.position, Live(state))


def advance(
    session: Session, at: Pending, result: Result, handlers: Handlers, now: datetime
) -> Pending:
    """Journal `result`, the answer to `at`, with all that it leads to; what the caller hears next.

    A result for any other position than the call's own is a repeated or late one: it
    changes nothing and the current turn comes back.

    Raises:
        CallTaken: another visit holds the call by now.
    """
    state = at.live.take() if at.live else None
    if (
        state is None
        or state.position != at.position
        or not call_rows.hold(session.connection(), at.call_id, at.holder, at.position, now)
    ):
        call = session.scalars(select(Call).where(Call.id == at.call_id).with_for_update()).one()
        if call.holder != at.holder:
            raise CallTaken(f"call {call.id} is held by a later visit")
        try:
            if call.status != CallStatus.IN_PROGRESS:
                return pending(session, call.id)
            state = _replay(session, call)
        except FAULTS as error:
            return rescue_answered(session, at, result, error, handlers, now)
        if state.turn.wait is None or at.position != state.position:
            return _standing(call, state.turn, state.position, Live(state))
        call.advanced_at = now
        at = _standing(call, state.turn, state.position)
    try:
        if isinstance(result, Recorded):
            keep_recording(session, result, at.call_id, at.position, now)
        state.resume(result)
        return _carry_on(session, at, state, handlers, now, known=at.position)
    except FAULTS as error:
        return rescue_answered(session, at, result, error, handlers, now)


def _carry_on(
    session: Session,
    at: Pending,
    state: CallSession,
    handlers: Handlers,
    now: datetime,
    known: int,
) -> Pending:
    """Carry out the commands that `state` has come to, and journal it from `known` on."""
    call: Call | None = None
    while isinstance(do := state.turn.wait, Do):
        if call is None:
            call = session.get_one(Call, at.call_id)
        value = handlers[type(do.command)](session, call, state.position, do.command, now)
        state.resume(Done(_as_replayed(value)))
    if call is not None:
        session.flush()
    if entries := state.journal[known - state.first :]:
        call_rows.write_entries(session.connection(), at.call_id, known, entries, now)
    if state.turn.wait is None:
        call_rows.end_call(session.connection(), at.call_id, now)
        log.info("call ended", call=at.call_id, position=state.position)
    elif entries:
        log.info("turn", call=at.call_id, position=state.position)
    return Pending(
        at.call_id,
        state.turn,
        state.position,
        at.holder,
        call.recording_declined if call else at.recording_declined,
        call.anonymous if call else at.anonymous,
        Live(state),
        at.began_at,
    )


def _as_replayed(value: Any) -> Any:
    """Plain data as the database gives it back: tuples that became lists, nothing shared."""
    return json.loads(json.dumps(value))


def _standing(call: Call, turn: Turn, position: int, live: Live | None = None) -> Pending:
    return Pending(
        call.id,
        turn,
        position,
        call.holder or "",
        call.recording_declined,
        call.anonymous,
        live,
        call.started_at,
    )


def end(session: Session, call_id: str, now: datetime) -> None:
    """The call is over, whatever it stood at. A call ends once."""
    call_rows.end_call(session.connection(), call_id, now)


def _replay(session: Session, call: Call) -> CallSession:
    first = call.rescued_from or 0
    rows = session.execute(
        select(JournalEntry.step, JournalEntry.result)
        .where(JournalEntry.call_id == call.id, JournalEntry.position >= first)
        .order_by(JournalEntry.position)
    )
    journal = (Entry(row.step, decode(row.result)) for row in rows)
    return _session(call.flow, call.flow_version, call.facts, journal, first)


def _session(
    flow: str, version: int, stored: Mapping[str, Any], journal: Iterable[Entry], first: int = 0
) -> CallSession:
    """The call's session after the answers of `journal`.

    Raises:
        Fault: this release cannot make it.
    """
    function = find_flow(flow, version)
    try:
        facts = CallFacts(**stored)
    except TypeError as error:
        raise FlowDiverged("the call's facts are not those of this release") from error
    return CallSession(lambda: function(facts), Manner(facts.language), journal, first)


def turn_after(call: Call, journal: Iterable[tuple[int, Entry]]) -> Turn:
    """The turn at which a call stands whose journal, with its positions, is at hand; for who only
    looks.

    Raises:
        Fault: this release cannot tell.
    """
    first = call.rescued_from or 0
    entries = (entry for position, entry in journal if position >= first)
    return _session(call.flow, call.flow_version, call.facts, entries, first).turn


def journal_length(session: Session, call_id: str) -> int:
    """The position that the call's next entry will have, told without a replay."""
    entries = select(func.count()).where(JournalEntry.call_id == call_id)
    return session.scalar(entries) or 0


def rescue_answered(
    session: Session,
    at: Pending,
    result: Result,
    error: Fault,
    handlers: Handlers,
    now: datetime,
) -> Pending:
    """`rescue` for a fault over `result`, the answer to the turn `at`."""
    position = journal_length(session, at.call_id)
    spoken = result if isinstance(result, Recorded) else None
    return rescue(session, at.call_id, error, position, spoken, handlers, now)


def rescue(
    session: Session,
    call_id: str,
    error: Fault,
    position: int,
    spoken: Recorded | None,
    handlers: Handlers,
    now: datetime,
) -> Pending:
    """Our own fault must not cost the caller their words: file what is there, apologise, and go
    on with a flow that leads to a person.

    `position` is the journal's length; `spoken` the recording that was just made there, if any.
    Should that flow fail too, the apology ends the call.
    """
    call = session.get_one(Call, call_id)
    if call.status != CallStatus.IN_PROGRESS:
        says = APOLOGY if call.rescued_from is not None else ()
        return _standing(call, Turn(says, None, _PLAIN), position)
    log.error("flow failed", call=call.id, error=type(error).__name__, why=str(error))
    if spoken is not None:
        keep_recording(session, spoken, call.id, position, now)
    recording = unfiled_recording(session, call.id)
    if recording is not None:
        command = FileReport(category=None, recording=recording, partial=True)
        handlers[FileReport](session, call, -1, command, now)
    if call.rescued_from is not None:
        call.status = CallStatus.FAILED
        call.ended_at = now
        session.flush()
        return _standing(call, Turn(APOLOGY, None, _PLAIN), position)
    facts = _facts_of_rescued(call)
    call.flow, call.flow_version = RESCUED
    call.facts = _as_replayed(vars(facts))
    call.rescued_from = position + 1
    call.advanced_at = now
    session.flush()
    fault = Entry(RESCUED[0], Done({"fault": type(error).__name__}))
    call_rows.write_entries(session.connection(), call.id, position, [fault], now)
    try:
        return pending(session, call.id)
    except FAULTS as second:
        return rescue(session, call.id, second, position + 1, None, handlers, now)


def _facts_of_rescued(call: Call) -> CallFacts:
    """What is still sure of a call whose own facts may be what is wrong."""
    try:
        known = CallFacts(**call.facts)
    except TypeError:
        known = CallFacts()
    spoken = call.language in known.languages
    return CallFacts(
        language=call.language if spoken else known.language,
        languages=known.languages,
        open_now=known.open_now,
        closed_why=known.closed_why,
        dangers=known.dangers,
        can_text=known.can_text,
        number_known=call.caller_number is not None and not call.anonymous,
        recorded=not call.recording_declined,
    )
