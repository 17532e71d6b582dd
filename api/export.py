"""The routes that give reports as one file: CSV as a stream, XLSX from a file of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, send_file

from accounts.audit import record
from accounts.permissions import Permission
from api.auth import Visitor, current_visitor
from api.errors import BadValue, TooMany
from api.openapi import SECURED
from api.report_filters import filters_of
from api.report_list_schemas import ExportQuery
from api.services import ApiServices
from reports.errors import ExportBusy
from reports.export import Column, columns, exported
from reports.search_filters import Filters
from reports.table_files import CSV_TYPE, RETRY_AFTER_S, XLSX_TYPE, csv_lines, make_xlsx
from storage.database import transaction

_FILE = {"schema": {"type": "string", "format": "binary"}}


def add_export_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """GET /reports/export.csv and /reports/export.xlsx."""

    @blueprint.get("/reports/export.csv")
    @blueprint.input(ExportQuery, location="query")
    @blueprint.doc(
        operation_id="exportReportsCsv",
        security=SECURED,
        responses=_responses("text/csv"),
    )
    def export_csv(query_data: ExportQuery) -> Response:
        """Reports as CSV in UTF-8, newest first, streamed. Nobody's number or name is in it.

        A text that a spreadsheet would take for a formula begins with an apostrophe.
        """
        filters, shown = _asked(services, query_data, "csv")
        now = services.clock()
        lines = csv_lines(
            [column.name for column in shown], exported(services.engine, filters, shown, now)
        )
        return _as_file(Response(lines, content_type=CSV_TYPE), "csv", now)

    @blueprint.get("/reports/export.xlsx")
    @blueprint.input(ExportQuery, location="query")
    @blueprint.doc(
        operation_id="exportReportsXlsx",
        security=SECURED,
        responses=_responses(XLSX_TYPE),
    )
    def export_xlsx(query_data: ExportQuery) -> Response:
        """The same as a workbook; moments are local. What one sheet cannot hold is on the next."""
        filters, shown = _asked(services, query_data, "xlsx")
        now = services.clock()
        try:
            file = make_xlsx(
                services.attachments.with_name("exports"),
                [column.name for column in shown],
                exported(services.engine, filters, shown, now),
                services.province.timezone,
                now,
            )
        except ExportBusy as error:
            raise TooMany(str(error), RETRY_AFTER_S) from error
        return _as_file(send_file(file, mimetype=XLSX_TYPE), "xlsx", now)


def _asked(
    services: ApiServices, query: ExportQuery, kind: str
) -> tuple[Filters, Sequence[Column]]:
    """What to export; that it was asked for is in the audit log before the first row is out."""
    visitor = current_visitor()
    filters = filters_of(query, services.province, visitor)
    shown = _columns(services, query, visitor)
    given = sorted(query.model_fields_set - {"columns"})
    with transaction(services.engine) as session:
        record(
            session,
            visitor.user,
            "reports.exported",
            "reports",
            kind,
            services.clock(),
            filters=given,
            columns=[column.name for column in shown],
        )
    return filters, shown


def _columns(services: ApiServices, query: ExportQuery, visitor: Visitor) -> Sequence[Column]:
    words = visitor.may(Permission.WORDS_READ)
    known = {
        column.name: column for column in columns(services.province, services.unit_name, words)
    }
    if query.columns is None:
        return [column for column in known.values() if not column.words]
    names = dict.fromkeys(query.columns.split(","))
    for name in names:
        if name not in known:
            raise BadValue(f"{name} takes the scope {Permission.WORDS_READ}", "columns", "query")
    return [known[name] for name in names]


def _as_file(response: Response, ending: str, now: datetime) -> Response:
    name = f"reports-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy shall pass the stream on as it comes
    return response


def _responses(media_type: str) -> dict[int, Any]:
    return {
        200: {"description": "The whole table", "content": {media_type: _FILE}},
        403: "The token may not do this",
    }
