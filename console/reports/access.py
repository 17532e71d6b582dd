"""Which reports somebody may know of, and the one that a page is about."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from werkzeug.exceptions import NotFound

from accounts.models import User
from accounts.roles import Role
from reports.actors import Actor, Party
from reports.models import Recording, Report
from reports.reference import parse_reference

NOBODYS_AGENCY = "-"  # no report has it: an officer whose agency is not set sees none


def actor_of(user: User) -> Actor:
    """The part that a user plays in the life of a report."""
    if user.role == Role.AGENCY:
        return Actor(user.id, Party.AGENCY, user.agency or NOBODYS_AGENCY)
    return Actor(user.id, Party.STAFF)


def known_report(session: Session, reference: str, actor: Actor) -> tuple[str, int]:
    """Id and version of the report of that reference, by one query.

    Raises:
        NotFound: there is none that they may know of.
    """
    query = select(Report.id, Report.version, Report.agency)
    row = session.execute(
        query.where(Report.reference == (parse_reference(reference) or ""))
    ).one_or_none()
    if row is None or (actor.party is Party.AGENCY and row.agency != actor.agency):
        raise NotFound
    return row.id, row.version


def found_report(session: Session, reference: str, actor: Actor) -> Report:
    """The report of that reference, with its recordings and updates.

    Raises:
        NotFound: there is none that they may know of; officers know their agency's alone.
    """
    digits = parse_reference(reference)
    found = session.scalar(
        select(Report)
        .where(Report.reference == (digits or ""))
        .options(
            selectinload(Report.recordings).selectinload(Recording.transcript),
            selectinload(Report.updates),
        )
    )
    if found is None or (actor.party is Party.AGENCY and found.agency != actor.agency):
        raise NotFound
    return found
