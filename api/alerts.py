"""Routes of alerts: their list, one with its history, and what staff do with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from sqlalchemy.orm import Session

from api import alert_schemas as told
from api.alert_view import show_alert, show_mute, show_mutes, show_whole
from api.auth import current_visitor
from api.documented import BAD_KEY
from api.errors import BadValue, ChangedSince, NotFound, NotPossible
from api.etags import etag, seen_version
from api.idempotency import Answer, once
from api.monitoring_codes import asked_module, asked_subject, asked_unit
from api.openapi import SECURED
from api.services import ApiServices
from monitoring.alert_kinds import CURRENT, AlertState, AlertView, Level, MuteView, Rule
from monitoring.alert_lists import Wanted, alerts, find_alert
from monitoring.alerts import acknowledge, close, comment, escalate
from monitoring.errors import (
    AlertChanged,
    AlertEnded,
    BadMute,
    BadWords,
    UnknownAlert,
    UnknownMute,
)
from monitoring.mutes import active_mutes, end_mute, mute, mute_like
from provinces.schema import Province
from storage.database import reading
from storage.types import LARGEST_ID

_CURRENT = "current"
_NO_ALERT: dict[int, Any] = {404: "There is no such alert"}
_CHANGING: dict[int, Any] = {
    **_NO_ALERT,
    **BAD_KEY,
    409: "The alert is closed",
    412: "Somebody changed the alert since: `version` tells at which it is",
    428: "If-Match is missing",
}
Act = Callable[[Session, datetime, int], AlertView]


def add_alert_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """/alerts, /alerts/<alert_id> with its actions, and /mutes."""
    province = services.province

    def shown(session: Session, alert: AlertView) -> Answer:
        body = show_whole(session, province, alert)
        tag = etag(alert.version, body.model_dump_json().encode())
        return Answer(body, 200, {"ETag": tag, "Cache-Control": "private, no-cache"})

    def change_seen(act: Act) -> Response:
        """Have `act` change the version in If-Match."""

        def work(session: Session, now: datetime) -> Answer:
            seen = seen_version()
            try:
                return shown(session, act(session, now, seen))
            except UnknownAlert as error:
                raise NotFound("there is no such alert") from error
            except AlertChanged as error:
                message = f"the alert is at version {error.version}, not {seen}"
                raise ChangedSince(
                    message, {"version": error.version}, f'"{error.version}"'
                ) from error
            except AlertEnded as error:
                raise NotPossible("the alert is closed") from error
            except BadWords as error:
                raise BadValue(str(error), "words") from error

        return once(services, work)

    @blueprint.get("/alerts")
    @blueprint.input(told.AlertQuery, location="query")
    @blueprint.output(told.AlertList)
    @blueprint.doc(operation_id="listAlerts", security=SECURED)
    def list_alerts(query_data: told.AlertQuery) -> told.AlertList:
        """Alerts that are as asked for, newest first."""
        with reading(services.engine) as session:
            found = alerts(
                session,
                _wanted(province, query_data),
                services.clock(),
                query_data.limit + 1,
                query_data.before,
            )
        page = found[: query_data.limit]
        return told.AlertList(
            alerts=[show_alert(province, each) for each in page],
            next_before=page[-1].number if len(found) > len(page) else None,
        )

    @blueprint.get("/alerts/<alert:alert_id>")
    @blueprint.output(told.AlertDetail)
    @blueprint.doc(
        operation_id="getAlert",
        security=SECURED,
        responses={**_NO_ALERT, 304: {"description": "Unchanged since its ETag was given"}},
    )
    def alert(alert_id: str) -> Response:
        """One alert: why it is there, what happened to it, and the reports behind it."""
        try:
            with reading(services.engine) as session:
                answer = shown(session, find_alert(session, alert_id, services.clock()))
        except UnknownAlert as error:
            raise NotFound("there is no such alert") from error
        body = answer.body.model_dump_json() if answer.body else ""
        response = Response(body, content_type="application/json")
        response.headers.update(answer.headers)
        response.make_conditional(request.environ)
        return response

    @blueprint.post("/alerts/<alert:alert_id>/acknowledgement")
    @blueprint.output(told.AlertDetail)
    @blueprint.doc(operation_id="acknowledgeAlert", security=SECURED, responses=_CHANGING)
    def acknowledge_alert(alert_id: str) -> Response:
        """Take it on: its owner is then whoever asked."""
        by = current_visitor().user
        return change_seen(lambda session, now, seen: acknowledge(session, alert_id, by, now, seen))

    @blueprint.post("/alerts/<alert:alert_id>/escalation")
    @blueprint.input(told.AlertNote)
    @blueprint.output(told.AlertDetail)
    @blueprint.doc(operation_id="escalateAlert", security=SECURED, responses=_CHANGING)
    def escalate_alert(alert_id: str, json_data: told.AlertNote) -> Response:
        """Pass it on: everybody on duty is told at once, at any hour, muted or not."""
        by, duty = current_visitor().user, services.duty
        return change_seen(
            lambda session, now, seen: escalate(
                session, province, duty, alert_id, by, json_data.words, now, seen
            )
        )

    @blueprint.post("/alerts/<alert:alert_id>/closing")
    @blueprint.input(told.AlertClosing)
    @blueprint.output(told.AlertDetail)
    @blueprint.doc(operation_id="closeAlert", security=SECURED, responses=_CHANGING)
    def close_alert(alert_id: str, json_data: told.AlertClosing) -> Response:
        """End it by hand; the same reports, or the same value, do not open it again."""
        by = current_visitor().user
        return change_seen(
            lambda session, now, seen: close(session, alert_id, by, json_data.words, now, seen)
        )

    @blueprint.post("/alerts/<alert:alert_id>/comments")
    @blueprint.input(told.AlertNote)
    @blueprint.output(told.AlertDetail, status_code=201)
    @blueprint.doc(
        operation_id="commentAlert", security=SECURED, responses={**_NO_ALERT, **BAD_KEY}
    )
    def comment_alert(alert_id: str, json_data: told.AlertNote) -> Response:
        """Note something, also on a closed one; takes no version."""
        by = current_visitor().user

        def work(session: Session, now: datetime) -> Answer:
            try:
                found = comment(session, alert_id, by, json_data.words, now)
            except UnknownAlert as error:
                raise NotFound("there is no such alert") from error
            except BadWords as error:
                raise BadValue(str(error), "words") from error
            answer = shown(session, found)
            return Answer(answer.body, 201, answer.headers)

        return once(services, work)

    @blueprint.post("/alerts/<alert:alert_id>/mute")
    @blueprint.input(told.AlertMuting)
    @blueprint.output(told.Mute, status_code=201)
    @blueprint.doc(operation_id="muteAlert", security=SECURED, responses={**_NO_ALERT, **BAD_KEY})
    def mute_alert(alert_id: str, json_data: told.AlertMuting) -> Response:
        """For a while nobody is told of alerts of its rule, subject and unit."""

        def work(session: Session, now: datetime) -> Answer:
            try:
                found = find_alert(session, alert_id, now)
            except UnknownAlert as error:
                raise NotFound("there is no such alert") from error
            return muted(session, now, json_data, partial(mute_like, alert=found))

        return once(services, work)

    @blueprint.get("/mutes")
    @blueprint.output(told.MuteList)
    @blueprint.doc(operation_id="listMutes", security=SECURED)
    def list_mutes() -> told.MuteList:
        """The mutes that hold now."""
        with reading(services.engine) as session:
            return show_mutes(active_mutes(session, services.clock()))

    @blueprint.post("/mutes")
    @blueprint.input(told.NewMute)
    @blueprint.output(told.Mute, status_code=201)
    @blueprint.doc(
        operation_id="createMute",
        security=SECURED,
        responses={**BAD_KEY, 409: "Neither rule, subject nor unit is given"},
    )
    def create_mute(json_data: told.NewMute) -> Response:
        """For a while nobody is told of such alerts; they are found and kept all the same."""

        def work(session: Session, now: datetime) -> Answer:
            rule = Rule(json_data.rule) if json_data.rule else None
            subject, unit = json_data.subject, json_data.unit
            if rule is None and subject is None and unit is None:
                raise NotPossible("expected a rule, a subject or a unit: not all alerts at once")
            make = partial(mute, rule=rule, subject=subject, unit_key=unit)
            return muted(session, now, json_data, make)

        return once(services, work)

    @blueprint.post("/mutes/<int:mute_id>/end")
    @blueprint.output(told.Mute)
    @blueprint.doc(
        operation_id="endMute",
        security=SECURED,
        responses={404: "There is no such mute", **BAD_KEY},
    )
    def end_of_mute(mute_id: int) -> Response:
        """Tell of such alerts again; a mute that is over stays as it is."""

        def work(session: Session, now: datetime) -> Answer:
            if mute_id > LARGEST_ID:
                raise NotFound("there is no such mute")
            try:
                return Answer(show_mute(end_mute(session, mute_id, current_visitor().user, now)))
            except UnknownMute as error:
                raise NotFound("there is no such mute") from error

        return once(services, work)

    def muted(
        session: Session,
        now: datetime,
        given: told.AlertMuting | told.NewMute,
        make: Callable[[Session, Province, str, str, datetime, datetime], MuteView],
    ) -> Answer:
        by, until = current_visitor().user, now + timedelta(hours=given.hours)
        try:
            found = make(session, province, by, given.reason, until, now)
        except BadMute as error:
            raise BadValue(str(error), error.field) from error
        except BadWords as error:
            raise BadValue(str(error), "reason") from error
        return Answer(show_mute(found), 201)


def _wanted(province: Province, query: told.AlertQuery) -> Wanted:
    states = None
    subject, unit = asked_subject(province, query.subject), asked_unit(province, query.unit)
    if query.state is not None:
        states = CURRENT if query.state == _CURRENT else (AlertState(query.state),)
    return Wanted(
        states=states,
        modules=[asked_module(province, query.module).code] if query.module is not None else None,
        rules=[Rule(query.rule)] if query.rule else None,
        levels=[Level(query.level)] if query.level else None,
        subjects=None if subject is None else [subject],
        unit_keys=None if unit is None else [unit],
        since=query.since,
        until=query.until,
    )
