"""When a report ended: one rule for reopening, for what is kept no longer, and for what is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from reports.lifecycle import ENDED
from reports.models import Report, Update


def moment_of_end() -> ColumnElement[datetime]:
    """When the report of this row came to the state that it is in; of what is closed, its closing.

    What is added later - a rating, a duplicate, words - does not count. Reports of before there
    were updates have none of their state: unless it is known when they were solved, they ended when
    something was last done.
    """
    came = (
        select(func.max(Update.at))
        .where(Update.report_id == Report.id, Update.status == Report.status)
        .correlate(Report)
    )
    return func.coalesce(
        Report.closed_at, came.scalar_subquery(), Report.resolved_at, Report.updated_at
    )


def ended_before(moment: datetime) -> ColumnElement[bool]:
    """Reports that have ended, and did so before `moment`."""
    # None ended before it came in: younger ones are left out without a look at their updates.
    return Report.status.in_(ENDED) & (Report.requested_at < moment) & (moment_of_end() < moment)


def ended_at(session: Session, report: Report) -> datetime:
    """When the report came to the state that it is in."""
    session.flush()
    return session.scalars(select(moment_of_end()).where(Report.id == report.id)).one()


def moments_of_end(session: Session, report_ids: Sequence[str]) -> Mapping[str, datetime]:
    """The same for reports that have ended; those of other ids are left out."""
    query = select(Report.id, moment_of_end())
    rows = session.execute(query.where(Report.id.in_(report_ids), Report.status.in_(ENDED)))
    return {report_id: at for report_id, at in rows}
