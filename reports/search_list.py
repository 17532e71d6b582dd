"""One page of the reports that somebody asks for, in time that does not grow with their number.

How it is done, and what it costs, stands in docs/database.md. In short: a filter's index has its
reports in the order of the list, so a page of them is read and no more. Words and points have no
such order. What is common among them is found soon in the list itself: its first reports
are looked through. What is rare is found by its own index.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from reports.models import Report, ReportSearch
from reports.search_filters import (
    OPEN,
    Column,
    Filters,
    Values,
    chosen,
    conditions,
    one_of,
    within,
    without_index,
)
from reports.search_hits import has_words, hits_counted, materialized, word_hits
from storage.types import UtcDateTime

# How many reports are looked through: few at first, which is enough for common words. The other is
# about the square root of (a page × a million): what is not among so many is so rare that its own
# index is quicker, as it is for up to `RARE` reports. Measured: benchmarks/api.md.
FIRST, MORE = 250, 4000
RARE = 2000
RARE_NEAR = 8000  # what lies near is read once, from the reports themselves
MOST = 20_000  # a filter that leaves no more is looked through whole: words may be more common


class Sort(StrEnum):
    """`newest`: by when it was received. `updated`: changed last, first. `due`: what is open and
    has a deadline, the most urgent first."""

    NEWEST = "newest"
    UPDATED = "updated"
    DUE = "due"


class Place(NamedTuple):
    """Where a report stands in a list: the moment that orders it, and its id among equals."""

    moment: datetime
    id: str


def find_reports(
    session: Session,
    filters: Filters,
    now: datetime,
    limit: int,
    sort: Sort = Sort.NEWEST,
    after: Place | None = None,
) -> list[Place]:
    """The first `limit` reports that are meant, after the place where an earlier page ended."""
    filters = _meant(filters)
    wanted = _Wanted(session.get_bind().dialect.name, filters, now, sort, after)
    if filters.words is None and filters.near is None:
        if wanted.may_sort_much:
            found = _places(session, wanted.among_changed_last(MORE, limit))
            if len(found) == limit:
                return found
        return _places(session, wanted.in_order(limit))
    for window in (FIRST, MORE):
        found = _places(session, wanted.among_first(window, limit))
        if len(found) == limit or not wanted.has_more_than(session, window):
            return found
        if wanted.are_rare(session):
            return _places(session, wanted.by_own_index(limit))
    if not wanted.has_more_than(session, MOST):
        return _places(session, wanted.among_first(MOST, limit))
    return _places(session, wanted.by_own_index(limit))


def piece(
    dialect: str, filters: Filters, now: datetime, limit: int, after: Place | None
) -> Select[Any]:
    """(id, moment) of the next `limit` reports, newest first, for whoever reads them all."""
    filters = _meant(filters)
    wanted = _Wanted(dialect, filters, now, Sort.NEWEST, after)
    if filters.words is None and filters.near is None:
        return wanted.in_order(limit)
    return wanted.by_own_index(limit)


def matching(filters: Filters, now: datetime, dialect: str) -> list[ColumnElement[bool]]:
    """The conditions of all that are meant, for figures; the order is of no matter."""
    filters = _meant(filters)
    found = [one_of(each, values) for each, values in chosen(filters)]
    found += conditions(filters, now)
    if filters.words is not None:
        found.append(Report.id.in_(select(word_hits(filters.words, dialect).subquery())))
    if filters.near is not None:
        found.append(within(filters.near))
    return found


def _meant(filters: Filters) -> Filters:
    """Who looks for something that has no word finds nothing."""
    return filters if filters.words != () else replace(filters, words=None, statuses=())


class _Wanted:
    """What is asked for, as statements for one kind of database."""

    def __init__(
        self, dialect: str, filters: Filters, now: datetime, sort: Sort, after: Place | None
    ) -> None:
        if sort is Sort.DUE:
            asked = filters.statuses
            still = OPEN if asked is None else tuple(each for each in asked if each in OPEN)
            filters = replace(filters, statuses=still)
        self.dialect, self.filters, self.now, self.sort, self.after = (
            dialect,
            filters,
            now,
            sort,
            after,
        )
        self.columns = chosen(filters)
        self.leading = self._leading()

    def in_order(self, limit: int) -> Select[Any]:
        """(id, moment) of all that the filters mean, words and points left aside."""
        if self.leading is None or len(self.leading[1]) < 2:
            return self._ordered(self._selected(self._filtered(None)), limit)
        leading, values = self.leading
        lists = [
            select(
                self._ordered(self._selected(self._filtered((leading, (value,)))), limit).subquery()
            )
            for value in values
        ]
        together = union_all(*lists).subquery()
        moment, report_id = together.c.moment, together.c.id
        return select(report_id, moment).order_by(*self._order(moment, report_id)).limit(limit)

    def among_first(self, window: int, limit: int) -> Select[Any]:
        """(id, moment) of those among the first `window` in order that words and point mean."""
        first = self.in_order(window).subquery("first")
        report = Report.__table__.alias("r")
        source: Any = first
        hits: list[ColumnElement[bool]] = []
        if self.filters.words is not None:
            source = source.join(ReportSearch, ReportSearch.report_id == first.c.id)
            hits.append(has_words(self.filters.words, self.dialect))
        if self.filters.near is not None:
            source = source.join(report, report.c.id == first.c.id)
            hits.append(within(self.filters.near, report.c))
        return (
            select(first.c.id, first.c.moment)
            .select_from(source)
            .where(*hits)
            .order_by(*self._order(first.c.moment, first.c.id))
            .limit(limit)
        )

    @property
    def may_sort_much(self) -> bool:
        """Whether SQLite, which knows no numbers, might sort a great part of all reports."""
        return self.dialect == "sqlite" and self.sort is Sort.UPDATED and bool(self.columns)

    def among_changed_last(self, window: int, limit: int) -> Select[Any]:
        """(id, moment) of those among the last `window` to be changed that the filters mean."""
        every = replace(Filters(), updated_to=self.filters.updated_to)
        first = _Wanted(self.dialect, every, self.now, self.sort, self.after).in_order(window)
        last = first.subquery("last")
        found = [*self._others(self.columns), *conditions(self.filters, self.now)]
        query = select(last.c.id, last.c.moment).join(Report, Report.id == last.c.id).where(*found)
        return query.order_by(*self._order(last.c.moment, last.c.id)).limit(limit)

    def has_more_than(self, session: Session, window: int) -> bool:
        """Whether the filters mean more reports than that, words and points left aside."""
        counted = select(func.count()).select_from(self.in_order(window + 1).subquery())
        return (session.scalar(counted) or 0) > window

    def are_rare(self, session: Session) -> bool:
        """Whether few reports have the words, or lie near the point, whatever the filters say."""
        filters = self.filters
        most = RARE if filters.near is None else RARE_NEAR
        counted = hits_counted(filters.words, filters.near, self.dialect, most + 1)
        return (session.scalar(counted) or 0) <= most

    def by_own_index(self, limit: int) -> Select[Any]:
        """(id, moment) of all that is meant, words or point first."""
        found = list(self._others(self.columns))
        found += conditions(self.filters, self.now)
        if self.filters.near is not None:
            found.append(within(self.filters.near))
        query = self._selected(found)
        if self.filters.words is not None:
            words = materialized(word_hits(self.filters.words, self.dialect))
            return self._ordered(query.join(words, words.c[0] == Report.id), limit)
        hits = materialized(self._begun(query))
        moment, report_id = hits.c.moment, hits.c.id
        return select(report_id, moment).order_by(*self._order(moment, report_id)).limit(limit)

    def _leading(self) -> tuple[Column, Values] | None:
        """The column whose index gives the order of the list."""
        if self.sort is Sort.DUE:
            return Report.status, self.filters.statuses or ()
        if self.sort is not Sort.NEWEST or not self.columns:
            return None
        # What is open is little, however much has been closed in the course of years.
        last = self.columns[-1]
        opened = last[0] is Report.status and set(last[1]) <= set(OPEN)
        return last if opened else self.columns[0]

    def _selected(self, found: list[ColumnElement[bool]]) -> Select[Any]:
        return select(Report.id, self._moment.label("moment")).where(*found)

    def _filtered(self, leading: tuple[Column, Values] | None) -> list[ColumnElement[bool]]:
        leads = leading or self.leading
        found = [] if leads is None else [one_of(*leads)]
        others = [each for each in self.columns if leads is None or each[0] is not leads[0]]
        if leads is None and any(self._few(*each) for each in others):
            found += [one_of(*each) for each in others]  # to be sorted: they are not that many
        else:
            found += self._others(others)
        return [*found, *conditions(self.filters, self.now)]

    def _others(self, columns: list[tuple[Column, Values]]) -> Iterator[ColumnElement[bool]]:
        """Conditions that SQLite shall not look for in an index: another one is better.

        It knows nothing of how many reports there are of each kind; PostgreSQL does.
        """
        for each, values in columns:
            if self.dialect == "sqlite":
                yield one_of(without_index(each), values)
            else:
                yield one_of(each, values)

    def _few(self, each: Column, values: Values) -> bool:
        return each is not Report.status or set(values) <= set(OPEN)

    @property
    def _moment(self) -> InstrumentedAttribute[Any]:
        return {
            Sort.NEWEST: Report.requested_at,
            Sort.UPDATED: Report.updated_at,
            Sort.DUE: Report.expected_at,
        }[self.sort]

    def _ordered(self, query: Select[Any], limit: int) -> Select[Any]:
        begun = self._begun(query)
        return begun.order_by(*self._order(self._moment, Report.id)).limit(limit)

    def _begun(self, query: Select[Any]) -> Select[Any]:
        """What lies after the earlier page."""
        if self.sort is Sort.DUE:
            query = query.where(self._moment.is_not(None))
        if self.after is not None:
            edge = literal(self.after.moment, UtcDateTime)
            pair = tuple_(self._moment, Report.id)
            here = tuple_(edge, literal(self.after.id))
            # The first says to any index where to begin; the second is exact.
            if self.sort is Sort.DUE:
                query = query.where(self._moment >= edge, pair > here)
            else:
                query = query.where(self._moment <= edge, pair < here)
        return query

    def _order(self, moment: Any, report_id: Any) -> tuple[Any, Any]:
        if self.sort is Sort.DUE:
            return moment.asc(), report_id.asc()
        return moment.desc(), report_id.desc()


def _places(session: Session, query: Select[Any]) -> list[Place]:
    return [Place(moment, report_id) for report_id, moment in session.execute(query)]
