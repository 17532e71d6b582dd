"""What is done about a call: a note, the caller's number, ringing back, and supervising others."""

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from accounts.audit import record
from console.pages import Pages, by_script, note, signed_in
from console.phone.choice import interface_of, show_number
from console.phone.routes import show_phone, the_phones
from console.reports.access import actor_of, found_report
from console.reports.change import LONGEST
from console.reports.view import number_of
from ivr.errors import AmiRefused, AsteriskAway, NoSuchTalk, NotFree
from ivr.switchboard import Ear
from ivr.talks import Talk, talks_at
from reports.change import Change
from reports.changes import change_report
from storage.database import transaction

_FAULTS = (NoSuchTalk, AsteriskAway, AmiRefused)


def add_phone_talk_routes(console: APIBlueprint, pages: Pages) -> None:
    """Below /phone, and /reports/<reference>/ring."""
    services = pages.services

    def told(key: str) -> AnyResponse:
        note(key)
        return redirect(url_for("console.phone"), HTTPStatus.SEE_OTHER)

    def talk_at(interface: str) -> Talk:
        """Raises: NoSuchTalk: nobody talks there."""
        for talk in talks_at(interface, the_phones(pages).switchboard.talks()):
            if talk.answered:
                return talk
        raise NoSuchTalk("expected a talk there, found none")

    def noted(action: str, talk: Talk) -> None:
        """In the audit log before it is done: what cannot be noted is not done."""
        about, of = talk.call_id or talk.report, talk.user_id or ""
        with transaction(services.engine) as session:
            record(session, signed_in().id, action, "call", about, services.clock(), of=of)

    @console.post("/phone/number")
    def phone_number() -> Response:
        """The number of whoever is on the line, whole; each look is in the audit log."""
        phones, user = the_phones(pages), signed_in()
        try:
            seen = phones.switchboard.look(interface_of(phones, user.id))
        except _FAULTS:
            return show_phone(pages)
        call_id = seen.talk.call_id if seen.talk else seen.last_call
        if call_id:
            with transaction(services.engine) as session:
                record(session, user.id, "numbers.seen", "call", call_id, services.clock())
            show_number(call_id)
        return show_phone(pages)

    @console.post("/phone/listen")
    def phone_listen() -> AnyResponse:
        """A supervisor hears a talk; by whisper the operator hears them too."""
        phones, user = the_phones(pages), signed_in()
        try:
            ear = Ear(request.form.get("ear", ""))
        except ValueError as error:
            raise BadRequest from error
        try:
            talk = talk_at(request.form.get("at", ""))
            noted(f"call.{ear}", talk)
            phones.switchboard.listen(interface_of(phones, user.id), talk, ear)
        except NotFree:
            return told("phone_not_free")
        except _FAULTS:
            return told("phone_no_talk")
        return told("phone_listening")

    @console.post("/phone/take-over")
    def phone_take_over() -> AnyResponse:
        """The caller is led from the operator to the supervisor."""
        phones, user = the_phones(pages), signed_in()
        try:
            talk = talk_at(request.form.get("at", ""))
            noted("call.taken_over", talk)
            phones.switchboard.take_over(talk.interface, interface_of(phones, user.id))
        except NotFree:
            return told("phone_not_free")
        except _FAULTS:
            return told("phone_no_talk")
        return told("phone_taken_over")

    @console.post("/reports/<reference>/ring")
    def ring_reporter(reference: str) -> AnyResponse:
        """Ring whoever reported it; first the operator's own telephone rings."""
        phones, user = the_phones(pages), signed_in()
        with transaction(services.engine) as session:
            found = found_report(session, reference, actor_of(user))
            number = None if found.anonymous else number_of(session, found)
            if number is None:
                raise NotFound
            record(session, user.id, "report.rung", "report", found.id, services.clock())
            known = found.reference
        try:
            phones.switchboard.ring_out(interface_of(phones, user.id), number, known)
            note("phone_ringing_out")
        except NotFree:
            note("phone_not_free")
        except _FAULTS:
            note("phone_cannot_ring")
        return redirect(url_for("console.report", reference=known), HTTPStatus.SEE_OTHER)

    @console.post("/phone/note")
    def phone_note() -> AnyResponse:
        """For colleagues, on a report that the call is about. What is too long stays as it is."""
        user, now = signed_in(), services.clock()
        sent = request.form.get("note", "").replace("\x00", "").replace("\r\n", "\n")
        text, reference = sent.strip(), request.form.get("reference", "")
        if not text or len(text) > LONGEST:
            if text:
                note("phone_note_too_long", most=LONGEST, found=len(text))
            else:
                note("update_empty")
            refused = HTTPStatus.UNPROCESSABLE_ENTITY
            # A script keeps what it has sent; a plain page has only what it is given back.
            unsent = {} if by_script() else {reference: sent}
            return show_phone(pages, status=refused, unsent=unsent)
        services.before_writing()
        asked, actor = Change(internal_text=text), actor_of(user)
        with transaction(services.engine) as session:
            found = found_report(session, reference, actor)
            change_report(session, services.province, found.id, asked, actor, now)
        return told("phone_noted")
