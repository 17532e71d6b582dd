"""Calls that we make: promised callbacks in order, whether it is solved, and rounds' questions."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr.models import Call
from monitoring.round_calls import due_questions, is_round, nobody_answered, round_rules
from monitoring.round_models import QuestionState, Round, RoundQuestion
from provinces.schema import Province
from reports.callbacks import (
    OPEN,
    Order,
    Promise,
    RingRules,
    due_callbacks,
    promise,
    settle_callback,
)
from reports.models import Callback, CallbackKind, Contact, Report, ReportStatus
from storage.database import reading, transaction

log = structlog.get_logger()

Ring = Callable[[str, str], object]
"""Have (outgoing id, E.164 number) rung. Repeating an id rings nobody a second time."""
PLANNED_AT_ONCE = 100


def rules_for(province: Province, kind: CallbackKind) -> RingRules:
    """The province's hours and tries for this kind of call."""
    limits = province.limits
    if kind == CallbackKind.SURVEY:
        return RingRules(
            opens=limits.survey_from,
            closes=limits.survey_until,
            tries=limits.survey_tries,
            gap=timedelta(minutes=limits.survey_gap_minutes),
            timezone=province.timezone,
            within=timedelta(days=limits.survey_within_days),
        )
    return RingRules(
        opens=limits.callback_from,
        closes=limits.callback_until,
        tries=limits.callback_tries,
        gap=timedelta(minutes=limits.callback_gap_minutes),
        timezone=province.timezone,
    )


def place_calls(
    engine: Engine,
    province: Province,
    kind: CallbackKind,
    at_once: int,
    ring: Ring,
    now: datetime,
) -> int:
    """Ring those whose turn it is, at most `at_once` at a time; how many are rung now.

    A promised callback leads to a person: it is made only while somebody is on duty. What dies
    between our note and the ringing is noticed by its silence and tried again.
    """
    if not _anything_open(engine, kind):
        return 0
    if kind == CallbackKind.CALLBACK and province.closed_why(now) is not None:
        at_once = 0
    with transaction(engine) as session:
        orders = due_callbacks(session, kind, rules_for(province, kind), at_once, now)
    for order in orders:
        _ring(ring, order, lambda missed: not_reached(engine, province, missed, now))
    return len(orders)


def place_rounds(
    engine: Engine, province: Province, at_once: int, ring: Ring, now: datetime
) -> int:
    """Ring the officers whose turn it is, at most `at_once` at a time; how many are rung now."""
    if not _anything_asked(engine):
        return 0
    with transaction(engine) as session:
        orders = due_questions(session, round_rules(province), at_once, now)
    for order in orders:
        _ring(ring, order, lambda missed: not_reached(engine, province, missed, now))
    return len(orders)


def not_reached(engine: Engine, province: Province, outgoing: str, now: datetime) -> None:
    """Nobody came to the line: the telephone side tells, maybe more than once."""
    with transaction(engine) as session:
        if is_round(outgoing):
            nobody_answered(session, outgoing, round_rules(province), now)
            return
        callback = session.get(Callback, outgoing.partition("-")[0])
        if callback is not None:
            rules = rules_for(province, CallbackKind(callback.kind))
            settle_callback(session, outgoing, False, rules, now)


def plan_surveys(engine: Engine, province: Province, now: datetime) -> int:
    """Owe a survey to whoever reported what was closed a while ago and may be rung; how many."""
    limits = province.limits
    with transaction(engine) as session:
        asked = (
            select(Callback.id)
            .where(Callback.report_id == Report.id, Callback.kind == CallbackKind.SURVEY)
            .exists()
        )
        closed = session.scalars(
            select(Report)
            .where(
                Report.status == ReportStatus.CLOSED,
                Report.closed_at <= now - timedelta(hours=limits.survey_after_hours),
                Report.closed_at > now - timedelta(days=limits.survey_within_days),
                Report.partial.is_(False),
                Report.anonymous.is_(False),
                Report.contact != Contact.NOBODY,
                ~asked,
            )
            .order_by(Report.closed_at)
            .limit(PLANNED_AT_ONCE)
        ).all()
        planned = 0
        for report in closed:
            number = _number_of(session, report)
            if number is not None:
                owed = Promise(CallbackKind.SURVEY, number, report.language, report_id=report.id)
                promise(session, owed, now)
                planned += 1
    return planned


def _anything_open(engine: Engine, kind: CallbackKind) -> bool:
    """Asked every few seconds, so by reading only."""
    with reading(engine) as session:
        query = select(Callback.id).where(Callback.kind == kind, Callback.state.in_(OPEN)).limit(1)
        return session.scalar(query) is not None


def _anything_asked(engine: Engine) -> bool:
    with reading(engine) as session:
        goes_on = select(Round.id).where(Round.closed_at.is_(None)).limit(1)
        rings = RoundQuestion.state == QuestionState.CALLING  # perhaps lost, of a closed round
        waits = select(RoundQuestion.id).where(rings).limit(1)
        return any(session.scalar(query) is not None for query in (goes_on, waits))


def _ring(ring: Ring, order: Order, missed: Callable[[str], None]) -> None:
    try:
        ring(order.outgoing, order.number)
    except Exception as error:
        log.error("cannot ring", outgoing=order.outgoing, error=type(error).__name__)
        missed(order.outgoing)


def _number_of(session: Session, report: Report) -> str | None:
    if report.contact == Contact.OTHER:
        return report.contact_number
    return session.scalar(select(Call.caller_number).where(Call.id == report.call_id))
