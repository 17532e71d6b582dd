"""One page of a listing, newest first."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.cursor import Cursor, read_cursor, write_cursor
from api.schemas import PageQuery
from storage.types import UtcDateTime

Row = TypeVar("Row")


def read_page(
    session: Session,
    query: Select[Row],
    moment: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[str],
    page: PageQuery,
    cursor_of: Callable[[Row], Cursor],
) -> tuple[list[Row], str | None]:
    """The rows of that page, and the next page's `before` where there is one.

    Raises:
        BadCursor: `page.before` is none of ours.
    """
    if page.before is not None:
        last = read_cursor(page.before)
        edge: Any = tuple_(literal(last.moment, UtcDateTime), literal(last.id))
        query = query.where(tuple_(moment, row_id) < edge)
    query = query.order_by(moment.desc(), row_id.desc()).limit(page.limit + 1)
    rows = list(session.scalars(query))
    shown = rows[: page.limit]
    return shown, write_cursor(cursor_of(shown[-1])) if len(rows) > page.limit else None
