"""Figures over the calls of some days. Each says what it counts; nothing else defines it.

All are about calls that citizens made and that have ended: calls that we made, and calls in
progress, are left out, and so are calls of the last minute that the worker has not read yet
(`CallFigures.read_until`). Days and hours are of the province's clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.call_tally import ANSWERED, CALL_OUTGOING, OUTCOMES, QUEUED, CallTallies, unpack
from ivr.stages import FUNNEL, Stage, bit, stage_of
from ivr.summary_models import CONTAINED, CallDay, CallStep, CallSummary, Outcome


@dataclass(frozen=True)
class StageCount:
    """`reached`: calls that were asked something of that stage. `left`: that hung up at one of its
    questions, or while it was spoken."""

    stage: Stage
    reached: int
    left: int


@dataclass(frozen=True)
class StepCount:
    """How many callers hung up at that step of the conversation (`Gather:contact`)."""

    step: str
    stage: Stage
    left: int


@dataclass(frozen=True)
class Spread:
    """Of so many lengths of time: that which half, and nine of ten, did not exceed; the longest.

    None where there are none. Of an even number the lower one: a time that somebody did take.
    """

    count: int
    median_s: int | None
    p90_s: int | None
    longest_s: int | None


@dataclass(frozen=True)
class CallFigures:
    """Attributes:
    total: calls.
    days, hours: calls by the local day and hour (0 to 23) at which they began.
    outcomes: calls by what they came to; each call counts once.
    contained: calls that filed a report or got an answer and talked to no person; of `total`.
    queued: calls that waited for a person. `answered`: of those, that a person took;
        the others hung up, left the queue by a key, or nobody came.
    waits: how long the answered ones waited, in all rounds together.
    talks: how long they talked. Calls whose talk was not timed (before release 0.2) are left out.
    lengths: from answer to hangup, of all calls.
    funnel: the way of a call that files a report, stage by stage.
    stages: all other stages at which somebody hung up, or that were reached.
    steps: the steps at which callers hung up, the commonest first.
    read_from, read_until: when the oldest and the youngest call that is counted began; of all
        days. None: no call yet.
    """

    total: int
    days: Mapping[str, int]
    hours: Mapping[int, int]
    outcomes: Mapping[Outcome, int]
    contained: int
    queued: int
    answered: int
    waits: Spread
    talks: Spread
    lengths: Spread
    funnel: Sequence[StageCount]
    stages: Sequence[StageCount]
    steps: Sequence[StepCount]
    read_from: datetime | None
    read_until: datetime | None


def call_figures(session: Session, first: date, last: date) -> CallFigures:
    """The figures of the calls that began on these local days, both included."""
    query = (
        select(CallDay.day, CallDay.tallies)
        .where(CallDay.day >= first.isoformat(), CallDay.day <= last.isoformat())
        .order_by(CallDay.day)
    )
    packed = {day: _of_citizens(unpack([tallies])) for day, tallies in session.execute(query)}
    names = {row.number: row.code for row in session.scalars(select(CallStep))}
    tallies = np.concatenate([unpack([]), *packed.values()])
    counts = np.bincount(tallies["outcome"], minlength=len(OUTCOMES))
    outcomes = {outcome: int(counts[number]) for number, outcome in enumerate(OUTCOMES)}
    answered = tallies[(tallies["flags"] & ANSWERED) != 0]
    steps = _steps(tallies, names)
    reached = _stages(tallies, steps)
    return CallFigures(
        total=len(tallies),
        days={day: len(each) for day, each in packed.items() if len(each)},
        hours=_hours(tallies),
        outcomes=outcomes,
        contained=sum(outcomes[each] for each in CONTAINED),
        queued=int(np.count_nonzero(tallies["flags"] & QUEUED)),
        answered=len(answered),
        waits=_spread(answered["waited_s"]),
        talks=_spread(answered["talked_s"][answered["talked_s"] > 0]),
        lengths=_spread(tallies["length_s"]),
        funnel=[reached[stage] for stage in FUNNEL],
        stages=[
            each
            for stage, each in reached.items()
            if stage not in FUNNEL and (each.reached or each.left)
        ],
        steps=steps,
        read_from=session.scalar(select(func.min(CallSummary.started_at))),
        read_until=session.scalar(select(func.max(CallSummary.started_at))),
    )


def _of_citizens(tallies: CallTallies) -> CallTallies:
    found: CallTallies = tallies[(tallies["flags"] & CALL_OUTGOING) == 0]
    return found


def _hours(tallies: CallTallies) -> Mapping[int, int]:
    counts = np.bincount(tallies["hour"], minlength=24)
    return {hour: int(counts[hour]) for hour in range(24)}


def _steps(tallies: CallTallies, names: Mapping[int, str]) -> Sequence[StepCount]:
    counts = np.bincount(tallies["left_at"])
    found = [
        StepCount(names[int(n)], stage_of(names[int(n)]) or Stage.OTHER, int(counts[n]))
        for n in counts.nonzero()[0]
        if n
    ]
    return sorted(found, key=lambda each: (-each.left, each.step))


def _stages(tallies: CallTallies, steps: Sequence[StepCount]) -> Mapping[Stage, StageCount]:
    return {
        stage: StageCount(
            stage,
            int(np.count_nonzero(tallies["stages"] & bit(stage))),
            sum(each.left for each in steps if each.stage is stage),
        )
        for stage in Stage
        if stage is not Stage.OUTGOING
    }


def _spread(lengths: CallTallies) -> Spread:
    count = len(lengths)
    if not count:
        return Spread(0, None, None, None)
    middle, ninety = (count - 1) // 2, (9 * count + 9) // 10 - 1
    ordered = np.partition(lengths, [middle, ninety])
    return Spread(count, int(ordered[middle]), int(ordered[ninety]), int(lengths.max()))
