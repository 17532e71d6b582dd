"""Carrying out a change of a report for a request: its version asked for, refusals told as HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Response
from sqlalchemy.orm import Session

from accounts.permissions import Permission, permissions_of
from accounts.users import active_user
from api.auth import current_actor, current_visitor
from api.errors import BadValue, ChangedSince, NotFound, NotPossible
from api.etags import etag, seen_version
from api.found import found_report
from api.idempotency import Answer, once
from api.report_view import show_reports, show_update
from api.services import ApiServices
from reports import changes
from reports.errors import (
    BadChange,
    ChangedMeanwhile,
    Diverted,
    Incomplete,
    NotAllowed,
    UnknownReport,
)
from reports.models import Report, Update

# Values that the OpenAPI document describes; others are right or wrong by the report's state.
_DESCRIBED = frozenset({"category", "place", "description", "longitude", "language", "number"})

Step = Callable[[Session, Report, datetime, int], object]


def change_seen(services: ApiServices, reference: str, change: changes.Change) -> Response:
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
    change: changes.Change,
    now: datetime,
    seen: int | None = None,
) -> Update | None:
    """The one way in: `reports.changes`."""
    if change.officer:
        _check_officer(session, change.officer, change.agency or report.agency, now)
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
    except (NotAllowed, Incomplete) as error:
        raise NotPossible(str(error)) from error
    except Diverted as error:
        raise NotPossible(str(error)) from error
    except BadChange as error:
        if error.field in _DESCRIBED:
            raise BadValue(str(error), error.field) from error
        raise NotPossible(str(error)) from error


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
