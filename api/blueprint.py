"""The API under /api/v1, put together."""

from apiflask import APIBlueprint, APIFlask
from flask import request

from api.auth import require_token
from api.calls import add_call_routes
from api.openapi import install_openapi
from api.reports import add_report_routes
from api.services import ApiServices
from api.tokens import add_token_routes

PREFIX = "/api/v1"
_PUBLIC = frozenset({"api.create_token"})
_SOUND = frozenset({"api.recording", "api.report_recording"})


def register_api(app: APIFlask, services: ApiServices) -> None:
    """Serve the API; a route is closed unless it is listed as public here."""
    install_openapi(app)
    blueprint = APIBlueprint("api", __name__, url_prefix=PREFIX, tag="Hotline")

    @blueprint.before_request
    def _sign_in() -> None:
        if request.endpoint in _PUBLIC:
            return
        if request.endpoint in _SOUND and services.may_listen():
            return
        require_token(services)

    add_token_routes(blueprint, services)
    add_report_routes(blueprint, services)
    add_call_routes(blueprint, services)
    app.register_blueprint(blueprint)
