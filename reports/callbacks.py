"""Calls that we owe people: promised, waited for in order, kept or given up."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import TypeGuard

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from reports.models import Callback, CallbackKind, CallbackState
from storage.crypto import current_box
from storage.locks import alone
from understanding.phone_number import read_phone_number

log = structlog.get_logger()

OPEN = (CallbackState.WAITING, CallbackState.RINGING)
# A telephone rings for less than a minute; then nobody answered, or Asterisk lost the order.
RINGING_LIMIT = timedelta(minutes=3)
# Who answered and was lost to us is rung again only after any talk must be over.
TALKING_LIMIT = timedelta(hours=2)
DOMESTIC = "+84"


@dataclass(frozen=True)
class RingRules:
    """When and how often people are rung, in local time of `timezone`."""

    opens: time
    closes: time
    tries: int
    gap: timedelta
    timezone: tzinfo
    within: timedelta | None = None  # later than this after it was asked for it is no use

    def allow(self, now: datetime) -> bool:
        return self.opens <= now.astimezone(self.timezone).time() < self.closes


@dataclass(frozen=True)
class Promise:
    """A call that is owed. `waited_s`: how long the caller had waited in the queue before."""

    kind: CallbackKind
    number: str
    language: str
    waited_s: int = 0
    report_id: str | None = None
    call_id: str | None = None
    call_position: int | None = None


@dataclass(frozen=True)
class Order:
    """What the telephone side is to ring: `outgoing` names the callback and which try this is."""

    outgoing: str
    number: str


def _outgoing(callback: Callback) -> str:
    return f"{callback.id}-{callback.tries}"


def promise(session: Session, owed: Promise, now: datetime) -> int:
    """Keep a promise in the database; how many people are rung before.

    The same number is owed one call: a second promise keeps the first one's place. A number that
    is not an ordinary domestic one is left to staff, for it could cost any amount to ring it.
    """
    alone(session, "callbacks")
    read = read_phone_number(owed.number)
    number = read.e164 if read else owed.number
    ordinary = read is not None and read.ordinary and number.startswith(DOMESTIC)
    number_hash = current_box().keyed_hash(number) if number else None
    callback = _promised(session, owed, number_hash)
    if callback is None:
        callback = Callback(
            id=uuid.uuid4().hex,
            kind=owed.kind,
            number=number,
            number_hash=number_hash,
            language=owed.language,
            report_id=owed.report_id,
            call_id=owed.call_id,
            call_position=owed.call_position,
            asked_at=now,
            queued_since=now - timedelta(seconds=owed.waited_s),
            due_at=now,
            state=CallbackState.WAITING if ordinary else CallbackState.BY_HAND,
        )
        session.add(callback)
        session.flush()
        log.info("callback promised", callback=callback.id, kind=owed.kind, state=callback.state)
    ahead = select(func.count()).where(
        Callback.kind == callback.kind,
        Callback.state.in_(OPEN),
        Callback.queued_since < callback.queued_since,
        Callback.id != callback.id,
    )
    return session.scalar(ahead) or 0


def _promised(session: Session, owed: Promise, number_hash: str | None) -> Callback | None:
    """The call that this very answer, or this number, is owed already."""
    if owed.call_id is not None:
        by_answer = select(Callback).where(
            Callback.call_id == owed.call_id, Callback.call_position == owed.call_position
        )
        if (callback := session.scalar(by_answer)) is not None:
            return callback
    if owed.kind == CallbackKind.SURVEY or number_hash is None:
        return None  # each report is asked about
    by_number = select(Callback).where(
        Callback.number_hash == number_hash,
        Callback.kind == owed.kind,
        Callback.state.in_((*OPEN, CallbackState.BY_HAND)),
    )
    return session.scalars(by_number.order_by(Callback.queued_since)).first()


def due_callbacks(
    session: Session, kind: CallbackKind, rules: RingRules, at_once: int, now: datetime
) -> Sequence[Order]:
    """Take up to `at_once` calls, less those under way, in the order of waiting; each is ours to
    ring from this transaction's end on."""
    alone(session, "callbacks")
    _take_back_lost(session, kind, rules, now)
    if not rules.allow(now):
        return ()
    ringing = select(func.count()).where(
        Callback.kind == kind, Callback.state == CallbackState.RINGING
    )
    if rules.within is not None:
        _give_up_late(session, kind, now - rules.within, now)
    free = at_once - (session.scalar(ringing) or 0)
    if free <= 0:
        return ()
    chosen = session.scalars(
        select(Callback)
        .where(
            Callback.kind == kind,
            Callback.state == CallbackState.WAITING,
            Callback.due_at <= now,
        )
        .order_by(Callback.queued_since, Callback.id)
        .limit(free)
    ).all()
    orders = []
    for callback in chosen:
        if callback.number is None:  # wiped since
            _give_up(callback, now)
            continue
        callback.state = CallbackState.RINGING
        callback.tries += 1
        callback.rung_at, callback.answered_at = now, None
        orders.append(Order(_outgoing(callback), callback.number))
    session.flush()
    return orders


def answered(session: Session, outgoing: str, now: datetime) -> Callback | None:
    """Somebody has picked up. A survey is done with that: who says nothing is not asked again."""
    callback = _locked(session, outgoing)
    if _is_under_way(callback, outgoing):
        callback.answered_at = now
        if callback.kind == CallbackKind.SURVEY:
            callback.state, callback.finished_at = CallbackState.REACHED, now
        session.flush()
    return callback


def settle_callback(
    session: Session, outgoing: str, reached: bool, rules: RingRules, now: datetime
) -> None:
    """What became of a try: kept, or to be tried again until the tries are used up.

    News of an earlier try, or of one that was settled already, changes nothing.
    """
    callback = _locked(session, outgoing)
    if not _is_under_way(callback, outgoing):
        return
    if reached:
        callback.state, callback.finished_at = CallbackState.REACHED, now
    else:
        _not_reached(callback, rules, now)
    session.flush()
    log.info("callback tried", callback=callback.id, state=callback.state, tries=callback.tries)


def _locked(session: Session, outgoing: str) -> Callback | None:
    callback_id = outgoing.partition("-")[0]
    return session.scalar(select(Callback).where(Callback.id == callback_id).with_for_update())


def _is_under_way(callback: Callback | None, outgoing: str) -> TypeGuard[Callback]:
    if callback is None or callback.state != CallbackState.RINGING:
        return False
    return outgoing == _outgoing(callback)


def forget_number(session: Session, call_id: str, report_ids: Sequence[str], now: datetime) -> None:
    """Wipe the number of what was promised in a call, or for its reports: nobody is rung then."""
    owed = or_(Callback.call_id == call_id, Callback.report_id.in_(report_ids))
    for callback in session.scalars(select(Callback).where(owed)):
        callback.number = callback.number_hash = None
        if callback.state != CallbackState.REACHED:
            _give_up(callback, now)
    session.flush()


def _take_back_lost(session: Session, kind: CallbackKind, rules: RingRules, now: datetime) -> None:
    """Calls of which nothing was heard again: their server or Asterisk died."""
    ringing = session.scalars(
        select(Callback).where(Callback.kind == kind, Callback.state == CallbackState.RINGING)
    )
    for callback in ringing:
        since, limit = callback.rung_at or callback.asked_at, RINGING_LIMIT
        if callback.answered_at is not None:
            since, limit = callback.answered_at, TALKING_LIMIT
        if now - since > limit:
            log.warning("callback lost", callback=callback.id, tries=callback.tries)
            _not_reached(callback, rules, now)
    session.flush()


def _give_up_late(session: Session, kind: CallbackKind, before: datetime, now: datetime) -> None:
    waiting = Callback.state == CallbackState.WAITING
    for callback in session.scalars(
        select(Callback).where(Callback.kind == kind, waiting, Callback.asked_at < before)
    ):
        _give_up(callback, now)
    session.flush()


def _not_reached(callback: Callback, rules: RingRules, now: datetime) -> None:
    if callback.tries >= rules.tries:
        _give_up(callback, now)
    else:
        callback.state, callback.due_at = CallbackState.WAITING, now + rules.gap


def _give_up(callback: Callback, now: datetime) -> None:
    callback.state, callback.finished_at = CallbackState.GIVEN_UP, now
