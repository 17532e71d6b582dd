"""Figures over the reports that somebody asks for: how many of each kind, and how soon solved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.days import Span, tallies_of
from reports.models import Report
from reports.search_filters import (
    IN_TIME,
    LATE,
    Column,
    Filters,
    chosen,
    conditions,
    is_overdue,
    one_of,
    without_index,
)
from reports.search_list import matching
from reports.tallied import (
    are_tallied,
    chosen_tallies,
    counts_by,
    counts_by_hour,
    flagged,
    local_times,
    median_wait_s,
)
from reports.tally import CODED, KEPT, MISSED, PARTIAL, URGENT, Codes, Tallies

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
    """The figures of all reports that the filters mean.

    `session` sees one moment of the database (`storage.database.reading`).
    """
    if are_tallied(filters):
        found = tallies_of(session, Span(filters.received_from, filters.received_to))
        if found is not None:
            return _of_tallies(session, province, filters, now, *found)
    return counted(session, province, filters, now)


def counted(session: Session, province: Province, filters: Filters, now: datetime) -> Statistics:
    """The same, by the database from the reports themselves."""
    dialect = session.get_bind().dialect.name
    where = matching(filters, now, dialect)
    categories = _counted(session, Report.category, where, dialect)
    days, hours = local_times(_by_hour(session, where, dialect), province.timezone)
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
        days=days,
        hours=hours,
        deadlines=Deadlines(kept, missed, overdue),
        resolve_median_s=_median_s(session, where, dialect),
    )


def _of_tallies(
    session: Session,
    province: Province,
    filters: Filters,
    now: datetime,
    tallies: Tallies,
    codes: Codes,
) -> Statistics:
    tallies = chosen_tallies(filters, tallies, codes)
    by = {name: _sorted(counts_by(tallies, name, codes)) for name in CODED}
    days, hours = local_times(counts_by_hour(tallies), province.timezone)
    return Statistics(
        total=len(tallies),
        urgent=flagged(tallies, URGENT),
        partial=flagged(tallies, PARTIAL),
        statuses=by["status"],
        categories=by["category"],
        modules=_modules(province, by["category"]),
        places=by["place"],
        agencies=by["agency"],
        sources=by["source"],
        days=days,
        hours=hours,
        deadlines=Deadlines(
            flagged(tallies, KEPT), flagged(tallies, MISSED), _overdue(session, filters, now)
        ),
        resolve_median_s=median_wait_s(tallies),
    )


def _overdue(session: Session, filters: Filters, now: datetime) -> int:
    """That changes with the hour; but few are open, and an index has them by their deadline."""
    dialect = session.get_bind().dialect.name
    where = [*conditions(replace(filters, overdue=True), now)]
    for column, values in chosen(filters):
        # SQLite would rather read all of a category: it does not know that few are open.
        other = dialect == "sqlite" and column is not Report.status
        where.append(one_of(without_index(column) if other else column, values))
    return session.scalar(select(func.count()).select_from(Report).where(*where)) or 0


def _conditions(now: datetime) -> list[ColumnElement[bool]]:
    """Urgent, partial, in time, late, overdue."""
    return [
        Report.urgent.is_(True),
        Report.partial.is_(True),
        IN_TIME,
        LATE,
        is_overdue(now),
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


def _by_hour(session: Session, where: list[ColumnElement[bool]], dialect: str) -> Mapping[int, int]:
    """How many were received in each hour of UTC since 1970."""
    hour: Any
    if dialect == "postgresql":
        hour = func.extract("epoch", func.date_trunc("hour", Report.requested_at, "UTC"))
    else:  # kept as text: "2026-11-23 05:00:00.000000"
        hour = func.substr(Report.requested_at, 1, 13)
    rows = session.execute(select(hour, func.count()).where(*where).group_by(hour))
    return {_hour(told): count for told, count in rows}


def _hour(told: Any) -> int:
    if isinstance(told, str):
        told = datetime.strptime(told, "%Y-%m-%d %H").replace(tzinfo=UTC).timestamp()
    return int(told) // 3600


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
