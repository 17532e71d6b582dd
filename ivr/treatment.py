"""How a number that calls too often is met, and whom staff have blocked."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from ivr.facts import Treatment
from ivr.models import Block, Call, CallStatus
from provinces.limits import Limits

log = structlog.get_logger()

Level = Literal["record_only", "blocked"]
HOUR = timedelta(hours=1)
SYSTEM = "system"
TOO_MANY_CALLS = "too many calls in an hour"

# Every call begins with these: they are made once, and without mapped objects.
_IN_PROGRESS = select(func.count()).where(Call.status == CallStatus.IN_PROGRESS)
_CALLS_SINCE = select(func.count()).where(
    Call.caller_hash == bindparam("caller"),
    Call.started_at > bindparam("since"),
    Call.flow != bindparam("outgoing"),
)
_MINE = Block.caller_hash == bindparam("caller")
_SITUATION = select(
    _IN_PROGRESS.scalar_subquery(),
    _CALLS_SINCE.scalar_subquery(),
    select(Block.level)
    .where(_MINE, Block.until > bindparam("now"), Block.lifted_at.is_(None))
    .order_by(Block.level)  # `blocked` before `record_only`
    .limit(1)
    .scalar_subquery(),
    select(func.max(Block.until)).where(_MINE, Block.until <= bindparam("now")).scalar_subquery(),
    select(func.max(Block.lifted_at)).where(_MINE).scalar_subquery(),
)


@dataclass(frozen=True)
class Situation:
    """How a call is to be met, and whether so many are in progress that it must be short."""

    treatment: Treatment
    busy: bool


def situation(
    session: Session, caller_hash: str | None, limits: Limits, outgoing_flow: str, now: datetime
) -> Situation:
    """How a call that begins now is met; one query, seldom two.

    A withheld number is met like any other: nothing tells such callers apart. Our own calls to a
    number (`outgoing_flow`) are not held against it.
    """
    connection = session.connection()
    if caller_hash is None:
        count = connection.scalar(_IN_PROGRESS) or 0
        return Situation("normal", count >= limits.express_calls)
    known = {"caller": caller_hash, "now": now, "since": now - HOUR, "outgoing": outgoing_flow}
    count, calls, level, ended_at, lifted_at = connection.execute(_SITUATION, known).one()
    busy = count >= limits.express_calls
    if level is not None:
        return Situation("blocked" if level == "blocked" else "record_only", busy)
    # Who was blocked and is no longer begins anew: the calls before are paid for.
    anew = max((each for each in (ended_at, lifted_at) if each is not None), default=None)
    if anew is not None and anew > now - HOUR:
        calls = connection.scalar(_CALLS_SINCE, known | {"since": anew}) or 0
    treatment = _by_count(calls + 1, limits)
    if treatment == "blocked":
        until = now + timedelta(minutes=limits.block_minutes)
        block_caller(session, caller_hash, "blocked", TOO_MANY_CALLS, SYSTEM, until, now)
    return Situation(treatment, busy)


def block_caller(
    session: Session,
    caller_hash: str,
    level: Level,
    reason: str,
    by: str,
    until: datetime,
    now: datetime,
) -> str:
    """The id of a block that stands from now on; `by` is a user's id, or `system`."""
    block = Block(
        id=uuid.uuid4().hex,
        caller_hash=caller_hash,
        level=level,
        reason=reason,
        by=by,
        since=now,
        until=until,
    )
    session.add(block)
    session.flush()
    log.warning("caller blocked", block=block.id, level=level, by=by)
    return block.id


def lift_block(session: Session, block_id: str, by: str, now: datetime) -> None:
    """End a block early, for instance because its caller objected rightly."""
    block = session.get(Block, block_id)
    if block is not None and block.lifted_at is None:
        block.lifted_at, block.lifted_by = now, by
        session.flush()
        log.info("block lifted", block=block.id, by=by)


def note_objection(session: Session, caller_hash: str, report_id: str, now: datetime) -> None:
    """What a blocked caller says is an objection to the block: staff see one with the other."""
    block = session.scalars(
        select(Block)
        .where(Block.caller_hash == caller_hash, Block.until > now, Block.lifted_at.is_(None))
        .order_by(Block.level, Block.since.desc())
    ).first()
    if block is not None and block.appeal_report_id is None:
        block.appeal_report_id, block.appealed_at = report_id, now
        session.flush()
        log.info("block objected to", block=block.id, report=report_id)


def _by_count(calls: int, limits: Limits) -> Treatment:
    if calls >= limits.blocked_calls_hour:
        return "blocked"
    if calls >= limits.record_only_calls_hour:
        return "record_only"
    return "warned" if calls >= limits.warn_calls_hour else "normal"
