"""From a token to the id of its report.

Two kinds of tokens are given: the report's own, in the answer to a POST; and a call's, which
programs beside the telephone know while the caller still speaks. A call's report has its id as
soon as its words are transcribed.
"""

import re

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from api.open311.errors import refused
from api.open311.formats import Document, Record
from ivr.models import Call
from reports.models import Recording, Report, TranscriptStatus

_TOKEN = re.compile(r"[0-9a-f]{32}")  # drawn by chance: nobody guesses one


def of_token(session: Session, token: str) -> Document:
    """The id of the token's report, or none while it is still waited for.

    Raises:
        Refused: no report and no call has this token.
    """
    if not _TOKEN.fullmatch(token):
        raise refused(404, "token: không có mã này", "token: there is no such token")
    reports = session.scalars(
        select(Report)
        .where(or_(Report.id == token, Report.call_id == token), Report.erased_at.is_(None))
        .order_by(Report.requested_at, Report.id)
        .options(selectinload(Report.recordings).selectinload(Recording.transcript))
    ).all()
    if not reports and session.get(Call, token) is None:
        raise refused(404, "token: không có mã này", "token: there is no such token")
    found: list[Record] = [
        {"service_request_id": None if _waits(report) else report.reference, "token": token}
        for report in reports
    ]
    return Document("service_requests", found or [{"service_request_id": None, "token": token}])


def _waits(report: Report) -> bool:
    """For the words of a recording that nobody has transcribed yet."""
    return any(
        recording.transcript is not None
        and recording.transcript.status == TranscriptStatus.PENDING
        and recording.discarded_at is None
        for recording in report.recordings
    )
