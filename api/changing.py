"""Carrying out a change of a report for a request: its version asked for, refusals told as HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Response
from sqlalchemy.orm import Session

from accounts.permissions import Permission, permissions_of
from accounts.roles import Role
from accounts.users import active_user
from api.auth import current_actor, current_visitor
from api.errors import BadValue, ChangedSince, NotAllowed, NotFound, NotPossible
from api.etags import etag, seen_version
from api.found import found_report
from api.idempotency import Answer, once
from api.report_view import show_reports, show_update
from api.services import ApiServices
from reports import changes
from reports.actors import Actor, Party
from reports.change import CORRECTIONS, Change
from reports.errors import (
    BadChange,
    ChangedMeanwhile,
    Diverted,
    Incomplete,
    UnknownReport,
)
from reports.errors import NotAllowed as NoSuchWay
from reports.lifecycle import may_move
from reports.models import Report, ReportStatus, Update

# Values that the OpenAPI document describes; others are right or wrong by the report's state.
_DESCRIBED = frozenset({"category", "place", "description", "longitude", "language", "number"})

Step = Callable[[Session, Report, datetime, int], object]


def change_seen(services: ApiServices, reference: str, change: Change) -> Response:
    """Carry out a change of the version in If-Match; the report as it then is.

    Raises:
        ApiError: see `api.errors`.
    """

    def step(session: Session, report: Report, now: datetime, seen: int) -> None:
        apply(services, session, report, change, now, seen)

    return carry_out(services, reference, step)


def carry_out(services: ApiServices, reference: str, step: Step) -> Response:
    """Have `step` change the version in If-Match; the report as it then is.

    Raises:
        ApiError: see `api.errors`.
    """

    def work(session: Session, now: datetime) -> Answer:
        seen = seen_version()
        report = found_report(session, reference)
        try:
            with told_as_http():
                step(session, report, now, seen)
        except ChangedMeanwhile as error:
            session.refresh(report, ["updates"])  # read before the other's were there
            raise _changed_since(report, seen, error.version) from error
        session.flush()
        session.expire_all()  # what was read before may be older than the change
        # Without asking who may know of it: an officer who hands it back is told so.
        return shown(services, session, session.get_one(Report, report.id))

    return once(services, work)


def apply(
    services: ApiServices,
    session: Session,
    report: Report,
    change: Change,
    now: datetime,
    seen: int | None = None,
) -> Update | None:
    """The one way in: `reports.changes`.

    Raises:
        NotAllowed: it takes the scope reports.change.
        NotPossible: the officer is none of those who may work on it.
    """
    _check_scope(report, change, seen)
    if change.officer:
        _check_officer(session, change.officer, _agency_then(report, change), now)
    actor = current_actor()
    return changes.change_report(session, services.province, report.id, change, actor, now, seen)


def shown(services: ApiServices, session: Session, report: Report) -> Answer:
    """The report as an answer with its ETag."""
    (body,) = show_reports(session, [report], services.category_names, services.unit_name)
    tag = etag(report.version, body.model_dump_json().encode())
    return Answer(body, 200, {"ETag": tag, "Cache-Control": "private, no-cache"})


@contextmanager
def told_as_http() -> Iterator[None]:
    """What reports refuse, as the API tells it."""
    try:
        yield
    except UnknownReport as error:
        raise NotFound("no report has this reference") from error
    except (NoSuchWay, Incomplete) as error:
        raise NotPossible(str(error)) from error
    except Diverted as error:
        raise NotPossible(str(error)) from error
    except BadChange as error:
        if error.field in _DESCRIBED:
            raise BadValue(str(error), error.field) from error
        raise NotPossible(str(error)) from error


def _check_scope(report: Report, change: Change, seen: int | None) -> None:
    """Staff who only work on reports may with them what an agency may with its own."""
    visitor = current_visitor()
    if visitor.role is Role.AGENCY or visitor.may(Permission.REPORTS_CHANGE):
        return  # what officers may not, `reports.lifecycle` tells
    named = [n for n in CORRECTIONS if n != "officer" and getattr(change, n) is not None]
    if change.agency not in (None, report.agency):
        named.append("agency")
    before, after = ReportStatus(report.status), change.status
    # Of another version than was seen, `reports.changes` tells what happened to it.
    if after not in (None, before) and seen in (None, report.version):
        as_officer = Actor(visitor.user, Party.AGENCY)
        if not may_move(as_officer, before, after):
            named.append("status")
    if named:
        what = ", ".join(named)
        raise NotAllowed(f"{what}: this takes the scope {Permission.REPORTS_CHANGE}")


def _agency_then(report: Report, change: Change) -> str | None:
    """Whose the report is after the change."""
    if change.status is ReportStatus.ASSIGNED and change.agency is not None:
        return change.agency
    handed_back = change.status is ReportStatus.TRIAGED and report.status != ReportStatus.TRIAGED
    return None if handed_back else report.agency


def _check_officer(session: Session, user_id: str, agency: str | None, now: datetime) -> None:
    user = active_user(session, user_id, now)
    if user is None or Permission.REPORTS_WORK not in permissions_of(user.role):
        raise NotPossible("officer: expected the id of a user who works on reports")
    if user.agency not in (None, agency):
        raise NotPossible("officer: expected one of the report's own agency, or of the staff")


def _changed_since(report: Report, seen: int, version: int) -> ChangedSince:
    words = current_visitor().may(Permission.WORDS_READ)
    since = [
        show_update(update, words).model_dump(mode="json")
        for update in report.updates
        if update.version is not None and update.version > seen
    ]
    more = {"version": version, "updates": since}
    message = f"the report is at version {version}, not {seen}: see what happened, then try again"
    return ChangedSince(message, more, f'"{version}"')
