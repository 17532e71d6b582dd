"""Made-up series into the database: as if each value had been told when it was known."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hotline.demo.figures import Series
from hotline.demo.marks import SOURCE
from hotline.demo.moving import mark
from monitoring.keeping import DayRow, Key, add_new, add_to_days
from monitoring.merging import Known
from monitoring.models import Datastream
from monitoring.streams import streams
from provinces.modules import SYSTEM, Period
from storage.database import transaction

_AT_ONCE = 40  # series in a transaction: whoever else writes goes in between


def store_series(
    engine: Engine,
    series: Iterable[Series],
    zone: ZoneInfo,
    now: datetime,
    hourly_days: int | None = None,
) -> int:
    """Store them, marked; how many values. A series that somebody has already gets another source.

    `hourly_days`: of older hours only the days are kept, added up, as retention does it.
    """
    count = 0
    hours_from = None if hourly_days is None else now - timedelta(days=hourly_days)
    some: list[Series] = []
    for each in series:
        some.append(each)
        if len(some) == _AT_ONCE:
            count += _store(engine, some, zone, now, hours_from)
            some = []
    return count + (_store(engine, some, zone, now, hours_from) if some else 0)


def _store(
    engine: Engine, some: list[Series], zone: ZoneInfo, now: datetime, hours_from: datetime | None
) -> int:
    days: list[DayRow] = []
    rows: dict[Key, Known] = {}
    with transaction(engine) as session:
        for stream, each in zip(_streams(session, some, now), some, strict=True):
            days += _days(stream, each, zone)
            by_hour = each.indicator.period is Period.HOUR
            told = zip(each.moments, each.known, each.values.tolist(), strict=True)
            for at, known, value in told:
                if hours_from is None or not by_hour or at >= hours_from:
                    rows[stream, at] = Known(known, value, SOURCE)
        add_to_days(session, days)
        return len(add_new(session, rows))


def _streams(session: Session, some: Sequence[Series], now: datetime) -> Sequence[int]:
    """New series, marked. What this system counts it goes on counting there, where nobody has that
    series yet, until all of it is removed."""
    known = streams(session, {each.indicator.code for each in some}, source=SYSTEM)
    taken = {(each.indicator, each.unit_key) for each in known}
    made = []
    for each in some:
        own = each.indicator.source == SYSTEM
        ours = own and (each.indicator.code, each.unit_key) not in taken
        made.append(
            Datastream(
                indicator=each.indicator.code,
                unit_key=each.unit_key,
                source=SYSTEM if ours else SOURCE,
                made_at=now,
            )
        )
    session.add_all(made)
    session.flush()
    mark(session, Datastream.__tablename__, [str(each.id) for each in made])
    return [each.id for each in made]


def _days(stream: int, series: Series, zone: ZoneInfo) -> Iterable[DayRow]:
    values = zip(series.moments, series.values.tolist(), strict=True)
    for day, told in groupby(values, key=lambda one: one[0].astimezone(zone).date()):
        rows = list(told)
        numbers = [value for _, value in rows]
        yield DayRow(
            stream,
            day,
            len(rows),
            sum(numbers),
            min(numbers),
            max(numbers),
            numbers[-1],
            rows[-1][0],
        )
