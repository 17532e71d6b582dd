"""Looking at a draft as a whole, publishing it, and going back to what held before."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.audit import record
from accounts.audit_cut import older_than
from accounts.users import emails_of
from console.pages import Pages, note, page_language, signed_in
from console.settings.desk import Desk, open_desk, sections_of
from console.settings.forms import province_of
from console.settings.told import Told, told
from ivr.erasure import Folders
from ivr.purging import count_old, parts
from monitoring.retention import values_left
from provinces.changes import Difference
from provinces.errors import (
    BadReason,
    NothingChanged,
    ProvinceBroken,
    ProvinceError,
    PublishedMeanwhile,
    UneditableText,
    UnknownVersion,
)
from provinces.published.drafts import (
    discard_draft,
    discard_published,
    of_version,
    on_top_of_newest,
    save_draft,
    with_the_disk,
)
from provinces.published.files import Pack, changed
from provinces.published.versions import (
    Publication,
    basis_of,
    check_candidate,
    history,
    newest_number,
    publish,
    texts_of,
    version,
)
from provinces.retention import Kind
from storage.database import reading, transaction

HISTORY_ROWS = 100


def add_settings_publish_routes(console: APIBlueprint, pages: Pages) -> None:
    """/settings/review, /settings/publish, /settings/history."""
    services = pages.services

    @console.get("/settings/review")
    def review_settings() -> Response:
        return _review(pages, open_desk(services, signed_in()))

    @console.post("/settings/publish")
    def publish_settings() -> AnyResponse:
        user, now, reason = signed_in(), services.clock(), request.form.get("reason", "")
        desk = open_desk(services, user)
        if desk.draft.saved_at is None:
            # Sent twice: the first one has published it.
            return redirect(url_for("console.settings_history"), HTTPStatus.SEE_OTHER)
        if request.form.get("seen") != desk.stamp:
            # The draft is another than the one that was looked at.
            return _review(pages, desk, HTTPStatus.CONFLICT, problem="settings_other_draft")
        if not reason.strip():
            return _review(pages, desk, HTTPStatus.BAD_REQUEST, problem="settings_reason_missing")
        if province_of(desk.draft.pack)[1]:
            return _review(pages, desk, HTTPStatus.CONFLICT, reason=reason)
        services.before_writing()
        try:
            # Walking the flows takes seconds, and nobody else shall wait for it.
            candidate = check_candidate(services.province, desk.draft.pack, services.check_pack)
            with transaction(services.engine) as session:
                wanted = Publication(
                    candidate, desk.draft.based_on, user.id, reason, desk.draft.restores
                )
                made = publish(session, wanted, now)
                record(
                    session,
                    user.id,
                    "settings.published",
                    "settings",
                    str(made.number),
                    now,
                    files=sorted(made.files),
                    restored=made.restored,
                )
                whole = discard_published(session, user.id, desk.draft, made.number)
                number = made.number
        except PublishedMeanwhile:
            # What was typed as the reason stays on the page.
            desk = open_desk(services, user)
            return _review(pages, desk, HTTPStatus.CONFLICT, reason=reason)
        except ProvinceBroken as error:
            return _review(pages, desk, HTTPStatus.CONFLICT, reason=reason, found=error.problems)
        except NothingChanged:
            return _review(pages, desk, HTTPStatus.CONFLICT, problem="settings_nothing")
        except BadReason:
            key = "settings_reason_long"
            return _review(pages, desk, HTTPStatus.BAD_REQUEST, problem=key, reason=reason)
        if services.published is not None:
            services.published.look()
        note("settings_published" if whole else "settings_published_part", number=number)
        return redirect(url_for("console.settings_history"), HTTPStatus.SEE_OTHER)

    @console.post("/settings/discard")
    def discard_settings() -> AnyResponse:
        if request.form.get("sure") != "yes":
            desk = open_desk(services, signed_in())
            return _review(pages, desk, HTTPStatus.CONFLICT, ask="discard")
        with transaction(services.engine) as session:
            discard_draft(session, signed_in().id)
        note("settings_discarded")
        return redirect(url_for("console.settings"), HTTPStatus.SEE_OTHER)

    @console.post("/settings/bring-together")
    def bring_together() -> AnyResponse:
        """Take into the draft what a colleague published, or what was changed on the disk."""
        user, now = signed_in(), services.clock()
        desk = open_desk(services, user)
        from_disk = request.form.get("from") == "disk"
        try:
            with transaction(services.engine) as session:
                if from_disk:
                    draft, quarrels = with_the_disk(desk.draft)
                else:
                    draft, quarrels = on_top_of_newest(session, desk.draft)
                save_draft(session, user.id, draft, now)
        except UneditableText:
            return _review(pages, desk, HTTPStatus.CONFLICT, problem="set_uneditable")
        return _review(pages, open_desk(services, user), quarrels=quarrels, together=True)

    @console.get("/settings/history")
    def settings_history() -> Response:
        before = request.args.get("before", type=int)
        with reading(services.engine) as session:
            rows = history(session, HISTORY_ROWS, before)
            emails = emails_of(session, (row.author for row in rows))
            number = newest_number(session)
        older = rows[-1].number if rows and rows[-1].number > 1 else None
        return pages.show(
            "settings/history.html", rows=rows, emails=emails, number=number, older=older
        )

    @console.get("/settings/history/<int:number>")
    def settings_version(number: int) -> AnyResponse:
        folder = services.province.folder
        with reading(services.engine) as session:
            try:
                found = version(session, number)
                texts, basis = texts_of(session, number - 1), basis_of(session, number - 1)
            except UnknownVersion:
                return pages.problem(HTTPStatus.NOT_FOUND)
            emails = emails_of(session, [found.author])
        # What the disk says today is none of it.
        before = Pack(folder, {**found.basis, **texts})
        after = Pack(folder, {**basis, **found.basis, **found.files})
        lines = _told(pages, changed(before, after), after)
        return pages.show("settings/version.html", version=found, lines=lines, emails=emails)

    @console.post("/settings/history/<int:number>/restore")
    def restore_settings(number: int) -> AnyResponse:
        """A draft of what held then, to be looked at before it holds again."""
        user, now = signed_in(), services.clock()
        folder, today = services.province.folder, now.astimezone(services.province.timezone).date()
        desk = open_desk(services, user)
        try:
            with transaction(services.engine) as session:
                draft = of_version(session, number, folder, today)
                is_asked = desk.draft.saved_at is not None and bool(desk.changes)
                if is_asked and request.form.get("sure") != "yes":
                    # There is one already, and it would be gone.
                    return _review(pages, desk, HTTPStatus.CONFLICT, ask="restore", back_to=number)
                save_draft(session, user.id, draft, now)
        except UnknownVersion:
            return pages.problem(HTTPStatus.NOT_FOUND)
        except UneditableText:
            return _review(pages, desk, HTTPStatus.CONFLICT, problem="set_uneditable")
        return redirect(url_for("console.review_settings"), HTTPStatus.SEE_OTHER)


def _review(
    pages: Pages,
    desk: Desk,
    status: int = HTTPStatus.OK,
    found: Iterable[object] | None = None,
    quarrels: Iterable[Difference] = (),
    **values: Any,
) -> Response:
    """The draft against what holds; where a colleague was quicker, what they did."""
    pack = desk.draft.pack
    theirs: Iterable[Difference] = ()
    mine = desk.changes
    if desk.is_late:
        with reading(pages.services.engine) as session:
            then = Pack(pack.folder, texts_of(session, desk.draft.based_on))
        theirs = changed(then, desk.holds)
        mine = changed(then, pack)
    problems = list(found) if found is not None else list(province_of(pack)[1])
    with reading(pages.services.engine) as session:
        emails = emails_of(session, [desk.newest.author] if desk.newest else [])
    return pages.show(
        "settings/review.html",
        status,
        desk=desk,
        lines=_told(pages, mine, pack),
        theirs=_told(pages, theirs, desk.holds),
        beneath=_told(pages, desk.beneath, desk.holds),
        quarrels=_told(pages, quarrels, pack),
        problems=problems,
        emails=emails,
        old=_would_go(pages, desk),
        **values,
    )


def _would_go(pages: Pages, desk: Desk) -> Mapping[str, int]:
    """How much of what is kept in the database the next purge would erase, by kind of data: of the
    kinds that would be kept for a shorter time."""
    services, now = pages.services, pages.services.clock()
    days = {kind: after for kind, _, after in desk.shorter}
    if not days:
        return {}
    found = dict[str, int]()
    folders = Folders(services.recordings, services.attachments)
    for part in parts(services.province, folders, now):
        if part.kind in days:
            before = now - timedelta(days=days[part.kind])
            found[part.kind] = found.get(part.kind, 0) + count_old(services.engine, part, before)
    if Kind.AUDIT in days:
        with reading(services.engine) as session:
            before = now - timedelta(days=days[Kind.AUDIT])
            found[Kind.AUDIT] = older_than(session, before)
    if Kind.OBSERVATIONS in days:
        found[Kind.OBSERVATIONS] = values_left(
            services.engine, services.province, now, days[Kind.OBSERVATIONS]
        )
    return found


def _told(pages: Pages, differences: Iterable[Difference], pack: Pack) -> list[Told]:
    try:
        sections = sections_of(pack, pages.services.province.languages)
    except ProvinceError:
        sections = {}
    return list(told(differences, sections, page_language()))
