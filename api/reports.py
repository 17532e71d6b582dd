"""Routes of field reports and their recordings."""

import re
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, request, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import schemas
from api.cursor import Cursor
from api.errors import NotAReference, NotFound
from api.openapi import RECORDING_RESPONSES, SECURED
from api.paging import read_page
from api.report_view import WITH_SOUND, newest, show_reports
from api.services import ApiServices
from reports.models import Recording, Report
from reports.reference import parse_reference
from storage.database import reading

_RECORDING_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


def add_report_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Listing, single reports and their sound."""

    @blueprint.get("/reports")
    @blueprint.input(schemas.PageQuery, location="query")
    @blueprint.output(schemas.ReportPage)
    @blueprint.doc(operation_id="listReports", security=SECURED)
    def list_reports(query_data: schemas.PageQuery) -> schemas.ReportPage:
        """Field reports, newest first."""
        with reading(services.engine) as session:
            rows, before = read_page(
                session,
                select(Report).options(*WITH_SOUND),
                Report.requested_at,
                Report.id,
                query_data,
                lambda report: Cursor(report.requested_at, report.id),
            )
            shown = show_reports(session, rows, services.category_names, services.unit_name)
        return schemas.ReportPage(reports=shown, next_before=before)

    @blueprint.get("/reports/<reference>")
    @blueprint.output(schemas.Report)
    @blueprint.doc(operation_id="getReport", security=SECURED)
    def report(reference: str) -> schemas.Report:
        """The report of that reference, however its digits are grouped."""
        digits = _digits(reference)
        with reading(services.engine) as session:
            found = _found(session, digits)
            return show_reports(session, [found], services.category_names, services.unit_name)[0]

    @blueprint.get("/reports/<reference>/recording")
    @blueprint.doc(
        operation_id="getReportRecording", security=SECURED, responses=RECORDING_RESPONSES
    )
    def report_recording(reference: str) -> Response:
        """The report's newest recording as audio/wav; byte ranges are understood."""
        digits = _digits(reference)
        with reading(services.engine) as session:
            found = _found(session, digits)
            chosen = newest(found)
        if chosen is None:
            raise NotFound("this report has no recording")
        return _sound(services, chosen)

    @blueprint.get("/recordings/<name>")
    @blueprint.doc(operation_id="getRecording", security=SECURED, responses=RECORDING_RESPONSES)
    def recording(name: str) -> Response:
        """A recording as audio/wav; byte ranges are understood."""
        found = None
        if _RECORDING_NAME.fullmatch(name):
            with reading(services.engine) as session:
                found = session.get(Recording, name)
        if found is None or found.report_id is None or found.discarded_at is not None:
            raise NotFound("no report has a recording of this name")
        return _sound(services, found)


def _found(session: Session, digits: str) -> Report:
    found = session.scalar(select(Report).where(Report.reference == digits).options(*WITH_SOUND))
    if found is None:
        raise NotFound("no report has this reference")
    return found


def _digits(reference: str) -> str:
    digits = parse_reference(reference)
    if digits is None:
        raise NotAReference(
            "this is not a reference: expected nine digits of which the last checks the others"
        )
    return digits


def _sound(services: ApiServices, recording: Recording) -> Response:
    path = services.recordings / f"{recording.name}.wav"
    try:
        response = send_file(
            path, mimetype="audio/wav", conditional=True, etag=recording.sha256, max_age=0
        )
    except FileNotFoundError as error:
        raise NotFound("the recording is no longer kept") from error
    if response.status_code == HTTPStatus.NOT_MODIFIED or request.method == "HEAD":
        response.close()  # the file; the server closes it only after having sent from it
    response.headers["Cache-Control"] = "private, no-cache"  # a voice: no shared cache keeps it
    return response
