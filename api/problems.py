"""Errors as problem+json (RFC 9457), everywhere the same, and telling nothing about a person.

`instance` is a number drawn for the occurrence, which the log has too: the path itself
may hold a telephone number that somebody typed in the wrong place.
"""

import json
import traceback
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from flask import Response, g, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import ClientDisconnected

from api.errors import ApiError

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
_TYPES = "urn:x-hotline:problem:"
_RETRY_AFTER_S = 5
_FRAMES_LOGGED = 6

Page = Callable[[int, str | None], Response]
"""An error as a page for people, given its status and, of some, its name as an identifier."""


def request_id() -> str:
    """The number of the current request, the same in its log lines and its problem."""
    if "request_id" not in g:
        g.request_id = str(uuid.uuid4())
    return str(g.request_id)


def problem(
    status: int,
    detail: str | None = None,
    name: str | None = None,
    headers: Mapping[str, str] | None = None,
    errors: object = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """A problem as a response; `errors` lists the fields that were not understood."""
    body: dict[str, Any] = {
        "type": _TYPES + name if name else "about:blank",
        "title": _title(status),
        "status": status,
        "instance": f"urn:uuid:{request_id()}",
    }
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    body.update(more or {})
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=MEDIA_TYPE)
    response.headers.update(headers or {})
    return response


def install_problems(app: APIFlask, page: Page | None = None) -> None:
    """Answer every error of `app` with a problem; outside the API, browsers get `page`."""

    def answer(
        status: int,
        detail: str | None = None,
        name: str | None = None,
        headers: Mapping[str, str] | None = None,
        *rest: Any,
    ) -> Response:
        if page is None or not _for_people():
            return problem(status, detail, name, headers, *rest)
        shown = page(status, name.replace("-", "_") if name else None)
        shown.headers.update(headers or {})
        return shown

    # One processor for the framework's, Werkzeug's and validation's errors.
    @app.error_processor
    def _http(error: HTTPError) -> Response:
        status = error.status_code
        sent: dict[str, Any] = dict(error.headers)
        headers = {name: sent[name] for name in _KEPT_HEADERS & sent.keys()}
        return answer(status, _DETAILS.get(status), None, headers, _fields(error.detail))

    @app.errorhandler(ApiError)
    def _ours(error: ApiError) -> Response:
        return answer(error.status, str(error), error.name, error.headers, error.errors, error.more)

    @app.errorhandler(ClientDisconnected)
    def _cut_off(error: ClientDisconnected) -> Response:
        # Nothing is wrong with what was sent: it may be sent again, over a better line.
        log.warning("request cut off", request=request_id())
        wait = {"Retry-After": str(_RETRY_AFTER_S)}
        return answer(503, "the request was cut off: please send it again", "cut-off", wait)

    @app.errorhandler(RecursionError)
    def _too_deep(error: RecursionError) -> Response:
        return answer(400, "the JSON is nested too deeply")

    @app.errorhandler(OperationalError)
    def _database_away(error: OperationalError) -> Response:
        log_database_away(error)
        wait = {"Retry-After": str(_RETRY_AFTER_S)}
        return answer(503, "the database does not answer at the moment", "database-away", wait)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        log_failure(error)
        return answer(500)


def log_database_away(error: OperationalError) -> None:
    log.error("database away", request=request_id(), error=type(error.orig).__name__)


def log_failure(error: Exception) -> None:
    """Where it happened, not what was in it: messages of libraries quote values."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES_LOGGED:]
    log.error(
        "request failed",
        request=request_id(),
        error=type(error).__name__,
        where=[f"{frame.filename}:{frame.lineno}" for frame in frames],
    )


_KEPT_HEADERS = frozenset({"Allow", "Content-Range", "Retry-After", "WWW-Authenticate"})

_DETAILS = {
    400: "the request could not be read",
    404: "there is nothing at this address",
    405: "this address does not know that method; Allow lists those that it knows",
    413: "the body is larger than this server takes",
    415: "expected a body of the kind that /api/v1/openapi.json describes",
    416: "it does not have the bytes asked for",
    422: "the request was read, but its values are not as described in /api/v1/openapi.json",
}


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _for_people() -> bool:
    if request.path.startswith("/api/"):
        return False
    best = request.accept_mimetypes.best_match(["application/json", "text/html"])
    return best == "text/html" and "text/html" in str(request.accept_mimetypes)


def _fields(detail: object) -> object:
    """The validator's `{where: {field: [message]}}` as a list; it tells no value that was sent."""
    if not isinstance(detail, Mapping):
        return None
    return [
        {"in": where, "field": field, "message": message}
        for where, fields in detail.items()
        if isinstance(fields, Mapping)
        for field, messages in fields.items()
        for message in messages
    ]
