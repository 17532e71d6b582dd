"""How long single values are kept: those of hours for a time, added up into days for ever.

They go by whole months of the province's clocks, each once its last day has been kept long enough:
on PostgreSQL a month is a partition, which is emptied at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, CursorResult, Engine, delete, func, select
from sqlalchemy.orm import Session

from monitoring.models import Datastream, Observation, ObservationVersion
from monitoring.partitions import empty_months
from monitoring.periods import midnight
from provinces.modules import Period
from provinces.retention import Kind
from provinces.schema import Province
from storage.batches import in_batches
from storage.database import reading

log = structlog.get_logger()


def raw_until(province: Province, period: Period, now: datetime) -> datetime | None:
    """Before that moment single values of such periods are not kept, nor taken any more: they
    could not be told from what was added up already. None: they are kept for ever."""
    return months_kept_from(province, now) if period is Period.HOUR else None


def months_kept_from(province: Province, now: datetime, days: int | None = None) -> datetime:
    """When the first local month begins of which values of hours are kept: for `days`, or for as
    long as the pack says."""
    if days is None:
        days = province.retention[Kind.OBSERVATIONS].days
    first = now.astimezone(province.timezone).date() - timedelta(days=days)
    return midnight(first.replace(day=1), province.timezone)


def forget_values(engine: Engine, province: Province, now: datetime) -> int:
    """Take out single values that were kept long enough, and what was known before of them; how
    many of the former. Days stay as they were added up."""
    before = months_kept_from(province, now)
    with reading(engine) as session:
        streams = session.scalars(
            select(Datastream.id).where(_hourly(province)).order_by(Datastream.id)
        ).all()
    gone = empty_months(engine, before, streams, province.timezone)

    def forget(session: Session, some: Sequence[int]) -> Sequence[int]:
        counts = []
        for table in (ObservationVersion, Observation):
            done = session.execute(
                delete(table)
                .where(table.datastream.in_(some), table.phenomenon_at < before)
                .execution_options(synchronize_session=False)
            )
            assert isinstance(done, CursorResult)
            counts.append(done.rowcount)
        return counts[1:]

    gone += sum(sum(counts) for counts in in_batches(engine, streams, forget))
    if gone:
        log.info("values forgotten", count=gone)
    return gone


def values_left(engine: Engine, province: Province, now: datetime, days: int | None = None) -> int:
    """How many single values have been kept longer than they should, or than `days`."""
    with reading(engine) as session:
        query = (
            select(func.count())
            .select_from(Observation)
            .where(
                Observation.datastream.in_(select(Datastream.id).where(_hourly(province))),
                Observation.phenomenon_at < months_kept_from(province, now, days),
            )
        )
        return session.scalar(query) or 0


def _hourly(province: Province) -> ColumnElement[bool]:
    codes = [each.code for each in province.indicators.values() if each.period is Period.HOUR]
    return Datastream.indicator.in_(codes)
