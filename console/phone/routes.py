"""The operator's telephone: its page, its line, and how they stand to the queue."""

from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from accounts.audit import record
from accounts.permissions import Permission, permissions_of
from console.pages import Pages, note, page_language, signed_in
from console.phone.choice import (
    BROWSER,
    choose_desk,
    chosen_desk,
    interface_of,
    number_shown,
)
from console.phone.phones import Phones, origin_of
from console.phone.view import Now, look
from console.places import place_name
from console.policy import widened
from console.reports.rows import category_name
from console.wording import words
from ivr.errors import AmiRefused, AsteriskAway, NoSuchTalk, NotFree
from ivr.models import Call
from ivr.queue_members import Duty
from reports.reference import spoken_reference
from storage.database import reading, transaction

_AWAY = (AsteriskAway, AmiRefused)
# What the page's script says by itself.
_SCRIPT_WORDS = (
    "phone_line_closed",
    "phone_line_opening",
    "phone_line_open",
    "phone_line_lost",
    "phone_line_elsewhere",
    "phone_line_taken",
    "phone_line_no_microphone",
    "phone_away",
    "phone_idle",
    "phone_rings",
    "phone_talking",
    "phone_on_hold",
    "phone_muted",
    "phone_not_sent",
)


def add_phone_routes(console: APIBlueprint, pages: Pages) -> None:
    """/phone."""
    services = pages.services

    @console.get("/phone")
    def phone() -> Response:
        if services.phones is None:
            return pages.show("phone/none.html")
        return show_phone(pages)

    @console.get("/phone/now")
    def phone_now() -> Response:
        """The part of the page that changes by itself."""
        return show_phone(pages, "phone/now.html")

    @console.post("/phone/line")
    def phone_line() -> Response:
        """What the page's script signs in with at Asterisk; a new password each time.

        Who opens a line had none: what an older page of theirs has left has no telephone any more.
        A page whose line was refused tells its `opening`: it gets another where no page came after.
        """
        phones, user_id, now = the_phones(pages), signed_in().id, services.clock()
        opening = request.form.get("opening", "")
        if opening and phones.seats.opened_elsewhere(user_id, opening):
            return jsonify(taken=True)
        try:
            line = phones.seats.open(user_id)
            phones.switchboard.drop_lost(f"PJSIP/{line.seat}")
        except _AWAY:
            return jsonify(away=True)
        with transaction(services.engine) as session:
            record(session, user_id, "phone.opened", "user", user_id, now)
        answer = jsonify(
            seat=line.seat,
            password=line.password,
            opening=line.opening,
            address=phones.address_for(request.url),
            ice=phones.ice_servers(line.seat, now),
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @console.post("/phone/duty")
    def phone_duty() -> AnyResponse:
        """Ready, pause or leave."""
        phones, user_id, now = the_phones(pages), signed_in().id, services.clock()
        try:
            duty = Duty(request.form.get("duty", ""))
        except ValueError as error:
            raise BadRequest from error
        try:
            phones.switchboard.set_duty(interface_of(phones, user_id), user_id, duty)
        except _AWAY:
            return told("phone_away")
        with transaction(services.engine) as session:
            record(session, user_id, "phone.duty", "user", user_id, now, duty=str(duty))
        return back()

    @console.post("/phone/telephone")
    def phone_telephone() -> AnyResponse:
        """Work at a telephone on the desk, or in the browser again."""
        phones, user_id = the_phones(pages), signed_in().id
        try:
            phones.switchboard.set_duty(interface_of(phones, user_id), user_id, Duty.AWAY)
        except _AWAY:
            return told("phone_away")
        choose_desk(phones, request.form.get("telephone", BROWSER))
        return back()

    @console.post("/phone/hang-up")
    def phone_hang_up() -> AnyResponse:
        phones = the_phones(pages)
        try:
            phones.switchboard.hang_up(interface_of(phones, signed_in().id))
        except (NoSuchTalk, *_AWAY):
            return told("phone_no_talk")
        return back()

    @console.post("/phone/hand-on")
    def phone_hand_on() -> AnyResponse:
        """The caller rings at a colleague's; who does not answer costs them nothing."""
        phones, user_id, now = the_phones(pages), signed_in().id, services.clock()
        to, own = request.form.get("to", ""), interface_of(phones, user_id)
        try:
            if to == own or to not in phones.switchboard.look(own).present:
                return told("phone_nobody_there")
            talk = phones.switchboard.hand_on(own, to)
        except NotFree:
            return told("phone_nobody_there")
        except (NoSuchTalk, *_AWAY):
            return told("phone_no_talk")
        with transaction(services.engine) as session:
            record(session, user_id, "call.handed_on", "call", talk.call_id, now)
        return told("phone_handed_on")

    def back() -> AnyResponse:
        return redirect(url_for("console.phone"), HTTPStatus.SEE_OTHER)

    def told(key: str) -> AnyResponse:
        note(key)
        return back()


def show_phone(
    pages: Pages,
    template: str = "phone/phone.html",
    status: int = HTTPStatus.OK,
    **values: Any,
) -> Response:
    """The page, or the part of it that changes by itself."""
    services, phones, user = pages.services, the_phones(pages), signed_in()
    desk, language = chosen_desk(phones), page_language()
    with reading(services.engine) as session:
        now = look(session, phones, interface_of(phones, user.id))
        may_see = Permission.NUMBERS_SEE in permissions_of(user.role)
        number = _number(session, now) if may_see else None
    address = phones.address_for(request.url)
    response = pages.show(
        template,
        status,
        now=now,
        number=number,
        desk=desk,
        desks=phones.desks,
        telephones=[(BROWSER, words("phone_browser", language)), *((d, d) for d in phones.desks)],
        phone_words={key: words(key, language) for key in _SCRIPT_WORDS},
        supervises=Permission.CALLS_SUPERVISE in permissions_of(user.role),
        province=services.province,
        page_language=language,
        category_name=category_name,
        place_name=place_name,
        spoken_reference=spoken_reference,
        **values,
    )
    response.headers["Content-Security-Policy"] = widened(origin_of(address), "connect-src")
    return response


def _number(session: Session, now: Now) -> str | None:
    """The caller's number, whole, where that was asked for in this call."""
    if now.story is None or not number_shown(now.story.id):
        return None
    call = session.get(Call, now.story.id)
    return None if call is None or call.anonymous else call.caller_number


def the_phones(pages: Pages) -> Phones:
    """Raises: NotFound: there is no Asterisk here, or no telephones at it."""
    if pages.services.phones is None:
        raise NotFound
    return pages.services.phones
