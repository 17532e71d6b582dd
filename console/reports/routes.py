"""A report's own page."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from accounts.models import User
from accounts.permissions import Permission, permissions_of
from console import choices
from console.map.script_words import script_words
from console.map.tiles import map_policy
from console.map.where import where_of
from console.pages import Pages, page_language, signed_in
from console.places import place_name
from console.reports.access import actor_of, found_report
from console.reports.journal import call_of
from console.reports.rows import category_name, due_of, told_of
from console.reports.view import View, alike, files_of, heard_of, history_of, proposals_of
from reports.attachments import MAX_BYTES
from reports.desk import note_seen, versions_seen
from reports.models import Report
from reports.presence import colleagues
from reports.reference import spoken_reference
from reports.routing import agency_name
from reports.threads import MOST_CHARACTERS, thread_of
from storage.database import reading, transaction


def add_report_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/<reference>."""

    @console.get("/reports/<reference>")
    def report(reference: str) -> Response:
        return show_report(pages, reference, "report.html")

    @console.get("/reports/<reference>/sheet")
    def report_sheet(reference: str) -> Response:
        return show_report(pages, reference, "report_sheet.html")


def show_report(pages: Pages, reference: str, template: str, **values: Any) -> Response:
    """The page of the report, which the reader has seen then."""
    services = pages.services
    user, now, language = signed_in(), services.clock(), page_language()
    actor = actor_of(user)
    may = permissions_of(user.role)
    view = View(services.province, user, language, Permission.WORDS_READ in may)
    with reading(services.engine) as session:
        found = found_report(session, reference, actor)
        seen = versions_seen(session, user.id, [found.id]).get(found.id)
        proposals = []
        if Permission.REPORTS_CHANGE in may:
            proposals = proposals_of(found, view, services.find_places, services.propose)
        original = session.get(Report, found.original_id) if found.original_id else None
        shown: dict[str, Any] = {
            "report": found,
            "spoken": spoken_reference(found.reference),
            "heard": heard_of(session, found, view, proposals),
            "proposals": proposals,
            "call": call_of(session, found, language) if Permission.CALLS_READ in may else None,
            "history": history_of(found, view),
            "files": files_of(session, found),
            "letters": thread_of(session, found),
            "alike": alike(session, found, view) if Permission.REPORTS_CHANGE in may else [],
            "original": original,
            "there": told_of(
                colleagues(session, user.id, now, [found.id]).get(found.reference, ()), language
            ),
            "with_words": view.with_words,
            "where": where_of(services.province, found, language),
            "map_words": script_words(language),
            **_names(pages, found, language, now),
            **_forms(pages, found, user, language, now),
        }
    if seen is None or seen < found.version:
        with transaction(services.engine) as session:
            note_seen(session, user.id, found.id, found.version, now)
    page = pages.show(template, **shown, **values)
    page.headers["Content-Security-Policy"] = map_policy(services.tiles)
    return page


def _names(pages: Pages, found: Report, language: str, now: datetime) -> dict[str, object]:
    province = pages.services.province
    return {
        "category": category_name(province, found.category, language),
        "place": place_name(province, found.place),
        "agency": agency_name(province, found.agency, language) if found.agency else None,
        "due": due_of(found, language, now),
    }


def _forms(
    pages: Pages, found: Report, user: User, language: str, now: datetime
) -> dict[str, object]:
    province, actor = pages.services.province, actor_of(user)
    day = now.astimezone(pages.services.timezone).date()
    corrects = Permission.REPORTS_CHANGE in permissions_of(user.role)
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
