"""What goes with a report: notes, words of recordings, SMS, whom to ring, and files."""

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, send_file, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from accounts.audit import record
from console.pages import Pages, note, page_language, signed_in
from console.reports.access import actor_of, found_report
from console.reports.change import LONGEST
from console.reports.change_routes import refused
from console.reports.routes import show_report
from console.reports.view import number_of
from console.wording import words
from reports.change import Change
from reports.changes import change_report
from reports.corrections import MOST_CHARACTERS as LONGEST_WORDS
from reports.corrections import correct
from reports.errors import NotAllowed, NoWords, ReportsError, WordsChanged, WordsTooLong
from reports.models import Attachment, Recording, Report
from reports.search import index_report
from reports.threads import MOST_CHARACTERS, write_to_reporter
from storage.database import reading, transaction


def add_report_side_routes(console: APIBlueprint, pages: Pages) -> None:
    """Below /reports/<reference>, and /attachments."""
    services = pages.services
    province = services.province

    def back(reference: str, key: str) -> AnyResponse:
        note(key)
        return redirect(url_for("console.report", reference=reference), HTTPStatus.SEE_OTHER)

    @console.post("/reports/<reference>/updates")
    def add_update(reference: str) -> AnyResponse:
        """A note for staff, or words for the citizen; takes no version."""
        user, now = signed_in(), services.clock()
        text = request.form.get("note", "").replace("\x00", "").strip()[:LONGEST]
        public = request.form.get("to") == "citizen"
        if not text:
            return back(reference, "update_empty")
        services.before_writing()
        asked = Change(text=text) if public else Change(internal_text=text)
        try:
            with transaction(services.engine) as session:
                found = found_report(session, reference, actor_of(user))
                change_report(session, province, found.id, asked, actor_of(user), now)
        except ReportsError as error:
            return refused(pages, reference, error)
        return back(reference, "update_added")

    @console.post("/reports/<reference>/words/<name>")
    def correct_words(reference: str, name: str) -> AnyResponse:
        """What was really said; the draft stays beside it."""
        user, now = signed_in(), services.clock()
        before, after = request.form.get("before", ""), request.form.get("after", "")
        try:
            with transaction(services.engine) as session:
                found = found_report(session, reference, actor_of(user))
                recording = session.get(Recording, name[:60])
                if recording is None or recording.report_id != found.id or recording.discarded_at:
                    raise NotFound
                made = correct(session, name, before, after.replace("\x00", ""), user.id, now)
                index_report(session, province, found)
                record(session, user.id, "words.corrected", "recording", name, now)
        except WordsChanged:
            return back(reference, "words_changed")
        except NoWords:
            return back(reference, "words_pending")
        except WordsTooLong:
            why = words("words_too_long", page_language(), most=LONGEST_WORDS)
            page = show_report(pages, reference, problem=why)
            page.status_code = HTTPStatus.BAD_REQUEST
            return page
        return back(reference, "words_corrected" if made else "words_same")

    @console.post("/reports/<reference>/sms")
    def write_sms(reference: str) -> AnyResponse:
        """An SMS to whoever reported it."""
        user, now = signed_in(), services.clock()
        text = " ".join(request.form.get("sms", "").replace("\x00", "").split())[:MOST_CHARACTERS]
        if not text:
            return back(reference, "update_empty")
        services.before_writing()
        try:
            with transaction(services.engine) as session:
                found = found_report(session, reference, actor_of(user))
                write_to_reporter(session, found.id, text, user.id, now)
        except NotAllowed:
            return back(reference, "thread_nobody")
        return back(reference, "thread_sent")

    @console.post("/reports/<reference>/contact")
    def contact(reference: str) -> Response:
        """Whom to ring, whole; each look is in the audit log."""
        now = services.clock()
        with transaction(services.engine) as session:
            found = found_report(session, reference, actor_of(signed_in()))
            record(session, signed_in().id, "numbers.seen", "report", found.id, now)
            number = None if found.anonymous else number_of(session, found)
        return show_report(pages, reference, number=number, number_asked=True)

    @console.get("/attachments/<attachment_id>")
    def attachment(attachment_id: str) -> Response:
        """A photo or document; what is no picture is only ever saved."""
        with reading(services.engine) as session:
            found = session.get(Attachment, attachment_id[:32])
            owner = session.get(Report, found.report_id) if found is not None else None
            actor = actor_of(signed_in())
            known = owner is not None and actor.agency in (None, owner.agency)
            if found is None or found.erased_at is not None or not known:
                raise NotFound
        try:
            response = send_file(
                services.attachments / found.id,
                mimetype=found.media_type,
                as_attachment=not found.media_type.startswith("image/"),
                download_name=f"{found.id[:8]}.{found.media_type.rpartition('/')[2]}",
                max_age=0,
            )
        except FileNotFoundError as error:
            raise NotFound from error
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
