"""A report typed during a call or for a visitor: the form, what it proposes, and filing it."""

from dataclasses import replace
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from accounts.audit import record
from console.intake.form import (
    UNREADABLE,
    Intake,
    is_client_id,
    note_of,
    problems_of,
    read_intake,
    report_of,
    search_categories,
)
from console.intake.found import NOTHING, Found, found_in
from console.pages import Pages, page_language, signed_in
from console.reports.access import actor_of, found_report
from console.reports.change_routes import why
from ivr.models import Call
from ivr.stored_calls import call_by_id
from reports.alarms import raise_alarm
from reports.change import Change
from reports.changes import change_report
from reports.desk import note_seen
from reports.errors import BadChange, Diverted, ReportsError
from reports.models import Report
from reports.reference import parse_reference, spoken_reference
from reports.supporting import Voice, support
from reports.web_filing import MOST_WORDS, file_from_web
from storage.database import reading, transaction


def add_intake_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/new and /categories."""
    services = pages.services
    province = services.province

    @console.get("/reports/new")
    def new_report() -> Response:
        """The empty form; `?call=` names the call that it is told in."""
        call = request.args.get("call", "")
        intake = Intake(call=call, calls_number="yes", client_id=token_hex(16))
        return _form(pages, intake)

    @console.post("/reports/new")
    def file_report() -> Response:
        intake = read_intake(request.form)
        if request.form.get("take"):
            return _form(pages, _with(intake, request.form["take"]), found=found_in(pages, intake))
        if request.form.get("look"):
            return _form(pages, intake, found=found_in(pages, intake))
        if request.form.get("support"):
            return _supported(pages, intake, request.form["support"])
        problems = dict(problems_of(intake, province, services.propose, services.find_places))
        if problems:
            if not is_client_id(intake.client_id):
                intake = replace(intake, client_id=token_hex(16))
            return _form(pages, intake, problems, HTTPStatus.BAD_REQUEST)
        return _filed(pages, intake)

    @console.post("/reports/new/look")
    def look_for_report() -> Response:
        """What the words propose, while they are being typed."""
        found = found_in(pages, read_intake(request.form))
        return pages.show("intake/found.html", found=found)

    @console.get("/categories")
    def categories() -> Response:
        """Categories by what is typed, for the field that offers them."""
        typed = request.args.get("q", "")[:100]
        found = search_categories(province, typed, services.propose, page_language())
        return jsonify([{"category": code, "name": name} for code, name in found])


def _filed(pages: Pages, intake: Intake) -> Response:
    services, user, now = pages.services, signed_in(), pages.services.clock()
    services.before_writing()
    # Words are understood first: nobody else shall wait for it with their writing.
    told = report_of(intake, services.province, services.propose, services.find_places, user.id)
    try:
        with transaction(services.engine) as session:
            call = call_by_id(session, intake.call)
            told = replace(
                told, number=_number(intake, call), call_id=call.id if call is not None else None
            )
            filed = file_from_web(session, services.province, told, services.alert, now)
            report = session.get_one(Report, filed["report"])
            note_seen(session, user.id, report.id, report.version, now)
    except Diverted as error:
        where = services.province.wording[page_language()].get(error.wording_key, "")
        return _form(pages, intake, {"category_typed": where}, HTTPStatus.CONFLICT)
    except BadChange as error:
        if error.field == "client_id":
            # The page was sent before with other words: this is another report.
            intake = replace(intake, client_id=token_hex(16))
            return _form(pages, intake, {"words": "intake_again"}, HTTPStatus.CONFLICT)
        field = {"category": "category_typed", "place": "place_typed"}.get(error.field, error.field)
        return _form(pages, intake, {field: "wrong_input"}, HTTPStatus.BAD_REQUEST)
    values = {
        "spoken": filed["reference"],
        "reference": parse_reference(filed["reference"]),
        "pin": filed["pin"],
        "supporters": None,
        "report": report,
    }
    return pages.show("intake/done.html", HTTPStatus.CREATED, **values)


def _supported(pages: Pages, intake: Intake, reference: str) -> Response:
    """It was reported before: who tells it now is counted there and told when it is solved, what
    they say is a note for staff, and their danger is one as if it were the first time."""
    services, user, now = pages.services, signed_in(), pages.services.clock()
    services.before_writing()
    province = services.province
    problems = {
        name: problem
        for name, problem in problems_of(
            intake, province, services.propose, services.find_places
        ).items()
        if problem in UNREADABLE
    }
    if problems:
        return _form(pages, intake, problems, HTTPStatus.BAD_REQUEST)
    key = intake.client_id if is_client_id(intake.client_id) else token_hex(16)
    try:
        with transaction(services.engine) as session:
            found = found_report(session, reference, actor_of(user))
            call = call_by_id(session, intake.call)
            number = _number(intake, call)
            count = support(session, found.id, Voice(key, intake.source, number=number), now)
            note = note_of(intake, page_language())
            # A second click sends the same again.
            if not any(each.internal_text == note for each in found.updates if note):
                danger = services.alert.find_danger(intake.words)
                urgent = intake.urgent == "yes" or danger is not None
                said = Change(internal_text=note or None, urgent=urgent or None)
                change_report(session, province, found.id, said, actor_of(user), now)
                if danger is not None:
                    watch = services.alert.watch
                    raise_alarm(session, watch, found.id, danger, "words", now, found)
            record(session, user.id, "report.supported", "report", found.id, now)
    except ReportsError as error:
        return _form(pages, intake, {"words": why(error, page_language())}, HTTPStatus.CONFLICT)
    values: dict[str, Any] = {
        "spoken": spoken_reference(found.reference),
        "reference": found.reference,
    }
    return pages.show("intake/done.html", report=found, pin=None, supporters=count, **values)


def _number(intake: Intake, call: Call | None) -> str | None:
    """Whom to tell: the number that was typed, else that of the call, where it may be."""
    if intake.number:
        return intake.number
    calls = call is not None and not call.anonymous and intake.calls_number
    return call.caller_number if call is not None and calls else None


def _form(
    pages: Pages,
    intake: Intake,
    problems: dict[str, str] | None = None,
    status: int = HTTPStatus.OK,
    found: Found = NOTHING,
) -> Response:
    values: dict[str, Any] = {"call": None, "call_number": False}
    if intake.call:
        with reading(pages.services.engine) as session:
            call = call_by_id(session, intake.call)
        values["call"] = call
        values["call_number"] = call is not None and bool(call.caller_number) and not call.anonymous
    return pages.show(
        "intake/form.html",
        status,
        intake=intake,
        problems=problems or {},
        found=found,
        most_words=MOST_WORDS,
        **values,
    )


def _with(intake: Intake, take: str) -> Intake:
    """The form with what was offered for a field, `category_typed:Ngập nước`."""
    name, _, value = take.partition(":")
    if name not in ("category_typed", "place_typed"):
        return intake
    return replace(intake, **{name: value})
