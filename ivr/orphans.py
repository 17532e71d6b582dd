"""Which calls lost their server: seen within seconds, by the servers' signs of life."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr import engine
from ivr.models import AgiServerRow, Call
from ivr.steps import Dial, Enqueue
from storage.database import reading

BEAT_S = 1.0
SILENT_AFTER = timedelta(seconds=3)


def orphaned(database: Engine, driver: str, now: datetime) -> tuple[str, ...]:
    """Calls in progress whose server is silent, the oldest first.

    A call that waits in a queue or talks on another line needs no server and is none of them.
    """
    with reading(database) as session:
        alive = set(
            session.scalars(
                select(AgiServerRow.name).where(AgiServerRow.beat_at > now - SILENT_AFTER)
            )
        )
        held = session.execute(
            select(Call.id, Call.holder)
            .where(
                Call.driver == driver,
                Call.ended_at.is_(None),
                # A call that has only just been taken may be quicker than its server's first beat.
                Call.held_at <= now - SILENT_AFTER,
            )
            .order_by(Call.started_at)
        )
        return tuple(
            row.id
            for row in held
            if (row.holder or "").rpartition("-")[0] not in alive
            and not _in_dialplan(session, row.id)
        )


def in_dialplan(database: Engine, call_id: str) -> bool:
    """Whether the call is in a queue or on another line, where it may stay for an hour."""
    with reading(database) as session:
        return _in_dialplan(session, call_id)


def _in_dialplan(session: Session, call_id: str) -> bool:
    try:
        return isinstance(engine.pending(session, call_id).turn.wait, Enqueue | Dial)
    except engine.FAULTS:
        return False  # nobody can say where it stands
