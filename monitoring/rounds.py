"""Rounds: an indicator's question is asked of officers by telephone, until each unit has answered.

Of a unit's respondents one is asked; who cannot be reached, or has no figure, is followed by the
next one. The calls are `monitoring.round_calls`.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitoring.checking import Checker, Reading, Refused
from monitoring.errors import BadRound, UnknownRound
from monitoring.respondents import those_of
from monitoring.round_models import QuestionState, Round, RoundQuestion
from monitoring.sources import ROUND
from monitoring.subjects import communes
from provinces.modules import Indicator
from provinces.schema import Province
from storage.locks import alone

log = structlog.get_logger()

OPEN = (QuestionState.WAITING, QuestionState.CALLING)


@dataclass(frozen=True)
class Opened:
    """A round that began, of the period that begins at `about`; `unasked` are units for which
    nobody answers, and `known` those that have answered the same in a round before, or are being
    asked in one."""

    round_id: str
    about: datetime
    asked: int
    unasked: tuple[str | None, ...]
    known: tuple[str | None, ...] = ()


def open_round(
    session: Session,
    province: Province,
    indicator: Indicator,
    phenomenon_at: datetime,
    asked_by: str,
    now: datetime,
    units: Sequence[str] = (),
    due_at: datetime | None = None,
) -> Opened:
    """Ask the indicator's question of one respondent of each unit (all, unless `units` are named).

    A unit that has answered it of that moment is asked once more only where it is named. Nobody is
    rung up after `due_at`; without it, after the province's limit.

    Raises:
        BadRound: the indicator has no question, a unit is being asked the same already, nothing
            is kept of that moment, the deadline is wrong, a unit is none, or there is nobody to
            ask.
    """
    if indicator.question is None:
        raise BadRound("no_question", "an indicator with a question", indicator.code)
    if phenomenon_at > now:
        raise BadRound("future", "a moment that has come", "one of the future")
    due_at = due_at or now + timedelta(hours=province.limits.round_within_hours)
    if due_at <= now:
        raise BadRound("due", "a deadline in the future", "one that has passed")
    # What would be refused once it is told need not be asked.
    probe = Reading(0, phenomenon_at, indicator.lowest)
    checked = Checker(province, now).check_of(0, indicator, ROUND, probe)
    if isinstance(checked, Refused):
        expected = f"a figure that can be kept ({checked.expected})"
        raise BadRound(checked.reason, expected, checked.found)
    phenomenon_at = checked.at
    chosen = _units_asked(province, indicator, units)
    alone(session, "rounds")
    asked_now, answered = _asked_before(session, indicator, phenomenon_at)
    busy = [asked_now[each] for each in chosen if each in asked_now]
    if busy and units:
        raise _asked_already(busy[0])
    known = [each for each in chosen if each in asked_now or (each in answered and not units)]
    made = Round(
        id=uuid.uuid4().hex,
        indicator=indicator.code,
        asked_by=asked_by,
        phenomenon_at=phenomenon_at,
        due_at=due_at,
        opened_at=now,
    )
    session.add(made)
    session.flush()
    unasked = [
        unit_key
        for unit_key in chosen
        if unit_key not in known and not ask_next(session, made, unit_key, now)
    ]
    asked = session.scalar(select(func.count()).where(RoundQuestion.round_id == made.id)) or 0
    if not asked and busy:
        raise _asked_already(busy[0])
    if not asked and known:
        expected = "a unit that has not answered yet"
        raise BadRound("answered", expected, "none: name it to ask again")
    if not asked:
        raise BadRound("nobody", "somebody who answers for these units", "nobody")
    log.info("round opened", round=made.id, indicator=indicator.code, asked=asked)
    return Opened(made.id, phenomenon_at, asked, tuple(unasked), tuple(known))


def close_round(session: Session, round_id: str, now: datetime) -> None:
    """Ring nobody any more. Who is on the line may answer; what was answered stays."""
    alone(session, "rounds")
    made = session.get_one(Round, round_id)
    if made.closed_at is None:
        give_up_waiting(session, made)
        _close(made, now)
        session.flush()


def find_round(session: Session, round_id: str) -> Round:
    """By the id, or by its beginning where that is no other's.

    Raises:
        UnknownRound: none or more than one has it.
    """
    beginning = Round.id.startswith(round_id, autoescape=True)
    found = session.scalars(select(Round).where(beginning).limit(2)).all()
    if not round_id or len(found) != 1:
        many = "several" if found else "none"
        raise UnknownRound(f"expected the id of one round, found {many} of that id")
    return found[0]


def ask_next(session: Session, made: Round, unit_key: str | None, now: datetime) -> bool:
    """Whether there was somebody of the unit whom this round has not asked yet."""
    asked = session.scalars(
        select(RoundQuestion.respondent_id).where(RoundQuestion.round_id == made.id)
    ).all()
    respondent = those_of(session, unit_key, asked)
    if respondent is None:
        return False
    session.add(
        RoundQuestion(
            id=uuid.uuid4().hex,
            round_id=made.id,
            unit_key=unit_key,
            respondent_id=respondent.id,
            state=QuestionState.WAITING,
            next_at=now,
        )
    )
    session.flush()
    return True


def give_up_waiting(session: Session, made: Round) -> None:
    """Nobody who still waits is rung for this round."""
    waiting = select(RoundQuestion).where(
        RoundQuestion.round_id == made.id, RoundQuestion.state == QuestionState.WAITING
    )
    for question in session.scalars(waiting).all():
        question.state, question.next_at = QuestionState.UNREACHED, None
    session.flush()


def close_if_over(session: Session, made: Round, now: datetime) -> None:
    """The round ends once nobody is to be rung, or being talked to."""
    unsettled = select(RoundQuestion.id).where(
        RoundQuestion.round_id == made.id, RoundQuestion.state.in_(OPEN)
    )
    if made.closed_at is None and session.scalar(unsettled.limit(1)) is None:
        _close(made, now)


def has_answered(session: Session, round_id: str, unit_key: str | None) -> bool:
    """Whether somebody of the unit has given the round its figure."""
    query = select(RoundQuestion.id).where(
        RoundQuestion.round_id == round_id,
        RoundQuestion.unit_key.is_(None)
        if unit_key is None
        else RoundQuestion.unit_key == unit_key,
        RoundQuestion.state == QuestionState.ANSWERED,
    )
    return session.scalar(query.limit(1)) is not None


def _asked_before(
    session: Session, indicator: Indicator, phenomenon_at: datetime
) -> tuple[Mapping[str | None, str], Collection[str | None]]:
    """Of that moment: the round in which each unit is being asked, and the units that answered."""
    rows = session.execute(
        select(RoundQuestion.unit_key, RoundQuestion.state, Round.id, Round.closed_at)
        .join(Round, Round.id == RoundQuestion.round_id)
        .where(Round.indicator == indicator.code, Round.phenomenon_at == phenomenon_at)
    ).all()
    done = {(row.id, row.unit_key) for row in rows if row.state == QuestionState.ANSWERED}
    asked = {
        row.unit_key: row.id
        for row in rows
        if row.closed_at is None and row.state in OPEN and (row.id, row.unit_key) not in done
    }
    return asked, {unit_key for _, unit_key in done}


def _asked_already(round_id: str) -> BadRound:
    expected = "a question that is not being asked"
    return BadRound("asked", expected, f"round {round_id[:8]}", round_id)


def _close(made: Round, now: datetime) -> None:
    made.closed_at = now
    log.info("round closed", round=made.id)


def _units_asked(
    province: Province, indicator: Indicator, units: Sequence[str]
) -> Sequence[str | None]:
    if indicator.level == "province":
        if units:
            told = f"no units: {indicator.code} is told of the whole province"
            raise BadRound("whole", told)
        return (None,)
    today = set(communes(province))
    if unknown := sorted(set(units) - today):
        raise BadRound("unit", f"units of today such as {min(today)}", unknown[0])
    return sorted(set(units) or today)
