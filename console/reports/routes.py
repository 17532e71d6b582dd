"""A report's own page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from sqlalchemy.orm import Session

from accounts.permissions import Permission, permissions_of
from console import choices
from console.map.script_words import script_words
from console.map.tiles import map_policy
from console.map.where import where_of
from console.pages import Pages, page_language, signed_in
from console.reports.access import actor_of, found_report
from console.reports.journal import call_of
from console.reports.rows import names_of_report, told_of
from console.reports.view import (
    View,
    alike,
    files_of,
    heard_of,
    history_of,
    proposals_of,
    with_told,
)
from reports.attachments import MAX_BYTES
from reports.desk import note_seen, versions_seen
from reports.models import Report
from reports.presence import colleagues
from reports.reference import spoken_reference
from reports.threads import MOST_CHARACTERS, thread_of
from storage.database import reading, transaction


def add_report_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/<reference>."""

    @console.get("/reports/<reference>")
    def report(reference: str) -> Response:
        return show_report(pages, reference)

    @console.get("/reports/<reference>/sheet")
    def report_sheet(reference: str) -> Response:
        """What of it is printed."""
        view, now = _view(pages), pages.services.clock()
        with _opened(pages, reference, now) as (session, found):
            shown = _on_paper(session, found, view, now)
        return pages.show("report_sheet.html", **shown)


def show_report(pages: Pages, reference: str, **values: Any) -> Response:
    """The page of the report, which the reader has seen then."""
    services, view, now = pages.services, _view(pages), pages.services.clock()
    with _opened(pages, reference, now) as (session, found):
        shown = {
            **_on_paper(session, found, view, now),
            **_beside_it(session, found, view, now),
            **_forms(pages, found, view, now),
        }
    proposals = []
    if Permission.REPORTS_CHANGE in permissions_of(view.user.role):
        proposals = proposals_of(found, view, services.find_places, services.propose)
    shown |= {"proposals": proposals, "heard": with_told(shown["heard"], proposals)}
    page = pages.show("report.html", **shown, **values)
    page.headers["Content-Security-Policy"] = map_policy(services.tiles)
    return page


def _view(pages: Pages) -> View:
    return View(pages.services.province, signed_in(), page_language())


@contextmanager
def _opened(pages: Pages, reference: str, now: datetime) -> Iterator[tuple[Session, Report]]:
    """The report, to be looked at; after that the reader has seen it as it stood."""
    engine, user = pages.services.engine, signed_in()
    with reading(engine) as session:
        found = found_report(session, reference, actor_of(user))
        seen = versions_seen(session, user.id, [found.id]).get(found.id)
        yield session, found
    if seen is None or seen < found.version:
        with transaction(engine) as session:
            note_seen(session, user.id, found.id, found.version, now)


def _on_paper(session: Session, found: Report, view: View, now: datetime) -> dict[str, Any]:
    """What the printed sheet shows, and the page too."""
    return {
        "report": found,
        "spoken": spoken_reference(found.reference),
        "heard": heard_of(session, found, view),
        "history": history_of(found, view),
        "original": session.get(Report, found.original_id) if found.original_id else None,
        "with_words": view.with_words,
        **names_of_report(view.province, found, view.language, now),
    }


def _beside_it(session: Session, found: Report, view: View, now: datetime) -> dict[str, Any]:
    """What only the page shows: where it came from and lies, what is like it, who else is there."""
    user, language, may = view.user, view.language, permissions_of(view.user.role)
    there = colleagues(session, user.id, now, [found.id]).get(found.reference, ())
    return {
        "call": call_of(session, found, language) if Permission.CALLS_READ in may else None,
        "files": files_of(session, found),
        "letters": thread_of(session, found),
        "alike": alike(session, found, view) if Permission.REPORTS_CHANGE in may else [],
        "there": told_of(there, language),
        "where": where_of(view.province, found, language),
        "map_words": script_words(language),
    }


def _forms(pages: Pages, found: Report, view: View, now: datetime) -> dict[str, Any]:
    province, language, actor = view.province, view.language, actor_of(view.user)
    day = now.astimezone(pages.services.timezone).date()
    corrects = Permission.REPORTS_CHANGE in permissions_of(view.user.role)
    return {
        "corrects": corrects,
        "ways": choices.ways_on(found, actor),
        "may_assign": corrects and choices.may_assign(found, actor),
        "may_join": corrects and choices.may_join(found, actor),
        "agencies": choices.agencies(province, language, day, found),
        "categories": choices.categories(province, language),
        "reasons": choices.reasons(province, language),
        "most_characters": MOST_CHARACTERS,
        "most_file_bytes": MAX_BYTES,
    }
