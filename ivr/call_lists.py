"""Calls that have ended, page by page, newest first: those that a figure counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from ivr.stages import Stage, bit, stage_of
from ivr.summary_models import CallStep, CallSummary, Outcome


@dataclass(frozen=True)
class CallFilters:
    """Each thing given has to hold; None asks for nothing. Calls that we made are never meant.

    Attributes:
        first, last: local days, both included.
        hour: of the local clock at which the call began.
        outcomes: one of these.
        stage: the call came that far. `left_stage`, `left_at`: the caller hung up there.
        queued, answered: waited for a person; a person took the call, or none did.
        waited_s: waited for a person at least so long.
    """

    first: date | None = None
    last: date | None = None
    hour: int | None = None
    outcomes: Sequence[Outcome] | None = None
    stage: Stage | None = None
    left_stage: Stage | None = None
    left_at: str | None = None
    queued: bool | None = None
    answered: bool | None = None
    waited_s: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a page goes on: after this call."""

    started_at: datetime
    call_id: str


def find_calls(
    session: Session, filters: CallFilters, limit: int, after: Place | None = None
) -> Sequence[CallSummary]:
    """At most `limit` calls, newest first."""
    query = select(CallSummary).where(*_conditions(session, filters))
    if after is not None:
        query = query.where(
            or_(
                CallSummary.started_at < after.started_at,
                and_(
                    CallSummary.started_at == after.started_at,
                    CallSummary.call_id < after.call_id,
                ),
            )
        )
    newest = query.order_by(CallSummary.started_at.desc(), CallSummary.call_id.desc())
    return session.scalars(newest.limit(limit)).all()


def _conditions(session: Session, filters: CallFilters) -> Iterator[ColumnElement[bool]]:
    yield CallSummary.outgoing.is_(False)
    if filters.first is not None:
        yield CallSummary.day >= filters.first.isoformat()
    if filters.last is not None:
        yield CallSummary.day <= filters.last.isoformat()
    if filters.hour is not None:
        yield CallSummary.hour == filters.hour
    if filters.outcomes is not None:
        yield CallSummary.outcome.in_(filters.outcomes)
    if filters.stage is not None:
        yield CallSummary.stages.op("&")(bit(filters.stage)) != 0
    if filters.left_stage is not None:
        yield CallSummary.left_at.in_(_steps_of(session, filters.left_stage))
    if filters.left_at is not None:
        yield CallSummary.left_at == filters.left_at
    if filters.queued is not None:
        yield CallSummary.queued.is_(filters.queued)
    if filters.answered is not None:
        yield CallSummary.answered.is_(filters.answered)
    if filters.waited_s is not None:
        yield CallSummary.waited_s >= filters.waited_s


def _steps_of(session: Session, stage: Stage) -> Sequence[str]:
    """All steps of that stage at which anybody ever hung up."""
    known = session.scalars(select(CallStep.code)).all()
    return [step for step in known if (stage_of(step) or Stage.OTHER) is stage]
