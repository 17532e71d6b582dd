"""Rounds: their list, one with its questions, beginning and ending them."""

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from console.pages import Pages, note, page_language, signed_in
from console.rounds.form import picked_units, read_asked_round, typed_of
from console.rounds.respondent_routes import add_respondent_routes
from console.rounds.shown import Sayer
from console.rounds.view import known_id, show_round, show_rounds
from monitoring.errors import BadRound, UnknownRound
from monitoring.round_desk import ask_round, end_round
from storage.database import transaction

_OF_A_COLLEAGUE = frozenset({"asked", "answered"})


def add_round_routes(console: APIBlueprint, pages: Pages) -> None:
    """/rounds and what lies below it."""
    services = pages.services

    @console.get("/rounds")
    def rounds() -> Response:
        return show_rounds(pages)

    @console.post("/rounds")
    def open_round() -> Response:
        """The new round at once, with what cannot be asked: nothing keeps that."""
        province, now = services.province, services.clock()
        services.before_writing()
        try:
            asked = read_asked_round(request.form, province)
            with transaction(services.engine) as session:
                opened = ask_round(
                    session,
                    province,
                    asked.indicator,
                    signed_in().id,
                    now,
                    within=asked.within,
                    until=asked.until,
                    units=asked.units,
                )
        except BadRound as error:
            busy = error.reason in _OF_A_COLLEAGUE
            return show_rounds(
                pages,
                HTTPStatus.CONFLICT if busy else HTTPStatus.BAD_REQUEST,
                problem=error,
                typed=typed_of(request.form),
                picked=picked_units(request.form),
            )
        said = Sayer(province, page_language(), now)
        told = {
            "asked": opened.asked,
            "unasked": [said.unit(each) for each in opened.unasked],
            "known": [said.unit(each) for each in opened.known],
        }
        return show_round(pages, opened.round_id, HTTPStatus.CREATED, opened=told)

    @console.get("/rounds/<round_id>")
    def round(round_id: str) -> Response:
        try:
            return show_round(pages, round_id)
        except UnknownRound:
            raise NotFound from None

    @console.post("/rounds/<round_id>/close")
    def close_round(round_id: str) -> AnyResponse:
        services.before_writing()
        try:
            with transaction(services.engine) as session:
                end_round(session, known_id(round_id), signed_in().id, services.clock())
        except UnknownRound:
            raise NotFound from None
        note("round_closed")
        return redirect(url_for("console.round", round_id=round_id), HTTPStatus.SEE_OTHER)

    add_respondent_routes(console, pages)
