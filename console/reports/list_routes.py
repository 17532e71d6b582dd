"""The list of reports: filters in its address, saved ones, and places by what is typed."""

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.permissions import Permission, permissions_of
from console import choices
from console.pages import Pages, note, page_language, signed_in
from console.places import place_of, search_units, unit_label
from console.reports.query import AT_ONCE, read_asked, write_place
from console.reports.rows import Shown, rows_of
from reports.desk import forget_list, save_list, saved_lists
from reports.errors import TooLongList, TooManyLists
from reports.models import ReportStatus
from reports.search_list import Sort, find_reports
from storage.database import reading, transaction


def add_report_list_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports."""
    services = pages.services
    province = services.province

    @console.get("/reports")
    def reports() -> Response:
        user, language, now = signed_in(), page_language(), services.clock()
        asked = read_asked(request.args, province, user)
        words = Permission.WORDS_READ in permissions_of(user.role)
        with reading(services.engine) as session:
            found = []
            if not asked.problems:
                found = find_reports(
                    session, asked.filters, now, AT_ONCE + 1, asked.sort, asked.after
                )
            page = found[:AT_ONCE]
            shown = Shown(province, user.id, language, words, now)
            rows = rows_of(session, [each.id for each in page], shown)
            saved = saved_lists(session, user.id)
        return pages.show(
            "reports.html",
            rows=rows,
            asked=asked,
            saved=saved,
            next_page=write_place(page[-1]) if len(found) > AT_ONCE else None,
            statuses=list(ReportStatus),
            sorts=list(Sort),
            bulk_statuses=choices.BULK_STATUSES,
            reasons=choices.reasons(province, language),
            categories=choices.categories(province, language),
            agencies=choices.agencies(province, language, now.astimezone(services.timezone).date()),
            today=now.astimezone(services.timezone).date(),
        )

    @console.post("/reports/saved")
    def save_filters() -> AnyResponse:
        user = signed_in()
        asked = read_asked(request.form, province, user)
        name = " ".join(request.form.get("name", "").replace("\x00", "").split())
        if not name:
            note("saved_needs_name")
        else:
            try:
                with transaction(services.engine) as session:
                    save_list(session, user.id, name, asked.query, services.clock())
                note("saved_done")
            except TooManyLists:
                note("saved_full")
            except TooLongList:
                note("saved_long")
        return redirect(f"{url_for('console.reports')}?{asked.query}", HTTPStatus.SEE_OTHER)

    @console.post("/reports/saved/<list_id>/forget")
    def forget_filters(list_id: str) -> AnyResponse:
        with transaction(services.engine) as session:
            forget_list(session, signed_in().id, list_id[:32])
        return redirect(url_for("console.reports"), HTTPStatus.SEE_OTHER)

    @console.get("/places")
    def places() -> Response:
        """Units by what is typed, for the field that offers them."""
        found = search_units(province, request.args.get("q", "")[:100], services.find_places)
        return jsonify(
            [{"place": place_of(unit), "name": unit_label(province, unit)} for unit in found]
        )
