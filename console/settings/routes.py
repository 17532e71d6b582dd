"""The pages of settings: sections, their forms, and keeping what was typed in a draft."""

from collections.abc import Mapping
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from console.pages import Pages, note, page_language, signed_in
from console.settings.desk import Desk, open_desk
from console.settings.forms import (
    Reader,
    apply,
    listed,
    province_of,
    shown_form,
    with_problems,
    without,
)
from console.settings.previews import previews
from console.settings.sections import NEW, Section
from console.settings.shown import written
from provinces.errors import UneditableText
from provinces.published.drafts import Draft, save_draft
from provinces.published.files import Pack
from storage.database import transaction

TEXTS = "texts"


def add_settings_routes(console: APIBlueprint, pages: Pages) -> None:
    """/settings/<section> and /settings/<section>/<entry>."""
    services = pages.services

    @console.get("/settings")
    def settings() -> Response:
        desk = open_desk(services, signed_in())
        return pages.show("settings/overview.html", desk=desk, trouble=_trouble(pages))

    @console.get("/settings/<section>")
    def settings_section(section: str) -> AnyResponse:
        desk, found = _found(pages, section)
        if found is None:
            return pages.problem(HTTPStatus.NOT_FOUND)
        if found.file is None:
            return _form(pages, desk, found, "")
        rows = listed(desk.reader, Reader(desk.holds), found, page_language())
        return pages.show("settings/entries.html", desk=desk, section=found, rows=rows, new=NEW)

    @console.get("/settings/<section>/<entry>")
    def settings_entry(section: str, entry: str) -> AnyResponse:
        desk, found = _found(pages, section, entry)
        if found is None:
            return pages.problem(HTTPStatus.NOT_FOUND)
        return _form(pages, desk, found, entry)

    @console.post("/settings/<section>", endpoint="save_section")
    def save_section(section: str) -> AnyResponse:
        return _save(pages, section, "")

    @console.post("/settings/<section>/<entry>", endpoint="save_entry")
    def save_entry(section: str, entry: str) -> AnyResponse:
        return _save(pages, section, entry)

    @console.post("/settings/<section>/<entry>/remove")
    def remove_entry(section: str, entry: str) -> AnyResponse:
        desk, found = _found(pages, section, entry)
        if found is None or not _may_remove(desk, found, entry):
            return pages.problem(HTTPStatus.NOT_FOUND)
        try:
            pack = without(desk.draft.pack, found, entry)
        except UneditableText:
            return _form(
                pages, desk, found, entry, status=HTTPStatus.CONFLICT, refused="set_uneditable"
            )
        _keep(pages, desk, pack)
        note("settings_kept")
        return redirect(url_for("console.settings_section", section=section), HTTPStatus.SEE_OTHER)

    @console.post("/settings/texts/<entry>/preview")
    def preview_text(entry: str) -> AnyResponse:
        """How long an SMS would be, while it is typed."""
        desk, found = _found(pages, TEXTS, entry)
        if found is None:
            return pages.problem(HTTPStatus.NOT_FOUND)
        applied = apply(desk.draft.pack, found, entry, request.form)
        pack = None if applied.errors or applied.moved else applied.pack
        shown = previews(pack, entry, services.clock()) if pack else None
        return pages.show("settings/preview.html", shown=shown)


def _found(pages: Pages, section: str, entry: str | None = None) -> tuple[Desk, Section | None]:
    desk = open_desk(pages.services, signed_in())
    found = desk.sections.get(section)
    if found is None or entry is None:
        return desk, found
    is_there = found.grows if entry == NEW else found.file and entry in desk.reader.entries(found)
    return desk, found if is_there else None


def _may_remove(desk: Desk, section: Section, entry: str) -> bool:
    """What others may have named stays: of those, only the last day may be written."""
    if entry == NEW or section.file is None:
        return False
    return section.shrinks or (section.grows and entry not in Reader(desk.holds).entries(section))


def _save(pages: Pages, section: str, entry: str) -> AnyResponse:
    desk, found = _found(pages, section, entry or None)
    if found is None or (found.file is None) == bool(entry):
        return pages.problem(HTTPStatus.NOT_FOUND)
    applied = apply(desk.draft.pack, found, entry, request.form)
    if applied.moved:
        return _form(
            pages,
            desk,
            found,
            entry,
            applied.errors,
            HTTPStatus.CONFLICT,
            typed=applied.typed,
            refused="settings_moved",
        )
    if applied.errors:
        return _form(
            pages,
            desk,
            found,
            entry,
            applied.errors,
            HTTPStatus.BAD_REQUEST,
            typed=request.form,
            refused="settings_refused",
        )
    if applied.pack.texts == desk.draft.pack.texts:
        note("settings_as_it_was")
        return redirect(url_for("console.settings_section", section=section), HTTPStatus.SEE_OTHER)
    _keep(pages, desk, applied.pack)
    _, problems = province_of(applied.pack)
    note("settings_kept_broken" if problems else "settings_kept")
    where = url_for("console.settings_section", section=section)
    if problems and entry and entry != NEW:
        where = url_for("console.settings_entry", section=section, entry=entry)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _keep(pages: Pages, desk: Desk, pack: Pack) -> None:
    draft, services = desk.draft, pages.services
    now = services.clock()
    with transaction(services.engine) as session:
        kept = Draft(pack, draft.based_on, now, draft.restores)
        save_draft(session, signed_in().id, kept, now)


def _form(
    pages: Pages,
    desk: Desk,
    section: Section,
    entry: str,
    errors: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
    typed: Mapping[str, str] | None = None,
    refused: str | None = None,
) -> Response:
    """`typed` goes before what is there; `refused` is the wording of why nothing was kept."""
    now = shown_form(desk.reader, section, entry, page_language())
    form = shown_form(desk.reader, section, entry, page_language(), typed, errors)
    pack = desk.draft.pack
    _, problems = province_of(pack)
    form, rest = with_problems(form, pack, entry, problems)
    shown = None
    if section.key == TEXTS and typed is None and not problems:
        shown = previews(pack, entry, pages.services.clock())
    return pages.show(
        "settings/form.html",
        status,
        desk=desk,
        section=section,
        entry=entry,
        is_new=entry == NEW,
        form=form,
        rest=rest,
        refused=refused,
        written=written({one.field.name: one.value for one in now}),
        shown=shown,
        removable=_may_remove(desk, section, entry),
    )


def _trouble(pages: Pages) -> int | None:
    """A version that this process could not take."""
    published = pages.services.published
    return published.trouble if published else None
