"""What a reporter adds in writing, over the web: words, photos, "it is not solved", a rating.

Whoever calls these has made sure that it is the reporter: `reports.lookup.open_report`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.adding import (
    Addition,
    add,
    check_score,
    may_rate,
    rate,
    reopen,
    report_to_add_to,
    report_to_reopen,
    taken,
)
from reports.alarms import raise_alarm
from reports.attachments import Kept
from reports.errors import BadChange, NotAllowed
from reports.models import Report, Update
from reports.search import index_report
from reports.web_filing import MOST_WORDS, Alert

Take = Callable[[Session, Province, Report, Addition, datetime], Update]

_KEPT_OF_CLIENT_ID = 36  # hexadecimal digits of its hash: the column has no more


@dataclass(frozen=True)
class Written:
    """`client_id` is made by the sender, once for an addition: sent again, it is taken once."""

    client_id: str
    text: str = ""
    photos: Sequence[Kept] = ()

    def addition(self, report_id: str) -> Addition:
        # Ids of other people's browsers shall not clash with this report's.
        key = sha256(f"{report_id}\n{self.client_id}".encode()).hexdigest()[:_KEPT_OF_CLIENT_ID]
        return Addition({"client_id": key}, text=self.text.strip() or None, photos=self.photos)


def add_in_writing(
    session: Session,
    province: Province,
    report_id: str,
    written: Written,
    alert: Alert,
    now: datetime,
) -> Update:
    """Keep words or photos with the report; danger in the words raises an alarm.

    Raises:
        UnknownReport: there is no such report.
        BadChange: nothing is added, too much is, or the id was given to other words before.
        TooManyAttachments: the report has as many photos as it may have.
    """
    _check(written)
    if not (written.text.strip() or written.photos):
        raise BadChange("text", "expected words or a photo")
    report = report_to_add_to(session, report_id)
    return _once(session, province, report, written, add, alert, now)


def reopen_in_writing(
    session: Session,
    province: Province,
    report_id: str,
    written: Written,
    alert: Alert,
    now: datetime,
) -> Update:
    """It is not solved: what had ended begins anew, as `reports.adding.reopen` says.

    Raises:
        As `add_in_writing`; words may be missing.
    """
    _check(written)
    report = report_to_reopen(session, report_id)
    return _once(session, province, report, written, reopen, alert, now)


def rate_in_writing(
    session: Session, report_id: str, score: int, written: Written, now: datetime
) -> Update:
    """Note how far the reporter finds it solved.

    Raises:
        UnknownReport: there is no such report.
        BadScore: the score is not one of 1 to 5.
        NotAllowed: there is no answer to rate, or it was rated before.
    """
    check_score(score)
    addition = written.addition(report_id)
    report = report_to_add_to(session, report_id)
    known = taken(session, addition)
    if known is not None:
        return known
    if not may_rate(session, report):
        raise NotAllowed("there is no answer to be rated")
    return rate(session, report, score, addition, now)


def _once(
    session: Session,
    province: Province,
    report: Report,
    written: Written,
    take: Take,
    alert: Alert,
    now: datetime,
) -> Update:
    """What `take` makes of it, or made of it before.

    Raises:
        BadChange: other words came under the id.
    """
    addition = written.addition(report.id)
    known = taken(session, addition)
    if known is None:
        update = take(session, province, report, addition, now)
        _read(session, province, report, addition, alert, now)
        return update
    if addition.text not in (known.text, known.internal_text):
        raise BadChange("client_id", "expected the words that were sent with it before")
    return known


def _check(written: Written) -> None:
    if len(written.text) > MOST_WORDS:
        raise BadChange("text", f"expected at most {MOST_WORDS} characters")


def _read(
    session: Session,
    province: Province,
    report: Report,
    addition: Addition,
    alert: Alert,
    now: datetime,
) -> None:
    """Have the words found, and the danger in them seen."""
    if addition.text is None:
        return
    danger = alert.find_danger(addition.text)
    if danger is not None:
        raise_alarm(session, alert.watch, report.id, danger, "words", now, report)
    index_report(session, province, report)
