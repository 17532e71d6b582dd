"""The form of a report: what was typed, what is wrong with it, and what is filed of it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from werkzeug.datastructures import MultiDict

from citizens.choices import place_of_today
from citizens.services import CitizensServices
from citizens.typed import field_of
from provinces.schema import Province
from reports.web_filing import MOST_WORDS, WebReport
from understanding.phone_number import read_phone_number

MOST_ADDRESS = 500
MOST_NUMBER = 40
MOST_PLACE_WORDS = 200
NOWHERE = "none"  # what is about no place
# PostgreSQL keeps no NUL, and no citizen types what else stands here; U+FFFD is left of letters
# that came in another encoding.
_BROKEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ud800-\udfff]")
_CLIENT_ID = re.compile(r"[0-9A-Za-z-]{16,64}", re.ASCII)

Problems = Mapping[str, str]
"""Field → key of the wording that says what is wrong with it."""


@dataclass(frozen=True)
class ReportForm:
    """What the form holds, as it was typed."""

    words: str = ""
    place: str = ""
    place_words: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    category: str = ""
    number: str = field(default="", repr=False)
    consent: bool = False
    client_id: str = ""


def read_form(sent: MultiDict[str, str]) -> ReportForm:
    """The fields as they were sent."""
    typed: dict[str, Any] = {each.name: field_of(sent, each.name) for each in fields(ReportForm)}
    return ReportForm(**typed | {"consent": bool(sent.get("consent"))})


def check_form(form: ReportForm, province: Province) -> Problems:
    """What is wrong, field by field; empty where nothing is."""
    problems: dict[str, str] = {}
    texts = {
        "words": (form.words, MOST_WORDS),
        "place_words": (form.place_words, MOST_PLACE_WORDS),
        "address": (form.address, MOST_ADDRESS),
        "number": (form.number, MOST_NUMBER),
    }
    for name, (value, most) in texts.items():
        if is_broken(value):
            problems[name] = "problem_broken"
        elif len(value) > most:
            problems[name] = "problem_long"
    if not form.words:
        problems["words"] = "problem_words"
    if form.place not in ("", NOWHERE) and province.unit(form.place) is None:
        problems["place"] = "problem_choice"
    if (form.latitude or form.longitude) and point_of(form) is None:
        problems["place"] = "problem_point"
    if not (form.place or form.place_words or form.address or form.latitude):
        problems["place"] = "problem_place"
    if form.category and form.category not in (*province.categories, *province.groups):
        problems["category"] = "problem_choice"
    if form.number and "number" not in problems:
        number = read_phone_number(form.number)
        if number is None or not number.ordinary:
            problems["number"] = "problem_number"
    if not form.consent:
        problems["consent"] = "problem_consent"
    if not is_client_id(form.client_id):
        problems["client_id"] = "problem_again"
    return problems


def is_broken(text: str) -> bool:
    """Whether there is anything in it that nobody writes."""
    return _BROKEN.search(text) is not None


def is_client_id(text: str) -> bool:
    """Whether it can be an id that a browser made."""
    return _CLIENT_ID.fullmatch(text) is not None


def point_of(form: ReportForm) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None where there are none, or none such."""
    try:
        latitude, longitude = float(form.latitude), float(form.longitude)
    except ValueError:
        return None
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if on_earth and not math.isnan(latitude + longitude) else None


def report_of(form: ReportForm, services: CitizensServices, language: str) -> WebReport:
    """What is filed of a form without problems.

    Of a former commune, today's is filed, and its own name stays in the address. So does a place
    that was typed and not chosen: staff read it.
    """
    place, former = None, None
    if form.place not in ("", NOWHERE):
        place, former = place_of_today(services.province, form.place)
    point = point_of(form)
    where = (form.address, form.place_words, former and f"({former})")
    return WebReport(
        description=form.words,
        category=form.category or None,
        place=place,
        address=", ".join(part for part in where if part) or None,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        number=form.number or None,
        language=language,
        source="web",
        client_id=form.client_id,
    )
