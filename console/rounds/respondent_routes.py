"""Who is asked in rounds. Of numbers the last three digits are shown, to nobody more."""

import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from console.pages import Pages, note, page_language, signed_in
from console.rounds.shown import Sayer
from monitoring.errors import BadRespondent, UnknownRespondent
from monitoring.respondents import respondents
from monitoring.round_desk import drop_respondent, take_respondent
from monitoring.subjects import communes
from storage.database import reading, transaction

WHOLE = "province"
"""What the form says where somebody answers for the whole province."""
_ID = re.compile(r"[0-9a-f]{32}")
_SHOWN_DIGITS = 3
_LONGEST = 200


@dataclass(frozen=True)
class ShownRespondent:
    """Somebody who is asked; `number` is its end."""

    id: str
    name: str
    unit: str
    number: str
    language: str
    added_at: datetime


def add_respondent_routes(console: APIBlueprint, pages: Pages) -> None:
    """/rounds/respondents."""
    services = pages.services

    def show(status: int = HTTPStatus.OK, **more: object) -> Response:
        province = services.province
        said = Sayer(province, page_language(), services.clock())
        with reading(services.engine) as session:
            rows = [
                ShownRespondent(
                    each.id,
                    each.name,
                    said.unit(each.unit_key),
                    f"…{each.number[-_SHOWN_DIGITS:]}",
                    each.language,
                    each.added_at,
                )
                for each in respondents(session)
            ]
        return pages.show(
            "rounds/respondents.html",
            status,
            rows=rows,
            units=[(WHOLE, said.unit(None)), *((k, said.unit(k)) for k in communes(province))],
            languages=list(province.wording),
            **{"problem": None, "typed": {}, **more},
        )

    @console.get("/rounds/respondents", endpoint="respondents")
    def list_respondents() -> Response:
        return show()

    @console.post("/rounds/respondents")
    def add_respondent() -> AnyResponse:
        typed = {
            name: request.form.get(name, "").strip()[:_LONGEST]
            for name in ("name", "number", "unit", "spoken")
        }
        services.before_writing()
        try:
            with transaction(services.engine) as session:
                take_respondent(
                    session,
                    services.province,
                    typed["name"],
                    None if typed["unit"] == WHOLE else typed["unit"],
                    typed["number"],
                    typed["spoken"],
                    signed_in().id,
                    services.clock(),
                )
        except BadRespondent as error:
            return show(HTTPStatus.BAD_REQUEST, problem=error.reason, typed=typed)
        note("respondent_added")
        return redirect(url_for("console.respondents"), HTTPStatus.SEE_OTHER)

    @console.post("/rounds/respondents/<respondent_id>/remove")
    def remove_respondent(respondent_id: str) -> AnyResponse:
        if _ID.fullmatch(respondent_id) is None:
            raise NotFound
        services.before_writing()
        try:
            with transaction(services.engine) as session:
                drop_respondent(session, respondent_id, signed_in().id, services.clock())
        except UnknownRespondent:  # a colleague was quicker
            raise NotFound from None
        note("respondent_removed")
        return redirect(url_for("console.respondents"), HTTPStatus.SEE_OTHER)
