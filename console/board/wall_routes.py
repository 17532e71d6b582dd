"""The board on a screen on the wall: it turns its pages by itself, and nobody touches it."""

from dataclasses import dataclass

from apiflask import APIBlueprint
from flask import Response, g, request

from console.board.shown import Shown
from console.map.script_words import script_words
from console.map.tiles import map_policy
from console.map.units import seen_at_first
from console.pages import Pages, page_language
from monitoring.board import Asked, board
from monitoring.subjects import communes
from storage.database import reading

TURN_S = 20
MOST_ALERTS = 8  # as many as are read from five metres


@dataclass(frozen=True)
class WallPage:
    """Which page of the wall is shown, counted from 1: the overview, alerts and map, then each
    module. `turns`: it goes on by itself."""

    number: int
    count: int
    turns: bool

    @property
    def next(self) -> int:
        return self.number % self.count + 1


def add_wall_routes(console: APIBlueprint, pages: Pages) -> None:
    """/board/wall."""
    services = pages.services
    province = services.province

    @console.get("/board/wall")
    def board_wall() -> Response:
        now, language = services.clock(), page_language()
        modules = province.modules
        page = read_page(request.args.get("page", ""), len(modules) + 2, "stop" not in request.args)
        with reading(services.engine) as session:
            found = board(session, province, Asked(now))
        response = pages.show(
            "board/wall.html",
            board=found,
            page=page,
            module=found.modules[page.number - 3] if page.number > 2 else None,
            shown=Shown(province, language, now),
            turn_s=TURN_S,
            most_alerts=MOST_ALERTS,
            units=communes(province),
            first_seen=seen_at_first(province),
            map_words=script_words(language),
            screen=g.visitor.wall,
        )
        response.headers["Content-Security-Policy"] = map_policy(services.tiles)
        return response


def read_page(text: str, count: int, turns: bool) -> WallPage:
    """The page of that number; the first one where there is no such page."""
    number = int(text) if text.isdecimal() and len(text) < 4 else 1
    return WallPage(number if 1 <= number <= count else 1, count, turns)
