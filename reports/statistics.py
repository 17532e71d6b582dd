"""Figures over the reports that somebody asks for: how many of each kind, and how soon solved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.models import Report
from reports.search_filters import OPEN, Column, Filters, without_index
from reports.search_list import matching

Counts = Mapping[str | None, int]
"""How many reports have that code; None: those without one."""


@dataclass(frozen=True)
class Deadlines:
    """Of what was answered: in time or late. `overdue`: still open after its deadline."""

    kept: int
    missed: int
    overdue: int


@dataclass(frozen=True)
class Statistics:
    """Days and hours (0 to 23) are local, and of when reports were received.

    `resolve_median_s` is None where nothing was resolved. A report that names a group of
    categories counts to no module.
    """

    total: int
    urgent: int
    partial: int
    statuses: Counts
    categories: Counts
    modules: Counts
    places: Counts
    agencies: Counts
    sources: Counts
    days: Mapping[str, int]
    hours: Mapping[int, int]
    deadlines: Deadlines
    resolve_median_s: float | None


def statistics(session: Session, province: Province, filters: Filters, now: datetime) -> Statistics:
    """The figures of all reports that the filters mean."""
    dialect = session.get_bind().dialect.name
    where = matching(filters, now, dialect)
    categories = _counted(session, Report.category, where, dialect)
    hours = _by_hour(session, where, dialect)
    sources, sums = _by_source(session, where, now)
    urgent, partial, kept, missed, overdue = sums
    return Statistics(
        total=sum(sources.values()),
        urgent=urgent,
        partial=partial,
        statuses=_counted(session, Report.status, where, dialect),
        categories=categories,
        modules=_modules(province, categories),
        places=_counted(session, Report.place, where, dialect),
        agencies=_counted(session, Report.agency, where, dialect),
        sources=sources,
        days=_local(hours, province.timezone, lambda moment: moment.date().isoformat()),
        hours=_local(hours, province.timezone, lambda moment: moment.hour),
        deadlines=Deadlines(kept, missed, overdue),
        resolve_median_s=_median_s(session, where, dialect),
    )


def _conditions(now: datetime) -> list[ColumnElement[bool]]:
    """Urgent, partial, in time, late, overdue."""
    return [
        Report.urgent.is_(True),
        Report.partial.is_(True),
        Report.resolved_at <= Report.expected_at,
        Report.resolved_at > Report.expected_at,
        and_(Report.status.in_(OPEN), Report.expected_at < now),
    ]


def _by_source(
    session: Session, where: list[ColumnElement[bool]], now: datetime
) -> tuple[Counts, list[int]]:
    """What no index tells, in one walk: reports of each source, and how many `_conditions` hold."""
    sums = [func.count().filter(condition) for condition in _conditions(now)]
    query = select(Report.source, func.count(), *sums).where(*where).group_by(Report.source)
    rows = session.execute(query).all()
    return _sorted({row[0]: row[1] for row in rows}), [
        sum(int(row[index]) for row in rows) for index in range(2, 2 + len(sums))
    ]


def _counted(
    session: Session, column: Column, where: list[ColumnElement[bool]], dialect: str
) -> Counts:
    # Else SQLite walks the whole of the column's index to have its groups in order.
    key = without_index(column) if where and dialect == "sqlite" else column
    return _sorted(
        {
            code: n
            for code, n in session.execute(select(key, func.count()).where(*where).group_by(key))
        }
    )


def _sorted(counts: Counts) -> Counts:
    """The commonest first."""
    return dict(sorted(counts.items(), key=lambda row: (-row[1], row[0] or "")))


def _modules(province: Province, categories: Counts) -> Counts:
    found: Counter[str | None] = Counter()
    for code, count in categories.items():
        category = province.categories.get(code or "")
        found[category.module if category is not None else None] += count
    return _sorted(found)


def _by_hour(
    session: Session, where: list[ColumnElement[bool]], dialect: str
) -> Mapping[datetime, int]:
    """How many were received in each hour of UTC: what local time makes of it is added up later.

    (Zones that differ by half hours would be told half an hour wrong; Việt Nam's does not.)
    """
    hour: Any
    if dialect == "postgresql":
        hour = func.extract("epoch", func.date_trunc("hour", Report.requested_at, "UTC"))
    else:  # kept as text: "2026-11-23 05:00:00.000000"
        hour = func.substr(Report.requested_at, 1, 13)
    rows = session.execute(select(hour, func.count()).where(*where).group_by(hour))
    return {_moment(told): count for told, count in rows}


def _moment(hour: Any) -> datetime:
    if isinstance(hour, str):
        return datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
    return datetime.fromtimestamp(float(hour), UTC)


def _local(hours: Mapping[datetime, int], timezone: tzinfo, name: Any) -> dict[Any, int]:
    found: Counter[Any] = Counter()
    for moment, count in hours.items():
        found[name(moment.astimezone(timezone))] += count
    return dict(sorted(found.items()))


def _median_s(session: Session, where: list[ColumnElement[bool]], dialect: str) -> float | None:
    """Of an even number the lower of the two in the middle: one that somebody did wait."""
    taken = [*where, Report.resolved_at.is_not(None)]
    if dialect == "postgresql":
        waited = func.extract("epoch", Report.resolved_at - Report.requested_at)
        median = func.percentile_disc(0.5).within_group(waited)
        found = session.scalar(select(median).where(*taken))
        return None if found is None else round(float(found), 3)
    days = func.julianday(Report.resolved_at) - func.julianday(Report.requested_at)
    count = session.scalar(select(func.count()).select_from(Report).where(*taken)) or 0
    if not count:
        return None
    query: Select[Any] = select(days).where(*taken).order_by(days).offset((count - 1) // 2).limit(1)
    found = session.scalar(query)
    return None if found is None else round(86_400 * float(found), 3)
