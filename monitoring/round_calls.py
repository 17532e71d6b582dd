"""The calls of rounds: who is rung when, what is asked, and what becomes of the answer.

An answer is an observation of the source `round` at the moment that the round asks about, however
late it comes: what was known when is told by `known_at`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitoring.commands import Outcome
from monitoring.observing import Reading, Reason, store
from monitoring.respondents import forget_respondent
from monitoring.round_models import QuestionState, Respondent, Round, RoundQuestion
from monitoring.rounds import OPEN, ask_next, close_if_over, give_up_waiting, has_answered
from monitoring.sources import ROUND
from monitoring.streams import stream_of
from provinces.schema import Province
from reports.callbacks import RINGING_LIMIT, TALKING_LIMIT, Order, RingRules
from storage.locks import alone

log = structlog.get_logger()

_OF_THE_VALUE = frozenset({Reason.NUMBER, Reason.LOW, Reason.HIGH})
PREFIX = "round"
"""With this the ids of outgoing calls begin that ask for a figure."""


@dataclass(frozen=True)
class Asking:
    """What is asked of whom in a call that we made."""

    outgoing: str
    indicator: str
    unit_key: str | None
    phenomenon_at: datetime
    language: str


@dataclass(frozen=True)
class Kept:
    """What became of an answer. `again`: the person will be rung once more; `noted`: nothing that
    they told was lost."""

    again: bool
    noted: bool


def round_rules(province: Province) -> RingRules:
    """The province's hours and tries for rounds."""
    limits = province.limits
    return RingRules(
        opens=limits.round_from,
        closes=limits.round_until,
        tries=limits.round_tries,
        gap=timedelta(minutes=limits.round_gap_minutes),
        timezone=province.timezone,
    )


def is_round(outgoing: str) -> bool:
    """Whether an outgoing call asks for a figure."""
    return outgoing.startswith(f"{PREFIX}-")


def due_questions(
    session: Session, rules: RingRules, at_once: int, now: datetime
) -> Sequence[Order]:
    """Take up to `at_once` calls, less those under way; each is ours to ring from this
    transaction's end on. No number is rung twice at the same time."""
    alone(session, "rounds")
    _take_back_lost(session, rules, now)
    _close_finished(session, now)
    if not rules.allow(now):
        return ()
    ringing = set(_numbers_on_the_line(session))
    free = at_once - len(ringing)
    if free <= 0:
        return ()
    chosen = session.execute(
        select(RoundQuestion, Respondent)
        .join(Respondent, Respondent.id == RoundQuestion.respondent_id)
        .join(Round, Round.id == RoundQuestion.round_id)
        .where(
            RoundQuestion.state == QuestionState.WAITING,
            RoundQuestion.next_at <= now,
            Round.closed_at.is_(None),
            Round.due_at > now,
            Respondent.number_hash.not_in(ringing),
        )
        .order_by(Round.opened_at, RoundQuestion.next_at, RoundQuestion.id)
    )
    orders: list[Order] = []
    for question, respondent in chosen:
        if len(orders) == free:
            break
        if respondent.number_hash in ringing:
            continue
        ringing.add(respondent.number_hash)
        question.state = QuestionState.CALLING
        question.tries += 1
        question.next_at = now + RINGING_LIMIT  # then nobody has answered, or the order was lost
        orders.append(Order(_outgoing(question), respondent.number))
    session.flush()
    return orders


def picked_up(session: Session, outgoing: str, now: datetime) -> Asking | None:
    """What to ask whoever has answered; None where nothing is to be asked any more."""
    alone(session, "rounds")
    question = _locked(session, outgoing)
    if question is None:
        return None
    made = session.get_one(Round, question.round_id)
    if made.closed_at is not None or question.state == QuestionState.ANSWERED:
        if _is_under_way(question, outgoing):
            question.state, question.next_at = QuestionState.UNREACHED, None
            session.flush()
        return None
    if _is_under_way(question, outgoing):
        question.next_at = now + TALKING_LIMIT
        session.flush()
    respondent = session.get_one(Respondent, question.respondent_id)
    return Asking(
        outgoing, made.indicator, question.unit_key, made.phenomenon_at, respondent.language
    )


def keep_answer(
    session: Session,
    province: Province,
    outgoing: str,
    outcome: Outcome,
    figure: int | None,
    call_id: str,
    now: datetime,
) -> Kept:
    """What came of a call, kept.

    A figure counts whenever it comes: after its try was taken for lost, and after the round.
    """
    alone(session, "rounds")
    question = _locked(session, outgoing)
    if question is None:
        return Kept(again=False, noted=False)
    noted = True
    if outcome == "answered" and figure is not None:
        noted = _answered(session, province, question, figure, call_id, now)
    elif _is_under_way(question, outgoing):
        question.call_id = call_id
        if outcome == "none":
            _ends(session, question, QuestionState.REFUSED, now)
        else:
            _not_reached(session, question, round_rules(province), now)
    session.flush()
    log.info("question asked", question=question.id, state=question.state, tries=question.tries)
    return Kept(question.state == QuestionState.WAITING, noted)


def nobody_answered(session: Session, outgoing: str, rules: RingRules, now: datetime) -> None:
    """Nobody came to the line. News of an earlier try, or of a settled one, changes nothing."""
    alone(session, "rounds")
    question = _locked(session, outgoing)
    if question is not None and _is_under_way(question, outgoing):
        _not_reached(session, question, rules, now)
        session.flush()
        log.info("question not asked", question=question.id, state=question.state)


def leave_questions(session: Session, respondent: Respondent, now: datetime) -> None:
    """Questions that still wait for somebody who is asked no more go to the next respondent."""
    alone(session, "rounds")
    waiting = select(RoundQuestion).where(
        RoundQuestion.respondent_id == respondent.id, RoundQuestion.state.in_(OPEN)
    )
    for question in session.scalars(waiting):
        _ends(session, question, QuestionState.FAILED, now)
    session.flush()


def wipe_respondents(session: Session, respondent_ids: Sequence[str], now: datetime) -> None:
    """Erase who they are, by law; the figures that they gave say nothing about them and stay."""
    chosen = select(Respondent).where(Respondent.id.in_(respondent_ids))
    for respondent in session.scalars(chosen).all():
        forget_respondent(respondent)
        respondent.name = ""
        leave_questions(session, respondent, now)


def _answered(
    session: Session,
    province: Province,
    question: RoundQuestion,
    figure: int,
    call_id: str,
    now: datetime,
) -> bool:
    """Whether the figure could be kept."""
    made = session.get_one(Round, question.round_id)
    stream = stream_of(session, made.indicator, question.unit_key, ROUND, now)
    reading = Reading(stream.id, made.phenomenon_at, float(figure))
    stored = store(session, province, [reading], now, f"respondent:{question.respondent_id[:32]}")
    question.call_id, question.next_at = call_id, None
    if stored.refused:
        why = stored.refused[0].reason
        log.error("answer refused", question=question.id, why=why)
        # Another officer's figure would be refused as well, unless it is this one that is wrong.
        _ends(session, question, QuestionState.FAILED, now, ask_others=why in _OF_THE_VALUE)
        return False
    question.value, question.answered_at = float(figure), now
    question.state = QuestionState.ANSWERED
    session.flush()
    _spare_others(session, question)
    close_if_over(session, made, now)
    return True


def _not_reached(
    session: Session, question: RoundQuestion, rules: RingRules, now: datetime
) -> None:
    made = session.get_one(Round, question.round_id)
    again_at = now + rules.gap
    in_vain = made.closed_at is not None or again_at >= made.due_at
    if (
        question.tries >= rules.tries
        or in_vain
        or has_answered(session, made.id, question.unit_key)
    ):
        _ends(session, question, QuestionState.UNREACHED, now)
    else:
        question.state, question.next_at = QuestionState.WAITING, again_at


def _ends(
    session: Session,
    question: RoundQuestion,
    state: QuestionState,
    now: datetime,
    ask_others: bool = True,
) -> None:
    """No figure from this respondent: the unit's next one is asked, while there is time, and
    nobody of the unit has answered."""
    question.state, question.next_at = state, None
    session.flush()
    made = session.get_one(Round, question.round_id)
    if made.closed_at is None:
        settled = has_answered(session, made.id, question.unit_key)
        if ask_others and now < made.due_at and not settled:
            ask_next(session, made, question.unit_key, now)
        close_if_over(session, made, now)


def _spare_others(session: Session, answered: RoundQuestion) -> None:
    """Whoever was to be asked next for the unit need not be rung."""
    waiting = select(RoundQuestion).where(
        RoundQuestion.round_id == answered.round_id,
        RoundQuestion.respondent_id != answered.respondent_id,
        RoundQuestion.unit_key.is_(None)
        if answered.unit_key is None
        else RoundQuestion.unit_key == answered.unit_key,
        RoundQuestion.state == QuestionState.WAITING,
    )
    for question in session.scalars(waiting).all():
        if question.tries:
            question.state, question.next_at = QuestionState.UNREACHED, None
        else:
            session.delete(question)
    session.flush()


def _take_back_lost(session: Session, rules: RingRules, now: datetime) -> None:
    """Calls of which nothing was heard again: their server or Asterisk died."""
    lost = select(RoundQuestion).where(
        RoundQuestion.state == QuestionState.CALLING, RoundQuestion.next_at <= now
    )
    for question in session.scalars(lost).all():
        log.warning("question lost", question=question.id, tries=question.tries)
        _not_reached(session, question, rules, now)
    session.flush()


def _close_finished(session: Session, now: datetime) -> None:
    late = select(Round).where(Round.closed_at.is_(None), Round.due_at <= now)
    for made in session.scalars(late).all():
        give_up_waiting(session, made)
        close_if_over(session, made, now)
    session.flush()


def _numbers_on_the_line(session: Session) -> Sequence[str]:
    return session.scalars(
        select(Respondent.number_hash)
        .join(RoundQuestion, RoundQuestion.respondent_id == Respondent.id)
        .where(RoundQuestion.state == QuestionState.CALLING)
    ).all()


def _outgoing(question: RoundQuestion) -> str:
    return f"{PREFIX}-{question.id}-{question.tries}"


def _locked(session: Session, outgoing: str) -> RoundQuestion | None:
    question_id = (*outgoing.split("-"), "", "")[1] if is_round(outgoing) else ""
    query = select(RoundQuestion).where(RoundQuestion.id == question_id).with_for_update()
    return session.scalar(query)


def _is_under_way(question: RoundQuestion, outgoing: str) -> bool:
    return question.state == QuestionState.CALLING and outgoing == _outgoing(question)
