"""Whether something is made up: the one place that is asked. `hotline demo` leaves the marks."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitoring.models import DemoMark

MADE_UP_SOURCE = "demo"
"""The source of made-up reports, for whoever counts reports without seeing each of them."""
OWN_FIGURES = "own_figures"
"""The mark that says that what this system counts has made-up reports and calls in it."""


def are_demo(session: Session, kind: str, ids: Sequence[str]) -> bool:
    """Whether all of these rows of the table `kind` are made up; of none at all, False."""
    if not ids:
        return False
    marked = select(func.count()).select_from(DemoMark)
    query = marked.where(DemoMark.kind == kind, DemoMark.row_id.in_(ids))
    return session.scalar(query) == len(set(ids))


def demo_rows(session: Session, kind: str) -> frozenset[str]:
    """The keys of the rows of the table `kind` that are made up."""
    return frozenset(session.scalars(select(DemoMark.row_id).where(DemoMark.kind == kind)))


def any_demo(session: Session) -> bool:
    """Whether anything made up is there: then whoever looks is to know it."""
    return session.scalar(select(DemoMark.kind).limit(1)) is not None


def mark_if_demo(session: Session, stream: int) -> None:
    """Mark a new series of what this system counts, where it counts made-up reports and calls."""
    if demo_rows(session, OWN_FIGURES):
        session.merge(DemoMark(kind="datastreams", row_id=str(stream)))
        session.flush()
