"""The page "Now", the wallboard, and the streams that keep both up to date."""

from contextlib import ExitStack
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, g, redirect, request, stream_with_context, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from accounts import visits
from accounts.permissions import Permission, permissions_of
from console.errors import TooManyStreams
from console.live.hub import Hub
from console.live.show import Audience, Shown, View
from console.live.stream import Stream
from console.pages import Pages, page_language, signed_in
from storage.database import reading, transaction

HUB = "live_hub"
FULL_RETRY_S = 10
_STREAM_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a proxy that gathers before it sends would spoil it
}


def add_live_routes(console: APIBlueprint, pages: Pages) -> None:
    """/now and /wall."""
    shown = Shown(pages)
    hub = Hub(pages.services, shown.forget)
    console.record_once(lambda state: state.app.extensions.setdefault(HUB, hub))

    @console.get("/now")
    def now() -> Response:
        return _page(pages, hub, shown, View.NOW)

    @console.get("/now/events")
    def now_events() -> Response:
        return _stream(pages, hub, shown, View.NOW)

    @console.get("/wall")
    def wall() -> Response:
        return _page(pages, hub, shown, View.WALL)

    @console.get("/wall/events")
    def wall_events() -> Response:
        return _stream(pages, hub, shown, View.WALL)

    @console.post("/wall/keep")
    def hang_on_wall() -> AnyResponse:
        """Give up everything else in this browser, for the wallboard's sake."""
        if request.form.get("keep") == "wall":
            visit, now = g.visitor.visit_id, pages.services.clock()
            with transaction(pages.services.engine) as session:
                visits.hang_on_wall(session, visit, signed_in().id, now)
        there = "board_wall" if request.form.get("then") == "board" else "wall"
        return redirect(url_for(f"console.{there}"), HTTPStatus.SEE_OTHER)


def _audience(view: View) -> Audience:
    may = permissions_of(signed_in().role)
    return Audience(
        view=view,
        language=page_language(),
        words=Permission.WORDS_READ in may,
        numbers=Permission.NUMBERS_SEE in may,
    )


def _page(pages: Pages, hub: Hub, shown: Shown, view: View) -> Response:
    news = hub.now()
    parts = dict(shown.fresh(_audience(view), news))
    screen = g.visitor.wall
    return pages.show(f"live/{view}.html", parts=parts, position=news.position, screen=screen)


def _stream(pages: Pages, hub: Hub, shown: Shown, view: View) -> Response:
    services, visitor = pages.services, g.visitor
    audience, role, place = _audience(view), visitor.user.role, ExitStack()
    try:
        listener = place.enter_context(hub.listening(visitor.visit_id))
    except TooManyStreams:
        headers = {"Retry-After": str(FULL_RETRY_S), "Cache-Control": "no-store"}
        return Response("full", HTTPStatus.SERVICE_UNAVAILABLE, headers, content_type="text/plain")

    def may_look() -> bool:
        try:
            with reading(services.engine) as session:
                found = visits.visitor_of(session, visitor.visit_id, services.clock())
        except SQLAlchemyError:  # what is shown is old, and says so
            return True
        if found is None or (found.wall and view is not View.WALL):
            return False
        return bool(found.user.role == role)

    stream = Stream(
        hub=hub,
        render=lambda news: shown.of(audience, news),
        may_look=may_look,
        lasts_s=services.live.stream_s,
        check_s=services.live.check_s,
        clock=services.clock,
    )
    position = request.headers.get("Last-Event-ID") or request.args.get("after")
    events = stream_with_context(stream.events(listener, place, position))
    response = Response(events, headers=_STREAM_HEADERS)
    response.call_on_close(place.close)
    return response
