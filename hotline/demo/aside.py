"""What this system counted before a demonstration, laid aside while there is one.

The worker goes on counting meanwhile, made-up reports and calls with real ones: in series that
carry a mark, so that nobody is told of what they cross, and that go when the demonstration goes.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hotline.demo.moving import mark
from monitoring.demo import OWN_FIGURES
from monitoring.figures import CURSOR
from monitoring.models import (
    Datastream,
    DemoMark,
    MonitoringCursor,
    Observation,
    ObservationDay,
    ObservationVersion,
)
from monitoring.sources import ASIDE
from provinces.modules import SYSTEM

_NEVER: Final = "never"


def lay_aside(session: Session) -> None:
    """From now on what this system counts is the demonstration's."""
    session.execute(update(Datastream).where(Datastream.source == SYSTEM).values(source=ASIDE))
    cursor = session.get(MonitoringCursor, CURSOR)
    mark(session, OWN_FIGURES, [_NEVER if cursor is None else cursor.at.isoformat()])


def take_up_again(session: Session) -> None:
    """Go on where it was left: what was counted with made-up ones goes, and the worker counts the
    time since anew. Nothing happens where nothing was laid aside, or it is done already."""
    counted_until = session.scalar(select(DemoMark.row_id).where(DemoMark.kind == OWN_FIGURES))
    if counted_until is None:
        return
    counted = session.scalars(select(Datastream.id).where(Datastream.source == SYSTEM)).all()
    for table in (Observation, ObservationVersion, ObservationDay):
        session.execute(delete(table).where(table.datastream.in_(counted)))
    session.execute(delete(Datastream).where(Datastream.id.in_(counted)))
    session.execute(update(Datastream).where(Datastream.source == ASIDE).values(source=SYSTEM))
    cursor = session.get(MonitoringCursor, CURSOR)
    if cursor is not None and counted_until == _NEVER:
        session.delete(cursor)
    elif cursor is not None:
        cursor.at = datetime.fromisoformat(counted_until)
    session.execute(delete(DemoMark).where(DemoMark.kind == OWN_FIGURES))
    session.flush()
