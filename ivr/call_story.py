"""What whoever takes a call should know of it at once: what the caller pressed and said before, and
what else is open of theirs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.codec import decode
from ivr.errors import BadEntry
from ivr.live_calls import Answer, Did, answer_of, statements_of
from ivr.models import Call, JournalEntry
from ivr.privacy import is_private
from ivr.stages import Stage, stage_of
from ivr.steps import DialEnded, Digits, Result
from notifications.service import masked
from reports.lifecycle import ENDED
from reports.models import Report

MOST_TOLD = 60
MOST_REPORTS = 10


@dataclass(frozen=True)
class Told:
    """One answer of the caller, and the part of the conversation in which they gave it."""

    stage: Stage
    answer: Answer


@dataclass(frozen=True)
class Spoken:
    """A recording of the call; `text` is None while nobody has its words."""

    name: str
    length_s: int
    text: str | None
    confidence: float | None


@dataclass(frozen=True)
class CallStory:
    """`number` is masked, None where there is none or nobody is to know it. `reports` are those of
    this call, `others` the caller's open ones of before."""

    id: str
    language: str
    number: str | None
    anonymous: bool
    started_at: datetime
    ended_at: datetime | None
    told: Sequence[Told]
    spoken: Sequence[Spoken]
    reports: Sequence[Report]
    others: Sequence[Report]


def call_story(session: Session, call_id: str) -> CallStory | None:
    """The story of that call; None where there is no such call."""
    call = session.get(Call, call_id[:32])
    if call is None:
        return None
    # The last ones: what a long call has come to matters more than how it began.
    entries = session.execute(
        select(JournalEntry.step, JournalEntry.result)
        .where(JournalEntry.call_id == call.id)
        .order_by(JournalEntry.position.desc())
        .limit(MOST_TOLD)
    ).all()
    reports = session.scalars(
        select(Report).where(Report.call_id == call.id).order_by(Report.requested_at)
    ).all()
    return CallStory(
        id=call.id,
        language=call.language,
        number=None if call.anonymous else masked(call.caller_number),
        anonymous=call.anonymous,
        started_at=call.started_at,
        ended_at=call.ended_at,
        told=tuple(_told((row.step, row.result) for row in reversed(entries))),
        spoken=_spoken(session, call),
        reports=reports,
        others=_others(session, call, [report.id for report in reports]),
    )


def _told(rows: Iterable[tuple[str, dict[str, object]]]) -> Iterator[Told]:
    for step, result in rows:
        stage = stage_of(step)
        try:
            answer = _answer(step, decode(result))
        except BadEntry:
            continue  # of a release to come; its reader will know
        if answer is not None and stage is not None:
            yield Told(stage, answer)


def _answer(step: str, result: Result) -> Answer | None:
    match result:
        case Digits(value) if is_private(step):
            return Answer(step, Did.ENTERED, count=len(value))
        case DialEnded():
            return None
        case _:
            return answer_of(step, result)


def _spoken(session: Session, call: Call) -> tuple[Spoken, ...]:
    return tuple(
        Spoken(row.name, round(row.length_s), row.text or None, row.confidence)
        for row in session.execute(statements_of([call.id]))
    )


def _others(session: Session, call: Call, these: Sequence[str]) -> Sequence[Report]:
    if call.caller_hash is None or call.anonymous:
        return ()
    return session.scalars(
        select(Report)
        .where(
            Report.caller_hash == call.caller_hash,
            Report.status.not_in(ENDED),
            Report.anonymous.is_(False),
            Report.id.not_in(these),
        )
        .order_by(Report.requested_at.desc())
        .limit(MOST_REPORTS)
    ).all()
