"""Whether something is made up: the one place that is asked. `hotline demo` leaves the marks."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitoring.models import DemoMark


def are_demo(session: Session, kind: str, ids: Sequence[str]) -> bool:
    """Whether all of these rows of the table `kind` are made up; of none at all, False."""
    if not ids:
        return False
    marked = select(func.count()).select_from(DemoMark)
    query = marked.where(DemoMark.kind == kind, DemoMark.row_id.in_(ids))
    return session.scalar(query) == len(set(ids))


def any_demo(session: Session) -> bool:
    """Whether anything made up is there: then whoever looks is to know it."""
    return session.scalar(select(DemoMark.kind).limit(1)) is not None
