"""The calls in progress, as staff may watch them: where each stands, and what its caller did last.

Nothing is asked of the servers that hold the calls: each turn is committed before the caller hears
the next, so the tables know as soon as anybody can. A call is read and replayed only when it has
moved on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ivr.codec import decode
from ivr.engine import FAULTS, turn_after
from ivr.models import Call, CallStatus, JournalEntry
from ivr.session import Entry
from ivr.steps import (
    DialEnded,
    Digits,
    NoInput,
    QueueEnded,
    Recorded,
    Result,
    Said,
    step_name,
)
from notifications.service import masked
from reports.models import Recording, Report, Transcript, TranscriptStatus
from storage.errors import BadKey

log = structlog.get_logger()

MOST_ANSWERS = 3
AT_ONCE = 200
LONGEST_WORDS = 300
_UNREADABLE = (BadKey, ValueError)  # sealed with another key, or no JSON
DOUBTFUL = 0.7


class Did(StrEnum):
    """What a caller did at a step; `entered`: several keys, which are nobody's to watch."""

    PRESSED = "pressed"
    ENTERED = "entered"
    SAID = "said"
    SPOKE = "spoke"
    SILENT = "silent"
    QUEUED = "queued"
    CONNECTED = "connected"


@dataclass(frozen=True)
class Answer:
    """`text`: the key, the words of a list, or an outcome; `count`: keys or seconds."""

    step: str
    did: Did
    text: str = ""
    count: int = 0


@dataclass(frozen=True)
class Heard:
    """A statement's words; None while the recogniser has not got to them."""

    recording: str
    length_s: int
    text: str | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class LiveCall:
    """A call in progress. `step` is as the journal will name it, `since` is when it began; `number`
    is masked, None for who withholds it or chose to stay unnamed. Where the rows cannot be read or
    replayed, `step` is empty."""

    id: str
    driver: str
    driver_call_id: str
    language: str
    number: str | None
    started_at: datetime
    since: datetime
    step: str
    answers: Sequence[Answer] = ()
    heard: Sequence[Heard] = ()
    reference: str | None = None


class LiveCalls:
    """What is known of the calls in progress; `look` brings it up to date. For one thread."""

    def __init__(self) -> None:
        self._known: dict[str, LiveCall] = {}

    def look(self, session: Session) -> Mapping[str, LiveCall]:
        """The calls in progress by their ids, the oldest first."""
        rows = session.execute(
            select(Call.id, Call.advanced_at)
            .where(Call.status == CallStatus.IN_PROGRESS)
            .order_by(Call.started_at, Call.id)
        ).all()
        moved = [
            row.id
            for row in rows
            if row.id not in self._known or self._known[row.id].since != row.advanced_at
        ]
        fresh: dict[str, LiveCall] = {}
        for ids in _portions(moved):
            fresh |= _read_each(session, ids)
        self._known = {
            row.id: fresh.get(row.id) or self._known[row.id]
            for row in rows
            if row.id in fresh or row.id in self._known
        }
        unready = [
            call.id
            for call in self._known.values()
            if call.id in fresh or any(each.text is None for each in call.heard)
        ]
        for ids in _portions(unready):
            words = _words(session, ids)
            for call_id in ids:
                heard = tuple(words.get(call_id, ()))
                self._known[call_id] = replace(self._known[call_id], heard=heard)
        return dict(self._known)


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def _read_each(session: Session, ids: Sequence[str]) -> dict[str, LiveCall]:
    """As `_read`, but a row that cannot be opened hides none but its own call."""
    try:
        return _read(session, ids)
    except _UNREADABLE as error:
        session.expunge_all()
        if len(ids) > 1:
            found: dict[str, LiveCall] = {}
            for call_id in ids:
                found |= _read_each(session, [call_id])
            return found
        log.warning("call cannot be read", call=ids[0], error=type(error).__name__)
        return _unread(session, ids[0])


def _unread(session: Session, call_id: str) -> dict[str, LiveCall]:
    """The call by what is not sealed."""
    columns = (Call.driver, Call.driver_call_id, Call.language, Call.started_at, Call.advanced_at)
    row = session.execute(
        select(*columns).where(Call.id == call_id, Call.status == CallStatus.IN_PROGRESS)
    ).one_or_none()
    if row is None:
        return {}
    return {
        call_id: LiveCall(
            id=call_id,
            driver=row.driver,
            driver_call_id=row.driver_call_id,
            language=row.language,
            number=None,
            started_at=row.started_at,
            since=row.advanced_at,
            step="",
        )
    }


def _read(session: Session, ids: Sequence[str]) -> dict[str, LiveCall]:
    calls = session.scalars(select(Call).where(Call.id.in_(ids))).all()
    journals: dict[str, list[tuple[int, str, Mapping[str, object]]]] = {each: [] for each in ids}
    for row in session.execute(
        select(JournalEntry.call_id, JournalEntry.position, JournalEntry.step, JournalEntry.result)
        .where(JournalEntry.call_id.in_(ids))
        .order_by(JournalEntry.call_id, JournalEntry.position)
    ):
        journals[row.call_id].append((row.position, row.step, row.result))
    references: dict[str, str] = {
        row.call_id: row.reference
        for row in session.execute(
            select(Report.call_id, Report.reference)
            .where(Report.call_id.in_(ids))
            .order_by(Report.requested_at)
        )
    }
    session.expunge_all()  # each look shall see what is there, not what was
    return {
        call.id: _live(call, journals[call.id], references.get(call.id))
        for call in calls
        if call.status == CallStatus.IN_PROGRESS
    }


def _live(
    call: Call, rows: Sequence[tuple[int, str, Mapping[str, object]]], reference: str | None
) -> LiveCall:
    try:
        journal = [(position, Entry(step, decode(result))) for position, step, result in rows]
        step = step_name(turn_after(call, journal).wait)
    except FAULTS:  # whoever holds it will rescue it: until then nobody can say where it stands
        journal, step = [], ""
    told = [
        answer
        for _, entry in journal
        if (answer := answer_of(entry.step, entry.result)) is not None
    ]
    return LiveCall(
        id=call.id,
        driver=call.driver,
        driver_call_id=call.driver_call_id,
        language=call.language,
        number=None if call.anonymous else masked(call.caller_number),
        started_at=call.started_at,
        since=call.advanced_at,
        step=step,
        answers=tuple(told[-MOST_ANSWERS:]),
        reference=reference,
    )


def answer_of(step: str, result: Result) -> Answer | None:
    """What the caller did, as staff may watch it; None where it was no act of theirs."""
    match result:
        case Digits(value) if len(value) == 1:
            return Answer(step, Did.PRESSED, value)
        case Digits(value):
            return Answer(step, Did.ENTERED, count=len(value))
        case Said(words=words):
            return Answer(step, Did.SAID, words)
        case Recorded(silent=False, length_s=length_s):
            return Answer(step, Did.SPOKE, count=round(length_s))
        case Recorded() | NoInput():
            return Answer(step, Did.SILENT)
        case QueueEnded(outcome=outcome, waited_s=waited_s):
            return Answer(step, Did.QUEUED, outcome, waited_s)
        case DialEnded(outcome=outcome, talked_s=talked_s):
            return Answer(step, Did.CONNECTED, outcome, talked_s)
        case _:
            return None


def _words(session: Session, ids: Sequence[str]) -> dict[str, list[Heard]]:
    found: dict[str, list[Heard]] = {}
    for row in session.execute(statements_of(ids)):
        text = None
        if row.status in (TranscriptStatus.DONE, TranscriptStatus.FAILED):
            text = (row.text or "")[:LONGEST_WORDS]
        doubtful = row.confidence is not None and row.confidence < DOUBTFUL
        heard = Heard(row.name, round(row.length_s), text, doubtful)
        found.setdefault(row.call_id, []).append(heard)
    return found


def statements_of(calls: Sequence[str]) -> Select[str, str, float, str, str | None, float | None]:
    """(call_id, name, length_s, status, text, confidence) of what callers said and we kept, in its
    order; the last three are None where nobody has listened to it."""
    return (
        select(
            Recording.call_id,
            Recording.name,
            Recording.length_s,
            Transcript.status,
            Transcript.text,
            Transcript.confidence,
        )
        .join(Transcript, Transcript.recording_name == Recording.name, isouter=True)
        .where(
            Recording.call_id.in_(calls),
            Recording.silent.is_(False),
            Recording.discarded_at.is_(None),
        )
        .order_by(Recording.call_id, Recording.position)
    )
