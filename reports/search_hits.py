"""The reports that have certain words, or lie near a point: by index, and row by row."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from reports.area import Area
from reports.models import Report, ReportSearch
from reports.search_filters import Near, within
from reports.search_models import FTS
from reports.search_words import Query, Term, fts5_query, tsquery

_fts = table(FTS, column("rowid"))


def materialized(query: Select[Any]) -> CTE:
    """Worked out by itself first: neither database may mix it with the order of the list."""
    return query.cte("hits").prefix_with("MATERIALIZED")


def word_hits(words: Query, dialect: str) -> Select[Any]:
    """The ids of all reports that have the words."""
    query = select(ReportSearch.report_id)
    if dialect == "postgresql":
        return query.where(has_words(words, dialect))
    return query.join(_fts, _fts.c.rowid == ReportSearch.id).where(_matches(words))


def _matches(words: Query) -> Any:
    """Of FTS5: it asks its index."""
    return text(f"{FTS} MATCH :words").bindparams(words=fts5_query(words))


def near_hits(near: Near | Area) -> Select[Any]:
    return select(Report.id).where(within(near))


def has_words(words: Query, dialect: str) -> ColumnElement[bool]:
    """Whether this row has them, without an index."""
    if dialect == "postgresql":
        return ReportSearch.words.op("@@", is_comparison=True)(cast(tsquery(words), TSQUERY))
    kept = literal(" ").concat(type_coerce(ReportSearch.words, Text)).concat(" ")
    return and_(*(or_(*(func.instr(kept, f" {each} ") > 0 for each in _forms(t))) for t in words))


def _forms(term: Term) -> Iterator[str]:
    yield " ".join(term.words)
    if term.sound is not None:
        yield term.sound


def hits_counted(
    words: Query | None, near: Near | Area | None, dialect: str, most: int
) -> Select[Any]:
    """How many reports have the words, or lie there; counted up to `most`."""
    if words is None:
        assert near is not None
        hits = near_hits(near)
    elif dialect == "postgresql":
        hits = word_hits(words, dialect)
    else:
        hits = select(_fts.c.rowid).where(_matches(words))
    return select(func.count()).select_from(hits.limit(most).subquery())
