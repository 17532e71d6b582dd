"""The route that lists reports: by filters, words and points, in pages."""

from collections.abc import Sequence

from apiflask import APIBlueprint
from flask import Response, jsonify
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth import current_visitor
from api.cursor import Cursor, read_cursor, write_cursor
from api.openapi import SECURED
from api.report_filters import filters_of
from api.report_list_schemas import ListQuery, ReportList
from api.report_view import WITH_SOUND, show_reports
from api.services import ApiServices
from reports.models import Report
from reports.search_list import Place, Sort, find_reports
from storage.database import reading


def add_report_list_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """GET /reports."""

    @blueprint.get("/reports")
    @blueprint.input(ListQuery, location="query")
    @blueprint.output(ReportList)
    @blueprint.doc(
        operation_id="listReports",
        security=SECURED,
        responses={403: "The token may not do this"},
    )
    def list_reports(query_data: ListQuery) -> Response:
        """Field reports that are as asked for; officers see those of their agency.

        The first page comes as quickly from a million reports as from a thousand. Pages go on by
        key: what comes in meanwhile moves nothing.
        """
        filters = filters_of(query_data, services.province, current_visitor())
        after = read_cursor(query_data.before) if query_data.before is not None else None
        with reading(services.engine) as session:
            found = find_reports(
                session,
                filters,
                services.clock(),
                query_data.limit + 1,
                Sort(query_data.sort),
                None if after is None else Place(after.moment, after.id),
            )
            page = found[: query_data.limit]
            reports = _loaded(session, [each.id for each in page])
            shown = show_reports(session, reports, services.category_names, services.unit_name)
        wanted = None if query_data.fields is None else set(query_data.fields.split(","))
        more = len(found) > query_data.limit
        return jsonify(
            reports=[each.model_dump(mode="json", include=wanted) for each in shown],
            next_before=write_cursor(Cursor(*page[-1])) if more else None,
        )


def _loaded(session: Session, ids: Sequence[str]) -> list[Report]:
    """The reports of these ids, in this order."""
    rows = session.scalars(select(Report).where(Report.id.in_(ids)).options(*WITH_SOUND))
    found = {report.id: report for report in rows}
    return [found[each] for each in ids]
