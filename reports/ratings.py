"""The last rating of a report, as a part of queries: one that was reopened may have several."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from reports.models import Update, UpdateKind


def last_rating() -> Any:
    """A name for that rating; `is_last_rating` says which one is meant."""
    return aliased(Update, name="last_rating")


def is_last_rating(last: Any) -> ColumnElement[bool]:
    """It is a rating, and its report has no later one."""
    later = aliased(Update, name="later_rating")
    others = select(later.id).where(
        later.report_id == last.report_id, later.kind == UpdateKind.RATING, later.id > last.id
    )
    return and_(last.kind == UpdateKind.RATING, ~others.exists())
