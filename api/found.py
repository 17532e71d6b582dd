"""The report that a route is about, if whoever asks may know of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth import current_actor
from api.errors import NotAReference, NotFound
from api.report_view import WITH_SOUND
from reports.actors import Party
from reports.models import Report
from reports.reference import parse_reference


def found_report(session: Session, reference: str) -> Report:
    """The report of that reference, however its digits are grouped.

    An officer who asks for another agency's report is told what somebody is told who guesses.

    Raises:
        NotAReference: the text cannot be a reference.
        NotFound: nothing has it that the asker may know of.
    """
    digits = parse_reference(reference)
    if digits is None:
        raise NotAReference(
            "this is not a reference: expected nine digits of which the last checks the others"
        )
    found = session.scalar(select(Report).where(Report.reference == digits).options(*WITH_SOUND))
    if found is None or not known_to_asker(found):
        raise NotFound("no report has this reference")
    return found


def known_to_asker(report: Report | None) -> bool:
    """Whether whoever asks may know of it: staff of all, officers of their agency's alone."""
    actor = current_actor()
    if report is None:
        return False
    return actor.party is not Party.AGENCY or report.agency == actor.agency
