"""Who is told what about a report, in the transaction of its cause."""

from datetime import datetime

from sqlalchemy.orm import Session

from notifications.service import queue_message
from reports.models import Report
from reports.reference import spoken_reference


def tell_received(
    session: Session, report: Report, pin: str, to_number: str | None, now: datetime
) -> None:
    """The reporter's reference and PIN, by SMS; nothing where no number can receive it."""
    if to_number is None:
        return
    queue_message(
        session,
        idempotency_key=f"received:{report.id}",
        to_number=to_number,
        text_key="report_received",
        values={"reference": spoken_reference(report.reference), "pin": pin},
        language=report.language,
        report_id=report.id,
        call_id=report.call_id,
        now=now,
    )
