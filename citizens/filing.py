"""Reporting: the form, what is found by typing, and filing what was sent."""

from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from sqlalchemy.orm import Session

from citizens.choices import (
    category_choices,
    place_choices,
    suggested_categories,
    suggested_places,
)
from citizens.errors import PutOff, UnusablePhoto
from citizens.form import (
    MOST_PLACE_WORDS,
    ReportForm,
    check_form,
    is_broken,
    is_client_id,
    read_form,
    report_of,
)
from citizens.guard import check_origin, count, looks_like_a_program, mark_of
from citizens.pages import after, language, moment, page, sayer, told, wants_json
from citizens.paths import path
from citizens.photos import FIELD, kept_photos
from citizens.services import CitizensServices
from reports.errors import BadChange, Diverted
from reports.filed import Filed
from reports.models import Report
from reports.web_filing import MOST_WORDS, file_from_web
from storage.database import transaction

_CACHED_S = 3600


def add_filing_routes(blueprint: APIBlueprint, services: CitizensServices, tongue: str) -> None:
    """The report's page, its choices and suggestions, and where it is sent."""

    @blueprint.get("")
    def report() -> Response:
        return _form_page(services, ReportForm(client_id=token_hex(16)))

    @blueprint.get(path("choices", tongue))
    def choices() -> Response:
        """All that can be chosen, for who types without a network."""
        response = told(200, **_choices(services))
        response.headers["Cache-Control"] = f"public, max-age={_CACHED_S}"
        return response

    @blueprint.post(path("suggest", tongue))
    def suggest() -> Response:
        """Categories that the words are about."""
        check_origin()
        count(services, "citizen_looks")
        words = read_form(request.form).words
        if is_broken(words) or len(words) > MOST_WORDS:
            return told(422, errors={"words": sayer(services, tongue)("problem_broken")})
        found = suggested_categories(services, words, tongue)
        return told(200, categories=[{"value": one.value, "name": one.name} for one in found])

    @blueprint.post(path("send", tongue))
    def send() -> Response:
        check_origin()
        form = read_form(request.form)
        if look := request.form.get("look"):
            return _looked(services, form, look)
        return _sent(services, form)


def _sent(services: CitizensServices, form: ReportForm) -> Response:
    now = services.clock()
    problems = dict(check_form(form, services.province))
    if not problems and looks_like_a_program(now):
        problems["client_id"] = "problem_again"
    if problems:
        return _refused(services, form, problems)
    try:
        count(services, "citizen_browser", "citizen_address")
        with kept_photos(services, request) as photos:
            told_of = replace(report_of(form, services, language()), photos=photos)
            services.before_writing()
            with transaction(services.engine) as session:
                filed = file_from_web(session, services.province, told_of, services.alert, now)
                shown = _shown(session, filed, services)
        return _filed(services, filed, shown)
    except PutOff as error:
        return _put_off(services, form, now, error.wait_s)
    except UnusablePhoto as error:
        return _refused(services, form, {FIELD: error.key})
    except Diverted as error:
        return _diverted(services, error)
    except BadChange as error:
        if error.field != "client_id":
            raise
        return _refused(services, form, {"client_id": "problem_sent"}, 409)


def _shown(session: Session, filed: Filed, services: CitizensServices) -> dict[str, Any]:
    report = session.get_one(Report, filed["report"])
    due = report.expected_at
    return {
        "urgent": report.urgent,
        "texted": report.text_number is not None,
        "due": moment(services, due) if due is not None else None,
    }


def _filed(services: CitizensServices, filed: Filed, shown: dict[str, Any]) -> Response:
    if wants_json():
        return told(201, reference=filed["reference"], pin=filed["pin"], **shown)
    return page(services, "done.html", 201, reference=filed["reference"], pin=filed["pin"], **shown)


def _refused(
    services: CitizensServices, form: ReportForm, problems: dict[str, str], status: int = 422
) -> Response:
    # The page may have been kept for long, or sent something else: its next try has an id anew.
    again = problems.keys() == {"client_id"}
    if again and (status == 409 or not is_client_id(form.client_id)):
        form = replace(form, client_id=token_hex(16))
    if not wants_json():
        return _form_page(services, form, status, problems)
    say = sayer(services, language())
    texts = {name: say(key) for name, key in problems.items()}
    return told(
        status, errors=texts, again=again and status != 409, began=mark_of(services.clock())
    )


def _put_off(services: CitizensServices, form: ReportForm, now: datetime, wait_s: int) -> Response:
    time = after(services, now, wait_s)
    if wants_json():
        message = sayer(services, language())("put_off", time=time)
        response = told(429, message=message, wait_s=wait_s)
    else:
        response = _form_page(services, form, 429, put_off=time)
    response.headers["Retry-After"] = str(wait_s)
    return response


def _diverted(services: CitizensServices, error: Diverted) -> Response:
    if wants_json():
        words = services.province.wording[language()].get(error.wording_key, "")
        return told(422, errors={"category": words}, again=False)
    return page(services, "diverted.html", 422, wording_key=error.wording_key)


def _looked(services: CitizensServices, form: ReportForm, look: str) -> Response:
    """The form again with what was looked for, for browsers without script."""
    count(services, "citizen_looks")
    if look == "place":
        words = form.place_words[:MOST_PLACE_WORDS]
        return _form_page(services, form, places=suggested_places(services, words))
    words = form.words[:MOST_WORDS]
    return _form_page(services, form, categories=suggested_categories(services, words, language()))


def _form_page(
    services: CitizensServices,
    form: ReportForm,
    status: int = 200,
    problems: dict[str, str] | None = None,
    **more: Any,
) -> Response:
    tongue = language()
    values: dict[str, Any] = {"places": None, "categories": None, "put_off": None} | more
    say = sayer(services, tongue)
    return page(
        services,
        "report.html",
        status,
        form=form,
        problems=problems or {},
        photos_again=bool(request.files),
        place_groups=place_choices(services.province, say("place_today")),
        category_groups=category_choices(services.province, tongue),
        **values,
    )


def _choices(services: CitizensServices) -> dict[str, Any]:
    def shown(groups: Any) -> list[dict[str, Any]]:
        return [
            {"value": one.value, "name": one.name, "group": group.name, "also": list(one.also)}
            for group in groups
            for one in group.choices
        ]

    tongue = language()
    today = sayer(services, tongue)("place_today")
    return {
        "places": shown(place_choices(services.province, today)),
        "categories": shown(category_choices(services.province, tongue)),
    }
