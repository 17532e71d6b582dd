"""Alerts as CAP 1.2 documents, and the Atom feed of them: /api/v1/alerts.cap."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from api.errors import NotFound
from api.openapi import SECURED
from api.services import ApiServices
from monitoring.cap import CAP_TYPE, FEED_TYPE, Shapes, cap_text, feed_text
from monitoring.cap_messages import SHOWN_FOR, cap_message, latest_messages
from monitoring.errors import UnknownAlert
from provinces.boundaries import kept_boundaries
from storage.database import reading

_XML = {"schema": {"type": "string"}}
_UNCHANGED: dict[int, Any] = {304: {"description": "Unchanged since it was fetched"}}


def add_cap_routes(blueprint: APIBlueprint, services: ApiServices) -> None:
    """GET /alerts.cap and /alerts.cap/<identifier>."""
    province = services.province

    @blueprint.get("/alerts.cap")
    @blueprint.doc(
        operation_id="listCapMessages",
        security=SECURED,
        responses={
            200: {
                "description": "An Atom feed",
                "content": {FEED_TYPE.partition(";")[0]: _XML},
            },
            **_UNCHANGED,
        },
    )
    def cap_feed() -> Response:
        """The last CAP message of each alert that is not over, or changed within two weeks."""
        now = services.clock()
        with reading(services.engine) as session:
            found = latest_messages(session, now - SHOWN_FOR)
        return _answer(feed_text(province, found, request.base_url, now), FEED_TYPE)

    @blueprint.get("/alerts.cap/<cap_id>")
    @blueprint.doc(
        operation_id="getCapMessage",
        security=SECURED,
        responses={
            200: {"description": "A message of CAP 1.2", "content": {CAP_TYPE: _XML}},
            **_UNCHANGED,
            404: "No alert has given such a message",
        },
    )
    def cap_document(cap_id: str) -> Response:
        """One message. It stays as it was sent; what came after names it in its references."""
        try:
            with reading(services.engine) as session:
                found = cap_message(session, cap_id)
        except UnknownAlert as error:
            raise NotFound("no alert has given such a message") from error
        web = f"{request.host_url}alerts/{found.alert.id}"
        text = cap_text(province, found, _shapes(services), web)
        return _answer(text, f"{CAP_TYPE}; charset=utf-8")


def _answer(text: bytes, media_type: str) -> Response:
    response = Response(text, content_type=media_type)
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _shapes(services: ApiServices) -> Shapes:
    if services.boundaries is None:
        return Shapes()
    features = kept_boundaries(services.boundaries, services.province)
    return Shapes({each["properties"]["place"]: each["geometry"] for each in features})
