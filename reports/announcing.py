"""Programs are told what happens to a report, in the transaction of its cause."""

from datetime import datetime

from sqlalchemy.orm import Session

from notifications.webhooks import publish
from reports.models import Report, ReportStatus
from reports.reference import spoken_reference


def announce_filed(session: Session, report: Report, now: datetime) -> None:
    """A report was filed, or its partial one completed."""
    publish(session, "report.created", report.id, _told(report), now)


def announce_change(session: Session, report: Report, moved: bool, now: datetime) -> None:
    """It has a new status, or was changed without one."""
    event = f"report.{ReportStatus(report.status)}" if moved else "report.changed"
    publish(session, event, report.id, _told(report), now)


def _told(report: Report) -> dict[str, object]:
    # Who may know more asks the API for it: what is sent lies in other people's logs.
    return {
        "reference": report.reference,
        "spoken_reference": spoken_reference(report.reference),
        "version": report.version,
        "status": str(report.status),
        "category": report.category,
        "place": report.place,
        "agency": report.agency,
        "urgent": report.urgent,
        "partial": report.partial,
    }
