"""The routes that give reports as one file: CSV as a stream, XLSX from a file of its own."""

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from apiflask import APIBlueprint
from flask import Response, send_file

from accounts.audit import record
from accounts.permissions import Permission
from api.auth import Visitor, current_visitor
from api.errors import BadValue
from api.openapi import SECURED
from api.report_filters import filters_of
from api.report_list_schemas import ExportQuery
from api.services import ApiServices
from reports.export import Cell, Column, columns, exported
from reports.search_filters import Filters
from storage.database import transaction

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
_ROWS_SENT = 500
_MOST_ROWS = 1_048_575  # of one XLSX sheet, below its heading
# A spreadsheet takes what begins like this for a formula, and may send the table elsewhere.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

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
        file = tempfile.TemporaryFile()  # noqa: SIM115  # sent, and then closed, by the server
        try:
            write_xlsx(
                file,
                [column.name for column in shown],
                exported(services.engine, filters, shown, now),
                services.province.timezone,
            )
            file.seek(0)
            response = send_file(file, mimetype=XLSX_TYPE)
        except BaseException:
            file.close()
            raise
        return _as_file(response, "xlsx", now)


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


def csv_lines(heading: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
    """The table in pieces of some hundred lines."""
    lines: list[str] = [_BOM]
    writer = csv.writer(_Kept(lines.append))
    writer.writerow(heading)
    for number, row in enumerate(rows, 1):
        writer.writerow([_IN_CSV[type(cell)](cell) for cell in row])
        if number % _ROWS_SENT == 0:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


class _Kept:
    """A "file" whose lines are handed on as they are written."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self.write = write


def _text(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _as_it_is(cell: Any) -> Any:
    return cell


# By type, as every cell of a million rows passes here; moments are UTC.
_IN_CSV: Mapping[type, Callable[[Any], Any]] = {
    str: _text,
    bool: int,
    datetime: lambda cell: cell.isoformat()[:19] + "Z",
    type(None): _as_it_is,
    int: _as_it_is,
    float: _as_it_is,
}


def write_xlsx(
    file: Any, heading: Sequence[str], rows: Iterator[Sequence[Cell]], timezone: tzinfo
) -> None:
    """The table as a workbook, row by row; texts are texts whatever they begin with."""
    # XlsxWriter: kept for a dozen years, needs nothing else, and writes each row as it comes.
    from xlsxwriter import Workbook

    with Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet, at = None, _MOST_ROWS
        for row in rows:
            if at >= _MOST_ROWS:
                sheet, at = _sheet(book, heading, bold), 0
            at += 1
            for index, cell in enumerate(row):
                _write(sheet, at, index, cell, moment, timezone)
        if sheet is None:
            _sheet(book, heading, bold)


def _sheet(book: Any, heading: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for index, name in enumerate(heading):
        sheet.write_string(0, index, name, bold)
    return sheet


def _write(sheet: Any, row: int, index: int, cell: Cell, moment: Any, timezone: tzinfo) -> None:
    match cell:
        case None:
            pass
        case str():
            sheet.write_string(row, index, cell)
        case bool():
            sheet.write_boolean(row, index, cell)
        case datetime():  # a workbook knows no zones
            local = cell.astimezone(timezone).replace(tzinfo=None)
            sheet.write_datetime(row, index, local, moment)
        case _:
            sheet.write_number(row, index, cell)


def _responses(media_type: str) -> dict[int, Any]:
    return {
        200: {"description": "The whole table", "content": {media_type: _FILE}},
        403: "The token may not do this",
    }
