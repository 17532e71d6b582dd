"""The list as one file, with its filters: CSV as a stream, XLSX from a file of its own."""

from datetime import UTC
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.audit import record
from accounts.permissions import Permission, permissions_of
from console.pages import Pages, note, signed_in
from console.places import place_name
from console.reports.query import read_asked
from reports.errors import ExportBusy
from reports.export import columns, exported
from reports.table_files import CSV_TYPE, RETRY_AFTER_S, XLSX_TYPE, csv_lines, make_xlsx
from storage.database import transaction


def add_report_export_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/export."""
    services = pages.services
    province = services.province

    @console.post("/reports/export")
    def export_reports() -> AnyResponse:
        """All reports of the list's filters, newest first; nobody's number or name is in it.

        It is in the audit log before the first row is out.
        """
        user, now = signed_in(), services.clock()
        kind = "xlsx" if request.form.get("kind") == "xlsx" else "csv"
        asked = read_asked(request.form, province, user)
        if asked.problems:
            note("export_unread")
            return redirect(f"{url_for('console.reports')}?{asked.query}", HTTPStatus.SEE_OTHER)
        words = Permission.WORDS_READ in permissions_of(user.role)
        shown = columns(province, lambda place: place_name(province, place), words)
        heading = [column.name for column in shown]
        with transaction(services.engine) as session:
            given = sorted(name for name, value in asked.typed.items() if value)
            details = {"filters": given, "columns": heading}
            record(session, user.id, "reports.exported", "reports", kind, now, **details)
        rows = exported(services.engine, asked.filters, shown, now)
        if kind == "csv":
            response = Response(csv_lines(heading, rows), content_type=CSV_TYPE)
        else:
            folder = services.attachments.with_name("exports")
            try:
                file = make_xlsx(folder, heading, rows, services.timezone, now)
            except ExportBusy:
                busy = pages.show("problem.html", HTTPStatus.SERVICE_UNAVAILABLE, key="export_busy")
                busy.headers["Retry-After"] = str(RETRY_AFTER_S)
                return busy
            response = send_file(file, mimetype=XLSX_TYPE)
        name = f"reports-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.{kind}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"  # a proxy shall pass the stream on as it comes
        return response
