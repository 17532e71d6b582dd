"""The operations board, a module of it, and an indicator by itself."""

from datetime import datetime, timedelta

from apiflask import APIBlueprint
from flask import Response, request, url_for
from werkzeug.exceptions import NotFound

from accounts.permissions import Permission, permissions_of
from console.board.asking import (
    DAYS,
    SLIDER_HOURS,
    AskedBoard,
    read_asked_board,
    read_days,
    usual_moments,
    write_moment,
)
from console.board.briefing_routes import add_briefing_routes
from console.board.links import report_links
from console.board.shown import Shown
from console.board.wall_routes import add_wall_routes
from console.map.script_words import script_words
from console.map.tiles import map_policy
from console.map.units import seen_at_first
from console.pages import Pages, page_language, signed_in
from monitoring.board import board, closer, module_board
from monitoring.subjects import communes
from provinces.errors import UnknownCode
from provinces.modules import Module
from storage.database import reading


def add_board_routes(console: APIBlueprint, pages: Pages) -> None:
    """/board and what lies below it."""
    services = pages.services
    province = services.province

    def asked_now() -> tuple[AskedBoard, Shown]:
        asked = read_asked_board(request.args, province, services.clock())
        return asked, Shown(province, page_language(), asked.asked.at)

    @console.get("/board")
    def board_page() -> Response:
        now = services.clock()
        asked, shown = asked_now()
        with reading(services.engine) as session:
            found = board(session, province, asked.asked)
        page = pages.show(
            "board/board.html",
            board=found,
            asked=asked,
            shown=shown,
            usual={
                key: (write_moment(moment, province), shown.clock(moment))
                for key, moment in usual_moments(province, now).items()
            },
            most=write_moment(now, province),
            slider_hours=SLIDER_HOURS,
            units=communes(province),
            first_seen=seen_at_first(province),
            map_words=script_words(page_language()),
        )
        page.headers["Content-Security-Policy"] = map_policy(services.tiles)
        return page

    @console.get("/board/modules/<code>")
    def board_module(code: str) -> Response:
        asked, shown = asked_now()
        module = _module(code)
        with reading(services.engine) as session:
            found = module_board(session, province, module, asked.asked)
        return pages.show(
            "board/module.html",
            found=found,
            asked=asked,
            shown=shown,
            links=_links(module, asked.asked.at, 7, None),
        )

    @console.get("/board/indicators/<code>")
    def board_indicator(code: str) -> Response:
        """Of one commune where `unit` names it."""
        asked, shown = asked_now()
        try:
            indicator = province.indicator(code)
        except UnknownCode:
            raise NotFound from None
        unit = request.args.get("unit") or None
        if unit is not None and province.unit(unit) is None:
            raise NotFound
        days = read_days(request.args.get("days", ""))
        with reading(services.engine) as session:
            found = closer(session, province, indicator, asked.asked, days, unit)
        return pages.show(
            "board/indicator.html",
            found=found,
            indicator=indicator,
            module=_module(indicator.module),
            asked=asked,
            shown=shown,
            days=days,
            all_days=DAYS,
            unit=unit,
            links=_links(_module(indicator.module), asked.asked.at, days, unit),
        )

    def _module(code: str) -> Module:
        found = next((each for each in province.modules if each.code == code), None)
        if found is None:
            raise NotFound
        return found

    def _links(module: Module, at: datetime, days: int, unit: str | None) -> object:
        if Permission.REPORTS_READ not in permissions_of(signed_in().role):
            return None
        first = at.astimezone(services.timezone).date() - timedelta(days=days - 1)
        last = at.astimezone(services.timezone).date()
        return report_links(
            url_for("console.reports"), province, module, first, last, unit, page_language()
        )

    add_wall_routes(console, pages)
    add_briefing_routes(console, pages)
