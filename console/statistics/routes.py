"""The page of figures, and the same as a file."""

from apiflask import APIBlueprint
from flask import Response, request, url_for

from accounts.permissions import Permission, permissions_of
from console.pages import Pages, page_language, signed_in
from console.reports.access import actor_of
from console.statistics.call_routes import add_call_routes
from console.statistics.links import Links
from console.statistics.make import Asked, make_sheet
from console.statistics.paper import PDF_TYPE, write_pdf
from console.statistics.period import Period, read_period, usual_periods
from console.statistics.sheet import Sheet
from console.statistics.shown import change_shown, period_shown, shown
from console.statistics.workbook import XLSX_TYPE, write_xlsx
from console.visit import unshared

_P = Permission


def add_statistics_routes(console: APIBlueprint, pages: Pages) -> None:
    """/statistics, and /calls, where its figures about calls lead."""
    services = pages.services
    province = services.province

    def sheet_of(period: Period, links: Links) -> Sheet:
        asked = Asked(period, actor_of(signed_in()), page_language(), links)
        return make_sheet(services.engine, province, asked, services.clock())

    @console.get("/statistics")
    def statistics() -> Response:
        language = page_language()
        today = services.clock().astimezone(services.timezone).date()
        period, problems = read_period(request.args, today)
        may = permissions_of(signed_in().role)
        links = Links(
            period,
            url_for("console.calls") if _P.CALLS_READ in may else None,
            url_for("console.reports") if _P.REPORTS_READ in may else None,
        )
        return pages.show(
            "statistics/statistics.html",
            sheet=sheet_of(period, links),
            period=period,
            problems=problems,
            usual=usual_periods(today),
            today=today,
            shown=lambda value, unit: shown(value, unit, language),
            change=lambda value, before, unit: change_shown(value, before, unit, language),
            period_shown=lambda each: period_shown(each, language),
        )

    @console.get("/statistics/report.pdf")
    def statistics_pdf() -> Response:
        """The same as the page, on paper."""
        period = _period(pages)
        sheet = sheet_of(period, Links(period))
        return _file(write_pdf(sheet, province, page_language()), PDF_TYPE, f"{period}.pdf")

    @console.get("/statistics/report.xlsx")
    def statistics_xlsx() -> Response:
        """The same as the page, to count on."""
        period = _period(pages)
        sheet = sheet_of(period, Links(period))
        return _file(write_xlsx(sheet, province, page_language()), XLSX_TYPE, f"{period}.xlsx")

    add_call_routes(console, pages)


def _period(pages: Pages) -> Period:
    today = pages.services.clock().astimezone(pages.services.timezone).date()
    return read_period(request.args, today)[0]


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="hotline-{name}"'
    return unshared(response)
