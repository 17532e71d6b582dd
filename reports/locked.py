"""One report for whoever is about to change it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.models import Report


def locked(session: Session, report_id: str) -> Report | None:
    """The report as it is now, kept from others until the transaction ends; None if unknown.

    What the session read before somebody quicker committed is read again.
    """
    query = select(Report).where(Report.id == report_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
