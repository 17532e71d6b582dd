"""What this system tells of itself, each hour, as observations of the source `system`.

A figure of hours is told once its hour is over, and again for a day: a category, or a call that had
to be read, may come later. A figure of days is told from its first hour on. What has not changed is
not stored a second time.
"""

from collections import Counter
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    Sequence,
)
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from monitoring.checking import Reading
from monitoring.counts import HourCount, begin_of_day, hour_counts
from monitoring.models import MonitoringCursor
from monitoring.observing import store
from monitoring.series import points
from monitoring.streams import stream_of, streams
from monitoring.subjects import communes
from provinces.modules import SYSTEM, Aggregate, Indicator, IndicatorLevel, Module, Period
from provinces.schema import Province
from reports.models import Report, Update, UpdateKind
from reports.search_filters import OPEN
from storage.database import reading, transaction
from storage.locks import alone

log = structlog.get_logger()

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOLD_AGAIN_HOURS = 26
AT_ONCE = 100
# Calls of an hour are read within a minute or two of their end.
_SETTLED = timedelta(minutes=3)
_SATISFIED = 4  # of 5
_CURSOR = "figures"


class Calls(Protocol):
    """The calls of a span, as `ivr.call_numbers` tells of them."""

    @property
    def total(self) -> int: ...
    @property
    def queued(self) -> int: ...
    @property
    def answered(self) -> int: ...
    @property
    def abandoned(self) -> int: ...
    @property
    def wait_s(self) -> float | None: ...
    @property
    def talk_s(self) -> float | None: ...


Series = tuple[str, str | None]  # an indicator, of a unit
CallsBetween = Callable[[Session, datetime, datetime], Calls]


@dataclass(frozen=True)
class Told:
    """One value of an indicator, of a unit or (None) of the whole province."""

    indicator: str
    unit_key: str | None
    at: datetime
    value: float

    @property
    def series(self) -> Series:
        return self.indicator, self.unit_key


def store_figures(
    engine: Engine,
    province: Province,
    calls: CallsBetween,
    now: datetime,
    anew: bool = False,
    hours: int = TOLD_AGAIN_HOURS,
) -> int:
    """Store the figures of the last `hours` and two days; how many were new or corrected.

    Once an hour, by whichever worker comes first; `anew`: whether or not that has been done.
    """
    if not _due(engine, now) and not anew:
        return 0
    with reading(engine) as session:
        own = {(each.indicator, each.unit_key): each.id for each in streams(session, source=SYSTEM)}
        known = _known(session, province, own.values(), now)
        told = [
            each
            for each in figures(session, province, calls, now, hours)
            if known.get((own.get(each.series), each.at)) != each.value
        ]
    # Little at a time: a caller's answer waits for whoever writes.
    done = sum(
        _store(engine, province, own, told[begin : begin + AT_ONCE], now)
        for begin in range(0, len(told), AT_ONCE)
    )
    log.info("figures stored", count=done)
    return done


def _known(
    session: Session, province: Province, own: Collection[int], now: datetime
) -> Mapping[tuple[int | None, datetime], float | None]:
    """What was told before, of the time that is told again."""
    since = now - 2 * DAY - HOUR
    values = points(session, own, since, now, None, Aggregate.LAST, zone=province.timezone)
    return {(each.stream_id, each.at): each.value for each in values}


def _store(
    engine: Engine,
    province: Province,
    own: MutableMapping[Series, int],
    told: Sequence[Told],
    now: datetime,
) -> int:
    with transaction(engine) as session:
        for series in sorted({each.series for each in told} - own.keys(), key=str):
            own[series] = stream_of(session, *series, SYSTEM, now).id
        readings = [Reading(own[each.series], each.at, each.value) for each in told]
        stored = store(session, province, readings, now, SYSTEM)
    if stored.refused:
        log.error("figures refused", count=len(stored.refused))
    return stored.new + stored.corrected


def figures(
    session: Session,
    province: Province,
    calls: CallsBetween,
    now: datetime,
    last_hours: int = TOLD_AGAIN_HOURS,
) -> Iterator[Told]:
    """What there is to tell at `now`. `session` sees one moment of the database."""
    this_hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [this_hour - back * HOUR for back in range(last_hours, 0, -1)]
    today = now.astimezone(province.timezone).date()
    days = [today - DAY, today]
    began = min(hours[0], begin_of_day(days[0], province.timezone))
    counts = hour_counts(session, province, began, now)
    for module in province.modules:
        for each in module.indicators:
            match each.from_system:
                case None:
                    continue
                case "reports_new":
                    yield from _new(province, module, each, counts, hours, days)
                case "reports_open" | "reports_overdue":
                    overdue = each.from_system == "reports_overdue"
                    value = _open(session, module, overdue, now)
                    yield Told(each.code, None, this_hour, value)
                case "satisfied_percent":
                    for begin, end in _spans(each, hours, days, province):
                        share = _satisfied(session, begin, end)
                        if share is not None:
                            yield Told(each.code, None, begin, share)
                case _:
                    for begin, end in _spans(each, hours, days, province):
                        found = _of_calls(each.from_system, calls(session, begin, end))
                        if found is not None:
                            yield Told(each.code, None, begin, found)


def _spans(
    indicator: Indicator, hours: Sequence[datetime], days: Sequence[date], province: Province
) -> Iterable[tuple[datetime, datetime]]:
    if indicator.period is Period.HOUR:
        return [(hour, hour + HOUR) for hour in hours]
    zone = province.timezone
    return [(begin_of_day(day, zone), begin_of_day(day + DAY, zone)) for day in days]


def _new(
    province: Province,
    module: Module,
    indicator: Indicator,
    counts: Sequence[HourCount],
    hours: Sequence[datetime],
    days: Sequence[date],
) -> Iterator[Told]:
    """Reports by commune, where the indicator has units, and of the whole province.

    Those of which nobody knows the commune are in the whole alone. None is a figure too.
    """
    meant = [each for each in counts if _counts_for(module, each)]
    for begin, end in _spans(indicator, hours, days, province):
        found: Counter[str | None] = Counter()
        for each in meant:
            if begin <= each.hour_at < end:
                found[each.unit_key] += each.count
        yield Told(indicator.code, None, begin, float(found.total()))
        if indicator.level is IndicatorLevel.UNIT:
            for unit_key in communes(province):
                yield Told(indicator.code, unit_key, begin, float(found[unit_key]))


def _counts_for(module: Module, each: HourCount) -> bool:
    return module.code == HOTLINE or each.category in module.report_categories


HOTLINE = "hotline"
"""The module that counts all reports, whatever they are about."""


def _open(session: Session, module: Module, overdue: bool, now: datetime) -> float:
    query = select(func.count()).select_from(Report).where(Report.status.in_(OPEN))
    if overdue:
        query = query.where(Report.expected_at < now)
    if module.code != HOTLINE:
        query = query.where(Report.category.in_(module.report_categories))
    return float(session.scalar(query) or 0)


def _satisfied(session: Session, begin: datetime, end: datetime) -> float | None:
    """Of the ratings given then the share of those who were satisfied; None: nobody rated."""
    rated = select(func.count(), func.count().filter(Update.score >= _SATISFIED)).where(
        Update.kind == UpdateKind.RATING, Update.at >= begin, Update.at < end
    )
    given, satisfied = session.execute(rated).one()
    return 100 * satisfied / given if given else None


def _of_calls(figure: str, calls: Calls) -> float | None:
    """That figure; None where there is nobody to tell it of."""
    found: Mapping[str, float | None] = {
        "calls_in": float(calls.total),
        "answered_percent": 100 * calls.answered / calls.queued if calls.queued else None,
        "abandoned_percent": 100 * calls.abandoned / calls.queued if calls.queued else None,
        "wait_s": calls.wait_s,
        "handling_s": calls.talk_s,
    }
    return found[figure]


def _due(engine: Engine, now: datetime) -> bool:
    """Whether this hour's figures are to be told, and nobody else has begun to."""
    settled = now.astimezone(UTC) - _SETTLED
    hour = settled.replace(minute=0, second=0, microsecond=0)
    with reading(engine) as session:
        told = session.get(MonitoringCursor, _CURSOR)
        if told is not None and told.at >= hour:
            return False
    with transaction(engine) as session:
        alone(session, "monitoring figures")
        cursor = session.get(MonitoringCursor, _CURSOR)
        if cursor is not None and cursor.at >= hour:
            return False
        if cursor is None:
            session.add(MonitoringCursor(name=_CURSOR, at=hour))
        else:
            cursor.at = hour
    return True
