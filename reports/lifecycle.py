"""From one state of a report to the next. Every change leaves an update."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from reports.errors import NotAllowed
from reports.models import Report, ReportStatus, Update, UpdateKind

log = structlog.get_logger()

S = ReportStatus
_HANDLED = frozenset({S.REJECTED, S.DUPLICATE, S.DIVERTED})
_AT_WORK = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.WAITING_CITIZEN, S.RESOLVED})
NEXT: Mapping[ReportStatus, frozenset[ReportStatus]] = {
    S.NEW: frozenset({S.TRIAGED, *_AT_WORK, *_HANDLED}),
    S.TRIAGED: _AT_WORK | _HANDLED,
    S.ASSIGNED: _AT_WORK | _HANDLED | {S.TRIAGED},
    S.IN_PROGRESS: _AT_WORK | _HANDLED | {S.TRIAGED},
    S.WAITING_CITIZEN: _AT_WORK | _HANDLED | {S.CLOSED},
    S.REOPENED: _AT_WORK | _HANDLED | {S.TRIAGED},
    S.RESOLVED: frozenset({S.CLOSED, S.REOPENED}),
    S.CLOSED: frozenset({S.REOPENED}),
    S.REJECTED: frozenset({S.REOPENED}),
    S.DUPLICATE: frozenset({S.REOPENED}),
    S.DIVERTED: frozenset({S.REOPENED}),
}
# Nothing is due any more, and callers are not offered these as their open reports.
ENDED = frozenset({S.RESOLVED, S.CLOSED, *_HANDLED})


def change_status(
    session: Session,
    report: Report,
    status: ReportStatus,
    author: str,
    now: datetime,
    wording_key: str | None = None,
) -> Update | None:
    """Bring `report` to `status`; the update that tells so, None where it was there already.

    `wording_key` is what callers hear of it.

    Raises:
        NotAllowed: no way leads from the present state to that one.
    """
    before = ReportStatus(report.status)
    if status is before:
        return None
    if status not in NEXT[before]:
        raise NotAllowed(f"a {before} report cannot become {status}")
    report.status = status
    report.updated_at = now
    report.closed_at = now if status is S.CLOSED else None
    kind = UpdateKind.REOPENED if status is S.REOPENED else UpdateKind.STATUS
    update = Update(
        report_id=report.id,
        kind=kind,
        at=now,
        author=author,
        status=status,
        wording_key=wording_key,
    )
    session.add(update)
    session.flush()
    log.info("report changed", report=report.id, status=status)
    return update
