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
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from monitoring.checking import Reading
from monitoring.counts import HourCount, hour_counts
from monitoring.demo import mark_if_demo
from monitoring.models import MonitoringCursor
from monitoring.observing import store
from monitoring.periods import midnight
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
CATCH_UP = timedelta(days=31)
"""What was not told for longer stays untold."""
AT_ONCE = 100
AT_ONCE_HOURS = 24
# Calls of an hour are read within a minute or two of their end.
_SETTLED = timedelta(minutes=3)
_SATISFIED = 4  # of 5
FEWEST = 5
"""Of fewer calls that asked for a person an hour tells no share, and no mean."""
CURSOR = "figures"
_BEGUN = "figures begun"
# Who has begun and not ended since then has died.
_GIVEN_UP = timedelta(minutes=10)


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

    Once an hour, by whichever worker comes first; `anew`: whether or not that has been done. What
    nobody told while no worker ran is told afterwards, the newest first, up to `CATCH_UP`.
    """
    untold_hours = _begin(engine, now)
    if untold_hours is None and not anew:
        return 0
    done = _tell(engine, province, calls, now, hours)
    this_hour = _hour(now)
    for back in range(hours, untold_hours or 0, AT_ONCE_HOURS):
        until, some = this_hour - back * HOUR, min(AT_ONCE_HOURS, (untold_hours or 0) - back)
        done += _tell(engine, province, calls, now, some, until)
    _end(engine, now)
    log.info("figures stored", count=done, untold_hours=untold_hours)
    return done


def _tell(
    engine: Engine,
    province: Province,
    calls: CallsBetween,
    now: datetime,
    hours: int,
    until: datetime | None = None,
) -> int:
    with reading(engine) as session:
        own = {(each.indicator, each.unit_key): each.id for each in streams(session, source=SYSTEM)}
        known = _known(session, province, own.values(), until or now)
        told = [
            each
            for each in figures(session, province, calls, now, hours, until)
            if known.get((own.get(each.series), each.at)) != each.value
        ]
    # Little at a time: a caller's answer waits for whoever writes.
    return sum(
        _store(engine, province, own, told[begin : begin + AT_ONCE], now)
        for begin in range(0, len(told), AT_ONCE)
    )


def _known(
    session: Session, province: Province, own: Collection[int], until: datetime
) -> Mapping[tuple[int | None, datetime], float | None]:
    """What was told before, of the time that is told again."""
    since = until - 2 * DAY - 2 * HOUR
    values = points(session, own, since, until, None, Aggregate.LAST, zone=province.timezone)
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
            mark_if_demo(session, own[series])
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
    until: datetime | None = None,
) -> Iterator[Told]:
    """What there is to tell at `now`. `session` sees one moment of the database.

    `until`: a past hour, before which the hours lie; then nothing is told of what is open, which
    nobody knows afterwards.
    """
    zone = province.timezone
    this_hour = _hour(now if until is None else until)
    hours = [this_hour - back * HOUR for back in range(last_hours, 0, -1)]
    if until is None:
        today = now.astimezone(zone).date()
        days = [today - DAY, today]
    else:
        days = sorted({hour.astimezone(zone).date() for hour in hours})
    began = min(hours[0], midnight(days[0], zone))
    counts = hour_counts(session, province, began, min(now, midnight(days[-1] + DAY, zone)))
    for module in province.modules:
        for each in module.indicators:
            match each.from_system:
                case None:
                    continue
                case "reports_new":
                    yield from _new(province, module, each, counts, hours, days)
                case "reports_open" | "reports_overdue":
                    if until is not None:
                        continue
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
                        numbers = calls(session, begin, end)
                        found = _of_calls(each.from_system, numbers)
                        if found is not None and _says_enough(each, numbers):
                            yield Told(each.code, None, begin, found)


def _spans(
    indicator: Indicator, hours: Sequence[datetime], days: Sequence[date], province: Province
) -> Iterable[tuple[datetime, datetime]]:
    if indicator.period is Period.HOUR:
        return [(hour, hour + HOUR) for hour in hours]
    zone = province.timezone
    return [(midnight(day, zone), midnight(day + DAY, zone)) for day in days]


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


def _says_enough(indicator: Indicator, calls: Calls) -> bool:
    """Whether an hour's share or mean tells of more than the luck of a few calls. A day's is told
    of however few there were: it is what the statistics tell."""
    if indicator.period is not Period.HOUR or indicator.aggregate is not Aggregate.MEAN:
        return True
    return calls.queued >= FEWEST


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


def _begin(engine: Engine, now: datetime) -> int | None:
    """How many hours nobody has told so far; None where there are none, or somebody is at it."""
    hour = _hour(now.astimezone(UTC) - _SETTLED)
    with reading(engine) as session:
        if _untold(session, hour) is None:
            return None
    with transaction(engine) as session:
        alone(session, "monitoring figures")
        untold = _untold(session, hour)
        begun = session.get(MonitoringCursor, _BEGUN)
        if untold is None or (begun is not None and begun.at <= now < begun.at + _GIVEN_UP):
            return None
        session.merge(MonitoringCursor(name=_BEGUN, at=now))
    return untold


def _untold(session: Session, hour: datetime) -> int | None:
    told = session.get(MonitoringCursor, CURSOR)
    if told is None:
        return 0  # who has never told begins now
    return min(hour - told.at, CATCH_UP) // HOUR if told.at < hour else None


def _end(engine: Engine, now: datetime) -> None:
    """All of it is stored: whoever dies before that leaves it to another."""
    hour = _hour(now.astimezone(UTC) - _SETTLED)
    with transaction(engine) as session:
        alone(session, "monitoring figures")
        told = session.get(MonitoringCursor, CURSOR)
        if told is None or told.at < hour:
            session.merge(MonitoringCursor(name=CURSOR, at=hour))
        session.execute(delete(MonitoringCursor).where(MonitoringCursor.name == _BEGUN))


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
