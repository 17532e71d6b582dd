"""What is done to all picked reports of the list at once, and taking it back."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from sqlalchemy.orm import Session

from console.errors import BadForm
from console.pages import Pages, by_script, page_language, signed_in
from console.reports.access import actor_of, found_report
from console.reports.bulk import FIELDS_OF, Outcome, Picked, for_each, read_picked
from console.reports.change import Wanted, carry_out, read_change
from console.reports.change_routes import rows_now, why
from console.wording import words
from reports.change import Change
from reports.desk import note_seen
from reports.lifecycle import ENDED
from reports.models import ReportStatus
from reports.reference import spoken_reference
from reports.undoing import undo_last

# The citizen is told of these, or they end the matter: they are not taken back.
_FOR_GOOD = ENDED | {ReportStatus.WAITING_CITIZEN}


def add_report_bulk_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/bulk and /reports/bulk/undo."""
    services = pages.services
    province = services.province

    @console.post("/reports/bulk")
    def bulk() -> Response:
        """Change all that were picked; who was overtaken by a colleague is told which."""
        user, now = signed_in(), services.clock()
        try:
            picked = read_picked(request.form.getlist("row"))
            wanted = _wanted(pages)
        except BadForm as error:
            return _refused(pages, error)
        services.before_writing()

        def work(session: Session, one: Picked) -> int | None:
            found = found_report(session, one.reference, actor_of(user))
            update = carry_out(session, province, found, wanted, user, one.version, now)
            session.flush()
            note_seen(session, user.id, found.id, found.version, now)
            return found.version if update is not None else None

        outcome = for_each(services.engine, picked, work)
        lasting = wanted.change.text or wanted.change.status in _FOR_GOOD
        return _told(pages, "bulk_done", picked, outcome, [] if lasting else outcome.done)

    @console.post("/reports/bulk/undo")
    def bulk_undo() -> Response:
        """Take one's own last changes back, within 30 seconds."""
        user, now = signed_in(), services.clock()
        try:
            picked = read_picked(request.form.getlist("row"))
        except BadForm as error:
            return _refused(pages, error)

        def work(session: Session, one: Picked) -> int:
            found = found_report(session, one.reference, actor_of(user))
            undo_last(session, province, found.id, one.version, actor_of(user), now)
            note_seen(session, user.id, found.id, found.version, now)
            return found.version

        outcome = for_each(services.engine, picked, work)
        return _told(pages, "bulk_undone", picked, outcome, [])


def _wanted(pages: Pages) -> Wanted:
    what = request.form.get("what", "")
    fields = FIELDS_OF.get(what, ())
    given = {name: request.form.get(name, "") for name in fields}
    if what == "assign" and not given["agency"]:
        raise BadForm("wrong_input")
    wanted = read_change(given, pages.services.province)
    if wanted.change == Change():
        raise BadForm("wrong_input")
    return wanted


def _refused(pages: Pages, error: BadForm) -> Response:
    told = words(error.key, page_language())
    if by_script():
        return pages.show("parts/refused.html", HTTPStatus.CONFLICT, why=told)
    return pages.show("bulk.html", HTTPStatus.BAD_REQUEST, problem=told)


def _told(
    pages: Pages, key: str, picked: Sequence[Picked], outcome: Outcome, undo: Sequence[Picked]
) -> Response:
    language = page_language()
    values: dict[str, Any] = {
        "key": key,
        "outcome": outcome,
        "undo": undo,
        "refused": [(reference, why(error, language)) for reference, error in outcome.refused],
        "spoken": spoken_reference,
    }
    if not by_script():
        return pages.show("bulk.html", **values)
    rows = rows_now(pages, [one.reference for one in picked])
    return pages.show("parts/bulk_changed.html", rows=rows, **values)
