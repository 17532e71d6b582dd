"""Reports for whoever is about to change them: one, or several that hang together."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.errors import UnknownReport
from reports.models import Report


def locked(session: Session, report_id: str) -> Report | None:
    """The report as it is now, kept from others until the transaction ends; None if unknown.

    What the session read before somebody quicker committed is read again.
    """
    # Nobody changes its id: whoever only writes something that belongs to it need not wait.
    query = select(Report).where(Report.id == report_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def locked_together(session: Session, find: Callable[[], Iterable[str]]) -> Mapping[str, Report]:
    """Those reports whose ids `find` tells, kept from others until the transaction ends.

    Everybody locks several in one order, so that two never wait for each other for ever. Which they
    are is asked again once they are locked: who was quicker may have joined another to them.

    Raises:
        UnknownReport: there is none of one of these ids.
    """
    ids = frozenset(find())
    while True:
        with session.begin_nested() as attempt:
            found = {each: locked(session, each) for each in sorted(ids)}
            now = frozenset(find())
            if now <= ids:
                break
            attempt.rollback()  # lets go of them
        ids = now
    reports = {name: report for name, report in found.items() if report is not None}
    if len(reports) < len(found):
        raise UnknownReport("no such report")
    return reports
