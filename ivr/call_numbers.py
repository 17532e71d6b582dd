"""The calls of some span of time in a few numbers, for the operations centre's indicators.

As everywhere they are about calls that citizens made and that have ended (`ivr.call_figures`).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.summary_models import CallSummary, Outcome

_LEFT = (Outcome.NOTHING, Outcome.PARTIAL)


@dataclass(frozen=True)
class CallNumbers:
    """Attributes:
    total: calls that began in the span.
    queued: of those, that waited for a person; `answered`: that a person took.
    abandoned: that waited, were not taken, and left without anything else to the end.
    wait_s, talk_s: means, over those that a person took; None where there are none.
    """

    total: int
    queued: int
    answered: int
    abandoned: int
    wait_s: float | None
    talk_s: float | None


def call_numbers(session: Session, begin: datetime, end: datetime) -> CallNumbers:
    """The numbers of the calls that began from `begin` on and before `end`."""
    taken = CallSummary.answered.is_(True)
    left = (
        CallSummary.queued.is_(True)
        & CallSummary.answered.is_(False)
        & CallSummary.outcome.in_(_LEFT)
    )
    query = select(
        func.count(),
        func.count().filter(CallSummary.queued.is_(True)),
        func.count().filter(taken),
        func.count().filter(left),
        func.avg(CallSummary.waited_s).filter(taken),
        func.avg(CallSummary.talked_s).filter(taken & (CallSummary.talked_s > 0)),
    ).where(
        CallSummary.started_at >= begin,
        CallSummary.started_at < end,
        CallSummary.outgoing.is_(False),
    )
    total, queued, answered, abandoned, wait_s, talk_s = session.execute(query).one()
    return CallNumbers(
        total,
        queued,
        answered,
        abandoned,
        None if wait_s is None else float(wait_s),
        None if talk_s is None else float(talk_s),
    )
