"""The map of reports, and what its script asks for."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from werkzeug.exceptions import BadRequest

from console import choices
from console.map.drawn import DrawnUnits
from console.map.script_words import script_words
from console.map.tiles import map_policy
from console.map.units import rows_of_units, seen_at_first
from console.pages import Pages, page_language, signed_in
from console.reports.query import read_area, read_asked
from console.visit import unshared
from reports.models import ReportStatus
from reports.spread import Spread, count_reports, counts_of_units, spread
from storage.database import reading

_PLACES = 5  # of degrees: a metre


def add_map_routes(console: APIBlueprint, pages: Pages) -> None:
    """/map."""
    services = pages.services
    province = services.province
    drawn = DrawnUnits(province, services.boundaries)

    @console.get("/map")
    def map() -> Response:
        user, language, now = signed_in(), page_language(), services.clock()
        asked = read_asked(request.args, province, user)
        with reading(services.engine) as session:
            counts = (
                {} if asked.problems else counts_of_units(session, province, asked.filters, now)
            )
        today = now.astimezone(services.timezone).date()
        page = pages.show(
            "map/map.html",
            asked=asked,
            rows=rows_of_units(province, counts, language),
            total=sum(counts.values()),
            first_seen=seen_at_first(province),
            map_words=script_words(language),
            statuses=list(ReportStatus),
            categories=choices.categories(province, language),
            agencies=choices.agencies(province, language, today),
        )
        page.headers["Content-Security-Policy"] = map_policy(services.tiles)
        return page

    @console.get("/map/data")
    def map_data() -> Response:
        """Where in `box` the reports lie that the address asks for."""
        asked = read_asked(request.args, province, signed_in())
        seen = read_area(request.args.get("box", ""))
        if seen is None or asked.problems:
            raise BadRequest
        with reading(services.engine) as session:
            found = spread(session, province, asked.filters, services.clock(), seen.box)
        return unshared(jsonify(_told(found)))

    @console.get("/map/count")
    def map_count() -> Response:
        """How many the address asks for: those of an area that was just drawn."""
        asked = read_asked(request.args, province, signed_in())
        if asked.problems:
            raise BadRequest
        with reading(services.engine) as session:
            count = count_reports(session, asked.filters, services.clock())
        return unshared(jsonify({"count": count}))

    @console.get("/map/units")
    def map_units() -> Response:
        """What changes seldom: whoever has it is told so in a few bytes."""
        found = drawn.written(services.published.number if services.published else 0)
        response = Response(found.content, mimetype="application/json")
        response.headers["Cache-Control"] = "private, max-age=60"
        response.set_etag(found.tag)
        response.make_conditional(request)
        return response


def _told(found: Spread) -> dict[str, Any]:
    """As columns without names: it is asked for at every move of the map."""
    return {
        "pins": [
            [round(p.latitude, _PLACES), round(p.longitude, _PLACES), p.reference, p.status]
            + ([1] if p.urgent else [])
            for p in found.pins
        ],
        "cells": [
            [round(c.latitude, _PLACES), round(c.longitude, _PLACES), c.count] for c in found.cells
        ],
        "without_point": dict(found.without_point),
    }
