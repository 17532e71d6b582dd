"""The minutes in which the hotline may connect callers to emergency numbers: so many a day."""

from datetime import date, datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.models import Connection
from provinces.limits import Limits
from storage.locks import alone

log = structlog.get_logger()

# Less is no help: nobody explains in half a minute where it burns.
SHORTEST_S = 60


def reserve_connection(
    session: Session,
    call_id: str,
    position: int,
    number: str,
    limits: Limits,
    day: date,
    now: datetime,
) -> int:
    """Seconds set aside for this call; 0 where the day's minutes are used up.

    They count in full, however short the talk was: the cap holds back whoever dials for fun, and
    must hold when many do so at once. `day` is of the province's calendar.
    """
    alone(session, f"connections of {day}")
    known = session.scalar(
        select(Connection.reserved_s).where(
            Connection.call_id == call_id, Connection.call_position == position
        )
    )
    if known is not None:
        return known
    used = session.scalar(select(func.sum(Connection.reserved_s)).where(Connection.on == day)) or 0
    left = limits.emergency_minutes_day * 60 - used
    reserved = min(limits.emergency_call_minutes * 60, left)
    if reserved < SHORTEST_S:
        log.warning("no minutes left to connect", call=call_id, used_s=used)
        return 0
    session.add(
        Connection(
            call_id=call_id,
            call_position=position,
            number=number,
            on=day,
            reserved_s=reserved,
            reserved_at=now,
        )
    )
    session.flush()
    return reserved
