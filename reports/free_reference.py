"""A reference that no report has yet."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.errors import NoFreeReference
from reports.models import Report
from reports.reference import new_reference

# With a million reports kept, five clashes in a row happen once in 10^10 reports.
ATTEMPTS = 5


def free_reference(session: Session, make_reference: Callable[[], str] = new_reference) -> str:
    """One of nine digits, the last of which checks the others.

    Raises:
        NoFreeReference: five in a row were taken.
    """
    for _ in range(ATTEMPTS):
        reference = make_reference()
        if session.scalar(select(Report.id).where(Report.reference == reference)) is None:
            return reference
    raise NoFreeReference(f"{ATTEMPTS} references in a row were taken")
