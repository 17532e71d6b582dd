"""Changing a report, from its page and from the list; taking it back; others who were quicker."""

from collections.abc import Sequence
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from accounts.permissions import Permission, permissions_of
from console.errors import BadForm
from console.pages import Pages, by_script, note, page_language, signed_in
from console.reports.access import actor_of, found_report
from console.reports.change import FIELDS, carry_out, read_change, read_version
from console.reports.routes import show_report
from console.reports.rows import Row, Shown, rows_of
from console.reports.view import View, history_of
from console.wording import words
from reports.actors import Party
from reports.desk import note_seen
from reports.errors import CannotUndo, ChangedMeanwhile, ReportsError
from reports.models import Report
from reports.reference import parse_reference, spoken_reference
from reports.undoing import undo_last
from storage.database import reading, transaction


def add_report_change_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/<reference>/change and /undo."""
    services = pages.services
    province = services.province

    @console.post("/reports/<reference>/change")
    def change(reference: str) -> AnyResponse:
        """Correct it, bring it to another state, assign or join it."""
        user, now = signed_in(), services.clock()
        services.before_writing()
        try:
            version = read_version(request.form)
            wanted = read_change(request.form, province)
            with transaction(services.engine) as session:
                found = found_report(session, reference, actor_of(user))
                update = carry_out(session, province, found, wanted, user, version, now)
                session.flush()
                note_seen(session, user.id, found.id, found.version, now)
                undo = found.version if update is not None else None
        except ChangedMeanwhile:
            return _conflict(pages, reference)
        except (BadForm, ReportsError) as error:
            return refused(pages, reference, error)
        key = "changed_one" if undo is not None else "changed_nothing"
        return _done(pages, reference, key, undo)

    @console.post("/reports/<reference>/undo")
    def undo(reference: str) -> AnyResponse:
        """Take one's own last change back, within 30 seconds."""
        user, now = signed_in(), services.clock()
        try:
            version = read_version(request.form)
            with transaction(services.engine) as session:
                found = found_report(session, reference, actor_of(user))
                undo_last(session, province, found.id, version, actor_of(user), now)
                note_seen(session, user.id, found.id, found.version, now)
        except (ChangedMeanwhile, CannotUndo, BadForm):
            return _done(pages, reference, "undo_late", None, HTTPStatus.CONFLICT)
        return _done(pages, reference, "change_undone", None)


def _done(
    pages: Pages, reference: str, key: str, undo: int | None, status: int = HTTPStatus.OK
) -> AnyResponse:
    """Back to the page; to a script, the row as it now is and the word that it is done."""
    if not by_script():
        note(key, reference=spoken_reference(reference))
        where = url_for("console.report", reference=reference, undo=undo)
        return redirect(where, HTTPStatus.SEE_OTHER)
    row = next(iter(rows_now(pages, [reference])), None)
    values = {"key": key, "undo": undo, "reference": reference}
    return pages.show("parts/row_changed.html", status, row=row, **values)


def rows_now(pages: Pages, references: Sequence[str]) -> list[Row]:
    """These reports as the list has them now, as far as the asker may know of them."""
    services, user = pages.services, signed_in()
    may_read = Permission.WORDS_READ in permissions_of(user.role)
    shown = Shown(services.province, user.id, page_language(), may_read, services.clock())
    known = [digits for each in references if (digits := parse_reference(each)) is not None]
    actor, query = actor_of(user), select(Report.id).where(Report.reference.in_(known))
    if actor.party is Party.AGENCY:
        query = query.where(Report.agency == actor.agency)
    with reading(services.engine) as session:
        return rows_of(session, session.scalars(query).all(), shown)


def refused(pages: Pages, reference: str, error: Exception) -> AnyResponse:
    language = page_language()
    told = why(error, language)
    if by_script():
        return pages.show("parts/refused.html", HTTPStatus.CONFLICT, why=told)
    return _show_problem(pages, reference, told)


def why(error: Exception, language: str) -> str:
    """What stood against it, in words."""
    if isinstance(error, NotFound):
        return words("unknown_report", language)
    if isinstance(error, BadForm):
        return words(error.key, language)
    return words("refused", language, why=str(error))


def _show_problem(pages: Pages, reference: str, why: str) -> Response:
    response = show_report(pages, reference, problem=why)
    response.status_code = HTTPStatus.CONFLICT
    return response


def _conflict(pages: Pages, reference: str) -> Response:
    """Somebody was quicker: what they did, and one's own change to send again."""
    services, user = pages.services, signed_in()
    view = View(services.province, user, page_language())
    seen = int(request.form["version"])
    with reading(services.engine) as session:
        found = found_report(session, reference, actor_of(user))
        known = {u.id for u in found.updates if u.version is not None and u.version > seen}
        since = [each for each in history_of(found, view) if each.id in known]
    mine = {name: request.form[name] for name in FIELDS if request.form.get(name)}
    template = "parts/conflict.html" if by_script() else "conflict.html"
    return pages.show(
        template,
        HTTPStatus.CONFLICT,
        report=found,
        spoken=spoken_reference(found.reference),
        since=since,
        mine=mine,
    )
