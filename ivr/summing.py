"""What a call came to, read from its journal: once it has ended, and once only.

Journals are sealed and many: figures cannot read them when somebody asks. So the worker reads each
ended call's journal once, keeps a line about it, and packs the lines of a day (`ivr.call_tally`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr.call_tally import pack
from ivr.codec import decode
from ivr.errors import BadEntry
from ivr.flows.registry import OUTGOING
from ivr.models import Call, CallStatus, JournalEntry
from ivr.stages import Stage, bit, stage_of
from ivr.steps import DialEnded, Digits, Done, HungUp, QueueEnded, Result, Said
from ivr.summary_models import CallDay, CallStep, CallSummary, Outcome
from reports.tally import Codes
from storage.database import reading, transaction
from storage.locks import alone

log = structlog.get_logger()

AT_ONCE = 200
# Whoever got through these was told what they wanted to know.
_ANSWERING = frozenset({"Do:open_report", "Do:find_report", "Do:add_to_report", "Do:reopen_report"})
_HEARD_INFORMATION = "Gather:information_more"  # a topic was spoken before it
_OPEN_REPORTS = "Gather:open_reports"


@dataclass(frozen=True)
class Answer:
    """One entry of a journal; None where it cannot be read any more."""

    step: str
    result: Result | None
    at: datetime


def sum_up_calls(engine: Engine, zone: ZoneInfo, since: datetime | None = None) -> int:
    """Keep a line about each ended call that began after `since` and has none; how many."""
    return sum_up(engine, zone, calls_left(engine, since))


def calls_left(engine: Engine, since: datetime | None = None) -> Sequence[str]:
    """The ended calls that have no line yet, the oldest first.

    Of a call whose journal is gone, or was erased, nobody knows what it came to: it gets none.
    """
    query = (
        select(Call.id)
        .where(
            Call.ended_at.is_not(None),
            select(JournalEntry.call_id).where(JournalEntry.call_id == Call.id).exists(),
            ~select(CallSummary.call_id).where(CallSummary.call_id == Call.id).exists(),
        )
        .order_by(Call.started_at)
    )
    if since is not None:
        query = query.where(Call.started_at >= since)
    with reading(engine) as session:
        return session.scalars(query).all()


def sum_up(engine: Engine, zone: ZoneInfo, calls: Sequence[str]) -> int:
    """Keep a line about each of these ended calls; how many had none.

    `zone` is where the hotline stands: days and hours are told by its clock.
    """
    done = 0
    for first in range(0, len(calls), AT_ONCE):
        ids = calls[first : first + AT_ONCE]
        # An ended call does not change: others write while its journal is read.
        with reading(engine) as session:
            made = _summaries(session, ids, zone)
        with transaction(engine) as session:
            done += keep_summaries(session, made)
    if done:
        log.info("calls summed up", count=done)
    return done


def summary_of(call: Call, answers: Sequence[Answer], zone: ZoneInfo) -> CallSummary:
    """What the call came to; it has ended."""
    local = call.started_at.astimezone(zone)
    ended_at = call.ended_at or call.advanced_at
    # What was filed for who hung up comes behind it.
    end = next((n for n, each in enumerate(answers) if isinstance(each.result, HungUp)), None)
    left = answers[end].step if end is not None else None
    stages = 0
    for each in answers:
        if (stage := stage_of(each.step)) is not None:
            stages |= bit(stage)
    queue = [each.result for each in answers if isinstance(each.result, QueueEnded)]
    waited_s = sum(each.waited_s for each in queue)
    if end is not None and answers[end].step.startswith("Enqueue:"):
        before = answers[end - 1].at if end else call.started_at
        waited_s += max(0, round((answers[end].at - before).total_seconds()))
    return CallSummary(
        call_id=call.id,
        started_at=call.started_at,
        day=local.date().isoformat(),
        hour=local.hour,
        # A rescued call goes on in another flow.
        outgoing=call.flow == OUTGOING[0] or bool(stages & bit(Stage.OUTGOING)),
        outcome=_outcome(call, answers),
        left_at=left,
        stages=stages,
        queued=any(each.step.startswith("Enqueue:") for each in answers),
        answered=any(each.outcome == "answered" for each in queue),
        waited_s=waited_s,
        talked_s=sum(each.talked_s for each in queue if each.outcome == "answered"),
        length_s=max(0, round((ended_at - call.started_at).total_seconds())),
    )


def _outcome(call: Call, answers: Sequence[Answer]) -> Outcome:
    """The first that holds, in the order of `Outcome`."""
    steps = {each.step for each in answers if isinstance(each.result, Done)}
    if any(_talked(each.result) for each in answers):
        return Outcome.PERSON
    if "Do:promise_callback" in steps:
        return Outcome.CALLBACK
    if "Do:file_report" in steps:
        return Outcome.REPORT
    if any(_told(each) for each in answers):
        return Outcome.ANSWER
    if "Do:file_partial" in steps:
        return Outcome.PARTIAL
    if call.status == CallStatus.FAILED or call.rescued_from is not None:
        return Outcome.FAILED
    return Outcome.NOTHING


def _talked(result: Result | None) -> bool:
    return isinstance(result, QueueEnded | DialEnded) and result.outcome == "answered"


def _told(answer: Answer) -> bool:
    match answer.result:
        case Done(value) if answer.step in _ANSWERING:
            return not (isinstance(value, dict) and value.get("problem"))
        case Digits("1") | Said("1"):
            return answer.step in (_OPEN_REPORTS, _HEARD_INFORMATION)
        case _:
            return answer.step == _HEARD_INFORMATION


def _summaries(session: Session, ids: Sequence[str], zone: ZoneInfo) -> Sequence[CallSummary]:
    calls = session.scalars(select(Call).where(Call.id.in_(ids), Call.ended_at.is_not(None)))
    journals = _journals(session, ids)
    return [summary_of(call, journals[call.id], zone) for call in calls if call.id in journals]


def keep_summaries(session: Session, made: Sequence[CallSummary]) -> int:
    """Keep those that nobody has kept in the meantime, also in their days; how many."""
    # Of two workers that add to one day, the slower would put back what it had read before.
    alone(session, "call days")
    known = select(CallSummary.call_id).where(CallSummary.call_id.in_(c.call_id for c in made))
    there = set(session.scalars(known))
    new = [each for each in made if each.call_id not in there]
    session.add_all(new)
    _add_to_days(session, new)
    return len(new)


def _add_to_days(session: Session, made: Sequence[CallSummary]) -> None:
    """A line never changes once it is kept: new tallies are put behind those of their day."""
    codes = Codes({row.code: row.number for row in session.scalars(select(CallStep))})
    days: dict[str, list[CallSummary]] = {}
    for each in made:
        days.setdefault(each.day, []).append(each)
    for day, rows in days.items():
        tallies = pack(rows, codes).tobytes()
        kept = session.get(CallDay, day)
        if kept is None:
            session.add(CallDay(day=day, tallies=tallies))
        else:
            kept.tallies += tallies
    for code, number in codes.added.items():
        session.add(CallStep(number=number, code=code))


def _journals(session: Session, ids: Sequence[str]) -> dict[str, list[Answer]]:
    rows = session.execute(
        select(
            JournalEntry.call_id, JournalEntry.step, JournalEntry.result, JournalEntry.entered_at
        )
        .where(JournalEntry.call_id.in_(ids))
        .order_by(JournalEntry.call_id, JournalEntry.position)
    )
    found: dict[str, list[Answer]] = {}
    for call_id, step, stored, at in rows:
        try:
            result: Result | None = decode(stored)
        except BadEntry:  # of a release that is gone; the step alone still tells something
            result = None
        found.setdefault(call_id, []).append(Answer(step, result, at))
    return found
