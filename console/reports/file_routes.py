"""Files of a report from the console, and how loud its recordings are."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from accounts.audit import record
from console.errors import BadForm
from console.pages import Pages, note, signed_in
from console.reports.access import actor_of, found_report, known_report
from console.reports.change_routes import refused
from console.visit import unshared
from reports.attaching import add_file as attach
from reports.attachments import MAX_BYTES, Kept, drop_file, keep_file
from reports.desk import note_seen
from reports.errors import BadPhoto, ReportsError, UnknownMedia
from reports.models import Recording
from speech.errors import BrokenSound
from speech.waveform import peaks_of
from storage.database import reading, transaction

MOST_FORM_BYTES = MAX_BYTES + 100_000  # the file, and the rest of its form


def add_report_file_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/<reference>/files and …/recordings/<name>/peaks."""
    services = pages.services

    @console.post("/reports/<reference>/files")
    def add_file(reference: str) -> AnyResponse:
        """Attach a photo or document; a photo loses where and when it was taken."""
        user, now = signed_in(), services.clock()
        internal = request.form.get("internal") == "yes"
        with reading(services.engine) as session:  # before anything is decoded for nobody
            known_report(session, reference, actor_of(user))
        services.before_writing()
        try:
            with _kept(pages) as kept, transaction(services.engine) as session:
                found = found_report(session, reference, actor_of(user))
                row = attach(session, found.id, kept, actor_of(user), now, internal)
                record(session, user.id, "file.attached", "report", found.id, now, file=row.id)
                note_seen(session, user.id, found.id, found.version, now)
        except (BadForm, ReportsError) as error:
            return refused(pages, reference, error)
        note("file_added")
        return redirect(url_for("console.report", reference=reference), HTTPStatus.SEE_OTHER)

    @console.get("/reports/<reference>/recordings/<name>/peaks")
    def peaks(reference: str, name: str) -> Response:
        """How loud a recording is along its length, a byte for each of some hundred stretches."""
        with reading(services.engine) as session:
            report_id, _ = known_report(session, reference, actor_of(signed_in()))
            known = session.scalar(
                select(Recording.name).where(
                    Recording.name == name[:60],
                    Recording.report_id == report_id,
                    Recording.discarded_at.is_(None),
                    Recording.sound_erased_at.is_(None),
                )
            )
        if known is None:
            raise NotFound
        try:
            content = peaks_of(services.recordings / f"{known}.wav")
        except BrokenSound as error:
            raise NotFound from error
        return unshared(Response(content, content_type="application/octet-stream"))


@contextmanager
def _kept(pages: Pages) -> Iterator[Kept]:
    """The form's file, lying safe; it is dropped again where its row is not kept.

    Raises:
        BadForm: there is none, it is too large, or it is neither a photo nor a document.
    """
    folder = pages.services.attachments
    file = request.files.get("file")
    content = file.stream.read(MAX_BYTES + 1) if file is not None else b""
    if not content:
        raise BadForm("file_none")
    if len(content) > MAX_BYTES:
        raise BadForm("file_large")
    try:
        kept = keep_file(folder, content)
    except (UnknownMedia, BadPhoto) as error:
        raise BadForm("file_unknown") from error
    try:
        yield kept
    except BaseException:
        drop_file(folder, kept.id)
        raise
