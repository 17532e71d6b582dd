"""Rounds as they are shown: how far each is, and what became of each question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitoring.round_models import QuestionState, Respondent, Round, RoundQuestion


@dataclass(frozen=True)
class RoundView:
    """`states`: how many of its questions are at each."""

    id: str
    indicator: str
    asked_by: str
    phenomenon_at: datetime
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    states: Mapping[str, int]

    @property
    def asked(self) -> int:
        return sum(self.states.values())

    @property
    def answered(self) -> int:
        return self.states.get(QuestionState.ANSWERED, 0)


@dataclass(frozen=True)
class QuestionView:
    """One respondent's part; `next_at`: not rung before, of one that waits."""

    unit_key: str | None
    respondent_id: str
    respondent: str
    state: str
    tries: int
    next_at: datetime | None
    value: float | None
    answered_at: datetime | None
    call_id: str | None


def view_of(session: Session, made: Round) -> RoundView:
    """One round as it stands."""
    return _views(session, [made])[0]


def round_views(session: Session, only_open: bool = False, most: int = 50) -> Sequence[RoundView]:
    """The latest rounds first."""
    query = select(Round).order_by(Round.opened_at.desc(), Round.id).limit(most)
    if only_open:
        query = query.where(Round.closed_at.is_(None))
    return _views(session, session.scalars(query).all())


def question_views(session: Session, round_id: str) -> Sequence[QuestionView]:
    """A round's questions by unit, in the order of asking."""
    rows = session.execute(
        select(RoundQuestion, Respondent)
        .join(Respondent, Respondent.id == RoundQuestion.respondent_id)
        .where(RoundQuestion.round_id == round_id)
        .order_by(RoundQuestion.unit_key, Respondent.added_at, RoundQuestion.id)
    )
    return [
        QuestionView(
            question.unit_key,
            respondent.id,
            respondent.name,
            question.state,
            question.tries,
            question.next_at if question.state == QuestionState.WAITING else None,
            question.value,
            question.answered_at,
            question.call_id,
        )
        for question, respondent in rows
    ]


def _views(session: Session, rounds: Sequence[Round]) -> Sequence[RoundView]:
    counted = session.execute(
        select(RoundQuestion.round_id, RoundQuestion.state, func.count())
        .where(RoundQuestion.round_id.in_([made.id for made in rounds]))
        .group_by(RoundQuestion.round_id, RoundQuestion.state)
    ).all()
    return [
        RoundView(
            made.id,
            made.indicator,
            made.asked_by,
            made.phenomenon_at,
            made.opened_at,
            made.due_at,
            made.closed_at,
            {state: count for round_id, state, count in counted if round_id == made.id},
        )
        for made in rounds
    ]
