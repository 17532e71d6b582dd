"""The door of the console: every request passes here, and only as the table of permissions says."""

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import UnknownVisit
from accounts.permissions import permissions_of
from accounts.visits import Visitor, end_visit
from console.errors import StaleForm
from console.observations.uploads import MOST_FORM_BYTES as MOST_FIGURES_BYTES
from console.pages import Pages, by_script
from console.permissions import Open, is_ours, needed, opens
from console.policy import POLICY
from console.prompts.limits import MOST_UPLOAD_BYTES
from console.reports.file_routes import MOST_FORM_BYTES
from console.sign_in import forget_sign_in
from console.visit import check_form, choose_language, current_visitor, leave_visit
from console.wording import LANGUAGES
from storage.database import transaction

# Pages, scripts, styles and sound come from here only; nothing may frame or be framed.
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
# Bodies that may be larger than others are, of those who may send them at all.
LARGE = {
    "console.add_take": MOST_UPLOAD_BYTES,
    "console.add_file": MOST_FORM_BYTES,
    "console.look_at_figures": MOST_FIGURES_BYTES,
}
# Where one who is signed in has no business.
_DOOR = {"security.login", "security.two_factor_token_validation", "security.mf_recovery"}
# Asked while somebody types: the page stays, with what they typed, and is told in that place.
_BESIDE = {"console.look_for_report"}
# What may be done before a password that somebody else made is changed.
_FIRST = {"security.change_password", "security.logout", "console.static", "console.keys"}


# All that a screen on the wall is good for.
ON_WALL = {
    "console.wall",
    "console.wall_events",
    "console.board_wall",
    "console.map_units",
    "security.logout",
}


def guard(app: Flask, pages: Pages) -> None:
    """Let nobody past who may not pass; refuse forms of other sites."""
    services = pages.services

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.before_request
    def _enter() -> AnyResponse | None:
        endpoint = request.endpoint
        if endpoint is None or not is_ours(endpoint):
            return None
        wanted = needed(endpoint)
        if wanted is Open.SHUT:
            raise NotFound
        if endpoint.endswith(".static"):
            return None
        if request.args.get("language") in LANGUAGES:
            choose_language(request.args["language"])
        g.visitor = visitor = current_visitor(services.engine, services.clock())
        if visitor is None:
            forget_sign_in()
        if wanted is not Open.PUBLIC and visitor is None:
            return _to_sign_in(pages, endpoint)
        if visitor is not None and endpoint in LARGE and _may(visitor, endpoint):
            request.max_content_length = LARGE[endpoint]
        if request.method in _CHANGES:
            check_form(request)
        if visitor is None:
            return None
        if endpoint in _DOOR:
            return redirect(url_for("console.start"), HTTPStatus.SEE_OTHER)
        if visitor.wall and endpoint not in ON_WALL:
            return redirect(url_for("console.wall"), HTTPStatus.SEE_OTHER)
        if visitor.user.must_change and endpoint not in _FIRST:
            return redirect(url_for("security.change_password"), HTTPStatus.SEE_OTHER)
        if not _may(visitor, endpoint):
            raise Forbidden
        if endpoint == "security.logout":
            # Another window may have been quicker.
            with suppress(UnknownVisit), transaction(services.engine) as session:
                end_visit(session, visitor.visit_id, visitor.user.id, services.clock())
            leave_visit()
        return None

    @app.errorhandler(StaleForm)
    def _stale(error: StaleForm) -> AnyResponse:
        if g.get("visitor") is None:
            return pages.show("sign_in/stale.html", HTTPStatus.BAD_REQUEST)
        return pages.problem(HTTPStatus.BAD_REQUEST)


def _may(visitor: Visitor, endpoint: str) -> bool:
    return opens(permissions_of(visitor.user.role), endpoint)


def _to_sign_in(pages: Pages, endpoint: str) -> AnyResponse:
    whole = request.method == "GET" and not by_script()
    where = request.full_path.rstrip("?") if whole else _page_they_were_at()
    there = url_for("security.login", next=where if where not in (None, "/") else None)
    if by_script() and endpoint in _BESIDE:
        return pages.show("parts/signed_out.html", HTTPStatus.UNAUTHORIZED, address=there)
    if by_script():
        # A part of a page cannot show the sign-in: the whole goes there.
        return Response("", HTTPStatus.UNAUTHORIZED, {"HX-Redirect": there})
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page_they_were_at() -> str | None:
    """Path and query of our page that sent this request; None where no browser says so."""
    told = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    try:
        page = urlsplit(told)
    except ValueError:  # somebody made it up
        return None
    if page.netloc != request.host or not page.path.startswith("/") or page.path[1:2] in "/\\":
        return None
    return f"{page.path}?{page.query}" if page.query else page.path
