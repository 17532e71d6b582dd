"""What staff do with an alert; who was slower than a colleague is told, and loses nothing typed."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from console.alerts.view import show_alert
from console.errors import BadForm
from console.pages import Pages, note, signed_in
from console.reports.change import read_version
from monitoring.alert_kinds import AlertView
from monitoring.alert_lists import find_alert
from monitoring.alerts import acknowledge, close, comment, escalate
from monitoring.errors import (
    AlertChanged,
    AlertEnded,
    BadMute,
    BadWords,
    UnknownAlert,
    UnknownMute,
)
from monitoring.mutes import end_mute, mute_like
from storage.database import transaction
from storage.types import LARGEST_ID

WAYS = ("acknowledge", "comment", "escalate", "close")
MUTE_HOURS = (4, 12, 24, 72, 168)


def add_alert_change_routes(console: APIBlueprint, pages: Pages) -> None:
    """/alerts/<id>/change, /alerts/<id>/mute and /alerts/mutes/<id>/end."""
    services = pages.services

    def carry_out(session: Session, alert_id: str, sent: Mapping[str, str]) -> AlertView:
        by, now, told = signed_in().id, services.clock(), sent.get("words", "")
        what, seen = sent.get("what"), read_version(sent)
        match what:
            case "acknowledge":
                return acknowledge(session, alert_id, by, now, seen)
            case "comment":
                return comment(session, alert_id, by, told, now)
            case "escalate":
                province, duty = services.province, services.duty
                return escalate(session, province, duty, alert_id, by, told, now, seen)
            case "close":
                return close(session, alert_id, by, told, now, seen)
        raise BadRequest

    @console.post("/alerts/<alert_id>/change")
    def change_alert(alert_id: str) -> AnyResponse:
        """Acknowledge it, comment on it, escalate or close it."""
        services.before_writing()
        try:
            with transaction(services.engine) as session:
                found = carry_out(session, alert_id, request.form)
        except UnknownAlert:
            raise NotFound from None
        except AlertChanged:
            return _again(pages, alert_id, "alert_changed_meanwhile")
        except AlertEnded:
            return _again(pages, alert_id, "alert_refused")
        except BadWords:
            return _again(pages, alert_id, "alert_words_needed", HTTPStatus.BAD_REQUEST)
        except BadForm:
            raise BadRequest from None
        note(f"alert_done_{request.form['what']}", number=found.number)
        return redirect(url_for("console.alert", alert_id=alert_id), HTTPStatus.SEE_OTHER)

    @console.post("/alerts/<alert_id>/mute")
    def mute_alert(alert_id: str) -> AnyResponse:
        """For a while nobody is told of alerts of its rule, subject and place."""
        now, hours = services.clock(), request.form.get("hours", "")
        if hours not in {str(each) for each in MUTE_HOURS}:
            raise BadRequest
        services.before_writing()
        try:
            with transaction(services.engine) as session:
                found = find_alert(session, alert_id, now)
                mute_like(
                    session,
                    services.province,
                    signed_in().id,
                    request.form.get("words", ""),
                    now + timedelta(hours=int(hours)),
                    now,
                    found,
                )
        except UnknownAlert:
            raise NotFound from None
        except BadMute:
            return _again(pages, alert_id, "alert_refused")
        except BadWords:
            return _again(pages, alert_id, "alert_words_needed", HTTPStatus.BAD_REQUEST)
        note("alert_done_mute")
        return redirect(url_for("console.alert", alert_id=alert_id), HTTPStatus.SEE_OTHER)

    @console.post("/alerts/<alert_id>/mutes/<int:mute_id>/end")
    def unmute(alert_id: str, mute_id: int) -> AnyResponse:
        """Tell of such alerts again."""
        if mute_id > LARGEST_ID:
            raise NotFound
        try:
            with transaction(services.engine) as session:
                end_mute(session, mute_id, signed_in().id, services.clock())
        except UnknownMute:
            raise NotFound from None
        note("alert_done_unmute")
        return redirect(url_for("console.alert", alert_id=alert_id), HTTPStatus.SEE_OTHER)


def _again(pages: Pages, alert_id: str, why: str, status: int = HTTPStatus.CONFLICT) -> AnyResponse:
    """The alert as it is now, and what was typed, to be sent again or not."""
    typed = {name: request.form.get(name, "") for name in ("what", "words", "hours")}
    return show_alert(pages, alert_id, status, refused=why, typed=typed)
