"""Routes of field reports and their recordings."""

import re
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, request, send_file

from accounts.audit import record
from api import schemas
from api.auth import current_visitor
from api.changing import shown
from api.documented import NO_REPORT
from api.errors import NotFound
from api.found import found_report, known_to_asker
from api.openapi import RECORDING_RESPONSES, SECURED
from api.report_view import newest
from api.services import ApiServices
from reports.models import Recording
from storage.database import reading, transaction

_RECORDING_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


def add_report_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Listing, single reports and their sound."""

    @blueprint.get("/reports/<reference:reference>")
    @blueprint.output(schemas.Report)
    @blueprint.doc(
        operation_id="getReport",
        security=SECURED,
        responses={**NO_REPORT, 304: {"description": "Unchanged since its ETag was given"}},
    )
    def report(reference: str) -> Response:
        """The report of that reference, however its digits are grouped."""
        with reading(services.engine) as session:
            answer = shown(services, session, found_report(session, reference))
        body = answer.body.model_dump_json() if answer.body else ""
        response = Response(body, content_type="application/json")
        response.headers.update(answer.headers)
        response.make_conditional(request.environ)
        return response

    @blueprint.get("/reports/<reference>/recording")
    @blueprint.doc(
        operation_id="getReportRecording", security=SECURED, responses=RECORDING_RESPONSES
    )
    def report_recording(reference: str) -> Response:
        """The report's newest recording as audio/wav; byte ranges are understood."""
        with reading(services.engine) as session:
            chosen = newest(found_report(session, reference))
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
                if found is not None and not known_to_asker(found.report):
                    found = None
        if found is None or found.discarded_at is not None:
            raise NotFound("no report has a recording of this name")
        return _sound(services, found)


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
    elif response.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        _note_listening(services, recording)
    response.headers["Cache-Control"] = "private, no-cache"  # a voice: no shared cache keeps it
    return response


def _note_listening(services: ApiServices, recording: Recording) -> None:
    by, now = current_visitor().user, services.clock()
    with transaction(services.engine) as session:
        record(session, by, "recording.heard", "recording", recording.name, now)
