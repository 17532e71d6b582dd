"""What this system would have counted of the made-up year, hour by hour."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.demo.figures import Series, Values
from ivr.summary_models import CallSummary, Outcome
from monitoring.counts import HourCount, hour_counts
from monitoring.figures import FEWEST, HOTLINE
from monitoring.periods import midnight
from monitoring.subjects import communes
from provinces.modules import SYSTEM, Aggregate, Indicator, IndicatorLevel, Module, Period
from provinces.schema import Province
from reports.models import Report, Update, UpdateKind

_HOUR = timedelta(hours=1)
_SETTLED = timedelta(minutes=3)
_SATISFIED = 4


@dataclass(frozen=True)
class _Hours:
    """Whole hours, the oldest first."""

    begin: datetime
    count: int

    @property
    def moments(self) -> Sequence[datetime]:
        return [self.begin + n * _HOUR for n in range(self.count)]

    def of(self, moment: datetime) -> int:
        return int((moment - self.begin) // _HOUR)


def own_series(
    session: Session,
    province: Province,
    calls: Iterable[CallSummary],
    begin: datetime,
    until: datetime,
) -> Iterator[Series]:
    """Of every indicator whose source is this system; `session` reads the made-up year."""
    begin = begin.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = _Hours(begin, int((until - _SETTLED - begin) // _HOUR))
    if hours.count < 1:
        return
    counts = hour_counts(session, province, begin, until)
    counted = _counted(hours, calls)
    reports = session.execute(
        select(Report.category, Report.requested_at, Report.expected_at, Report.resolved_at,
               Report.closed_at, Report.updated_at, Report.status)
    ).all()  # fmt: skip
    for module in province.modules:
        for each in module.indicators:
            if each.source != SYSTEM or each.from_system is None:
                continue
            if each.from_system == "reports_new":
                yield from _new(province, module, each, hours, counts)
            elif each.from_system in ("reports_open", "reports_overdue"):
                overdue = each.from_system == "reports_overdue"
                yield _series(each, None, hours, _open(module, reports, hours, overdue))
            elif each.from_system == "satisfied_percent":
                yield _satisfied(session, province, each, begin, until)
            elif each.from_system in _OF_CALLS:
                yield _of_calls(province, each, hours, counted, until)


def _series(indicator: Indicator, unit_key: str | None, hours: _Hours, values: Values) -> Series:
    told = ~np.isnan(values)
    moments = [at for at, there in zip(hours.moments, told, strict=True) if there]
    known = [at + _HOUR + _SETTLED for at in moments]
    return Series(indicator, unit_key, moments, known, values[told])


def _new(
    province: Province,
    module: Module,
    indicator: Indicator,
    hours: _Hours,
    counts: Sequence[HourCount],
) -> Iterator[Series]:
    places: Sequence[str | None] = (None,)
    if indicator.level is IndicatorLevel.UNIT:
        places = (None, *communes(province))
    found: dict[str | None, Values] = {key: np.zeros(hours.count) for key in places}
    for each in counts:
        at = hours.of(each.hour_at)
        if at >= hours.count:
            continue
        if module.code == HOTLINE or each.category in module.report_categories:
            found[None][at] += each.count
            if each.unit_key is not None and each.unit_key in found:
                found[each.unit_key][at] += each.count
    for unit_key, values in found.items():
        yield _series(indicator, unit_key, hours, values)


def _open(module: Module, reports: Sequence[Any], hours: _Hours, overdue: bool) -> Values:
    """How many were in hand, or late, at the end of each hour."""
    changes = np.zeros(hours.count + 1)
    for category, came, due, resolved, closed, updated, status in reports:
        if module.code != HOTLINE and category not in module.report_categories:
            continue
        ended = resolved or closed
        if ended is None and status in ("rejected", "duplicate", "diverted"):
            ended = updated
        begin = (due or came) if overdue else came
        if ended is not None and ended <= begin:
            continue
        changes[min(max(0, hours.of(begin)), hours.count)] += 1
        if ended is not None:
            changes[min(max(0, hours.of(ended)), hours.count)] -= 1
    return np.asarray(np.cumsum(changes)[: hours.count])


def _satisfied(
    session: Session, province: Province, indicator: Indicator, begin: datetime, until: datetime
) -> Series:
    zone = province.timezone
    given: dict[datetime, list[int]] = {}
    query = select(Update.at, Update.score).where(
        Update.kind == UpdateKind.RATING, Update.at >= begin, Update.at < until
    )
    for at, score in session.execute(query):
        day = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        given.setdefault(day.astimezone(UTC), []).append(score or 0)
    days = sorted(given)
    shares = [100 * sum(s >= _SATISFIED for s in given[d]) / len(given[d]) for d in days]
    known = [min(day + 25 * _HOUR, until) for day in days]
    return Series(indicator, None, days, known, np.round(np.array(shares, float), 1))


def _counted(hours: _Hours, calls: Iterable[CallSummary]) -> Values:
    """Of each hour: all calls, those that asked for a person, were answered, left; seconds waited
    and talked."""
    found = np.zeros((6, hours.count))
    total, queued, answered, left, waited, talked = found
    for each in calls:
        at = hours.of(each.started_at)
        if not 0 <= at < hours.count:
            continue
        total[at] += 1
        queued[at] += each.queued
        answered[at] += each.answered
        left[at] += each.queued and not each.answered and each.outcome == Outcome.NOTHING
        if each.answered:
            waited[at] += each.waited_s
            talked[at] += each.talked_s
    return found


_OF_CALLS: Mapping[str, Callable[[Values], Values]] = {
    "calls_in": lambda counted: counted[0],
    "answered_percent": lambda counted: np.round(100 * counted[2] / counted[1], 1),
    "abandoned_percent": lambda counted: np.round(100 * counted[3] / counted[1], 1),
    "wait_s": lambda counted: np.round(counted[4] / counted[2]),
    "handling_s": lambda counted: np.round(counted[5] / counted[2]),
}


def _of_calls(
    province: Province, indicator: Indicator, hours: _Hours, counted: Values, until: datetime
) -> Series:
    assert indicator.from_system is not None
    figure = _OF_CALLS[indicator.from_system]
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody waited: nothing to tell of
        if indicator.period is Period.HOUR:
            values = figure(counted)
            if indicator.aggregate is Aggregate.MEAN:
                values = np.where(counted[1] >= FEWEST, values, np.nan)
            return _series(indicator, None, hours, values)
        zone = province.timezone
        days = [at.astimezone(zone).date() for at in hours.moments]
        of_days, where = np.unique(np.array(days), return_inverse=True)
        values = figure(np.stack([np.bincount(where, weights=each) for each in counted]))
    told = ~np.isnan(values)
    moments = [
        midnight(day, zone) for day, there in zip(of_days.tolist(), told, strict=True) if there
    ]
    known = [min(at + 25 * _HOUR, until) for at in moments]
    return Series(indicator, None, moments, known, values[told])
