"""Routes of photos and documents."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request, send_file
from sqlalchemy.orm import Session

from api import schemas, writing_schemas
from api.auth import current_actor
from api.documented import BAD_KEY, NO_REPORT
from api.errors import BadValue, NotFound, NotPossible, TooLarge, WrongMedia
from api.found import found_report, known_to_asker
from api.idempotency import Answer, once
from api.openapi import SECURED
from api.report_view import show_attachment, show_attachments
from api.services import ApiServices
from reports.attaching import add_file
from reports.attachments import (
    MAX_BYTES,
    MOST_OF_A_REPORT,
    Kept,
    drop_file,
    keep_file,
)
from reports.errors import BadPhoto, NotAllowed, TooManyAttachments, UnknownMedia
from reports.models import Attachment, Report
from storage.database import reading

# The file itself, and the rest of its form.
MAX_BODY_BYTES = MAX_BYTES + 100_000
_FIELD, _INTERNAL = "file", "internal"
_TRUTH = {"true": True, "false": False}

_CONTENT = {
    kind: {"schema": {"type": "string", "format": "binary"}}
    for kind in ("image/jpeg", "image/png", "image/webp", "application/pdf")
}
FILE_RESPONSES: dict[int, Any] = {
    200: {"description": "The whole file", "content": _CONTENT},
    206: {"description": "The bytes asked for", "content": _CONTENT},
    304: {"description": "Unchanged since it was fetched"},
    404: "No report that you may know of has such a file",
    416: "The file does not have these bytes",
}


def add_attachment_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """Listing, adding and giving out files."""

    @blueprint.get("/reports/<reference>/attachments")
    @blueprint.output(writing_schemas.AttachmentList)
    @blueprint.doc(operation_id="listAttachments", security=SECURED, responses=NO_REPORT)
    def list_attachments(reference: str) -> writing_schemas.AttachmentList:
        """A report's photos and documents, the first one first."""
        with reading(services.engine) as session:
            report = found_report(session, reference)
            found = show_attachments(session, [report.id])[report.id]
        return writing_schemas.AttachmentList(attachments=found)

    @blueprint.post("/reports/<reference>/attachments")
    @blueprint.output(schemas.Attachment, status_code=201)
    @blueprint.doc(
        operation_id="addAttachment",
        security=SECURED,
        responses={
            **NO_REPORT,
            **BAD_KEY,
            409: f"The report has {MOST_OF_A_REPORT} files, or was erased",
            413: f"The file has more than {MAX_BYTES} bytes",
            415: "It is no JPEG, PNG, WebP or PDF, whatever its name says",
        },
    )
    def add_attachment(reference: str) -> Response:
        """Attach a photo or document. Photos are kept without where and when they were taken."""
        with reading(services.engine) as session:  # before anything is decoded for nobody
            found_report(session, reference)
        content, internal = _sent()
        # Decoding takes its time: no writer shall wait for it.
        kept, used = _kept(services, content), False

        def work(session: Session, now: datetime) -> Answer:
            nonlocal used
            report = found_report(session, reference)
            try:
                row = add_file(session, report.id, kept, current_actor(), now, internal)
            except (NotAllowed, TooManyAttachments) as error:
                raise NotPossible(str(error)) from error
            used = True
            return Answer(show_attachment(row), 201)

        try:
            answer = once(services, work)
        except BaseException:
            used = False  # rolled back, if it ever was
            raise
        finally:
            if not used:
                drop_file(services.attachments, kept.id)
        return answer

    @blueprint.get("/attachments/<attachment_id>")
    @blueprint.doc(operation_id="getAttachment", security=SECURED, responses=FILE_RESPONSES)
    def attachment(attachment_id: str) -> Response:
        """The file; byte ranges are understood."""
        with reading(services.engine) as session:
            known = len(attachment_id) <= 32 and attachment_id.isalnum()
            found = session.get(Attachment, attachment_id) if known else None
            report = session.get(Report, found.report_id) if found is not None else None
            if found is None or found.erased_at is not None or not known_to_asker(report):
                raise NotFound("no report has such a file")
        return _file(services, found)


def _kept(services: ApiServices, content: bytes) -> Kept:
    try:
        return keep_file(services.attachments, content)
    except UnknownMedia as error:
        raise WrongMedia(str(error)) from error
    except BadPhoto as error:
        raise BadValue(str(error), _FIELD, "form_and_files") from error


def _sent() -> tuple[bytes, bool]:
    if request.mimetype != "multipart/form-data":
        raise WrongMedia("expected multipart/form-data with a part named `file`")
    unknown = (set(request.form) | set(request.files)) - {_FIELD, _INTERNAL}
    files = request.files.getlist(_FIELD)
    if len(files) != 1 or unknown or _INTERNAL in request.files:
        raise BadValue("expected one part `file`, and perhaps `internal`", _FIELD, "form_and_files")
    internal = request.form.get(_INTERNAL, "false")
    if internal not in _TRUTH or len(request.form.getlist(_INTERNAL)) > 1:
        raise BadValue("expected true or false", _INTERNAL, "form_and_files")
    content = files[0].stream.read(MAX_BYTES + 1)
    files[0].stream.seek(0)
    if len(content) > MAX_BYTES:
        raise TooLarge(f"expected a file of at most {MAX_BYTES} bytes")
    return content, _TRUTH[internal]


def _file(services: ApiServices, found: Attachment) -> Response:
    try:
        response = send_file(
            services.attachments / found.id,
            mimetype=found.media_type,
            conditional=True,
            etag=found.sha256,
            max_age=0,
            # A document may hold script: it is never opened as a page of ours.
            as_attachment=not found.media_type.startswith("image/"),
            download_name=f"{found.id[:8]}.{found.media_type.rpartition('/')[2]}",
        )
    except FileNotFoundError as error:
        raise NotFound("the file is no longer kept") from error
    if response.status_code == HTTPStatus.NOT_MODIFIED or request.method == "HEAD":
        response.close()  # the file; the server closes it only after having sent from it
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
