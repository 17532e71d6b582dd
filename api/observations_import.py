"""The route that takes a file of figures: read while it comes in, so it may be long."""

from typing import BinaryIO, cast

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from api.auth import current_visitor
from api.errors import BadValue, WrongMedia
from api.observations_import_schemas import ImportFault, ImportQuery, ImportResult
from api.openapi import SECURED
from api.services import ApiServices
from monitoring.csv_in import Imported, bring_in, look_through
from monitoring.errors import UnreadableCsv

MOST_FILE_BYTES = 500_000_000  # some six million lines
MEDIA_TYPE = "text/csv"


def add_observation_import_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """POST /observations/import."""

    @blueprint.post("/observations/import")
    @blueprint.input(ImportQuery, location="query")
    @blueprint.output(ImportResult)
    @blueprint.doc(
        operation_id="importObservations",
        security=SECURED,
        responses={
            415: "Expected a body of text/csv",
            422: "The file has no header that can be understood, or is not UTF-8",
        },
    )
    def import_observations(query_data: ImportQuery) -> Response:
        """Take a CSV file of figures, as docs/monitoring.md describes it: good lines are stored,
        faulty ones told.

        It is read in batches while it comes in. What is known already is no news, so a file that
        was cut off, or mended, may be sent again.
        """
        if request.mimetype != MEDIA_TYPE:
            raise WrongMedia(f"expected a body of {MEDIA_TYPE}")
        file = cast(BinaryIO, request.stream)
        try:
            if query_data.dry_run:
                found = look_through(file, services.province, services.clock())
            else:
                by = current_visitor().user
                found = bring_in(services.engine, services.province, file, services.clock, by)
        except UnreadableCsv as error:
            raise BadValue(str(error), "body", "body") from error
        return jsonify(told(found, query_data.dry_run).model_dump(mode="json"))


def told(found: Imported, dry_run: bool) -> ImportResult:
    """As the API tells it."""
    return ImportResult(
        dry_run=dry_run,
        lines=found.lines,
        new=found.new,
        repeated=found.repeated,
        corrected=found.corrected,
        faults=found.fault_count,
        first_faults=[
            ImportFault(
                line=each.line,
                column=each.column,
                reason=each.reason,
                expected=each.expected,
                found=each.found,
            )
            for each in found.faults
        ],
    )
