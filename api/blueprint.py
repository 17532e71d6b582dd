"""The API under /api/v1, put together."""

from apiflask import APIBlueprint, APIFlask
from flask import g, request
from werkzeug.routing import BaseConverter

from api.addresses import client_address
from api.alerts import add_alert_routes
from api.attachments import MAX_BODY_BYTES, add_attachment_routes
from api.auth import admit, current_visitor
from api.calls import add_call_routes
from api.cap import add_cap_routes
from api.docs_page import add_docs_page
from api.errors import NotSignedIn, TooLarge
from api.export import add_export_routes
from api.limits import Limits
from api.messages import add_message_routes
from api.monitoring import add_monitoring_routes
from api.ngsi_ld import add_ngsi_ld_routes
from api.observations import MOST_BATCH_BYTES, add_observation_routes
from api.observations_import import MOST_FILE_BYTES, add_observation_import_routes
from api.openapi import install_openapi
from api.permissions import Open, check_routes, needed
from api.province import add_province_routes
from api.report_changes import add_change_routes
from api.report_counts import add_report_count_routes
from api.report_list import add_report_list_routes
from api.reports import add_report_routes
from api.services import ApiServices
from api.statistics import add_statistics_routes
from api.tokens import add_token_routes
from api.webhooks import add_webhook_routes
from api.words import add_word_routes
from reports.attachments import MAX_BYTES

PREFIX = "/api/v1"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Lists as one file, and figures over everything.
_WHOLE = frozenset(
    {"api.export_csv", "api.export_xlsx", "api.statistics", "api.import_observations"}
)


class _AlertId(BaseConverter):
    """An id as alerts have them: no sign that a database would not take."""

    regex = "[0-9A-Za-z]{1,32}"


class _Reference(BaseConverter):
    """A reference in an address. Else the exports' addresses would be those of reports, too."""

    regex = r"(?!export\.)[^/]+"


def register_api(app: APIFlask, services: ApiServices) -> None:
    """Serve the API; a route is closed unless `api.permissions` opens it.

    Raises:
        UnlistedRoute: the table there has no line about a route.
    """
    install_openapi(app, services.province)
    app.url_map.converters["reference"] = _Reference
    app.url_map.converters["alert"] = _AlertId
    blueprint = APIBlueprint("api", __name__, url_prefix=PREFIX, tag="Hotline")
    limits = Limits(services.allowance)

    @blueprint.before_request
    def _enter() -> None:
        endpoint = request.endpoint or ""
        if endpoint == "api.add_attachment":
            request.max_content_length = MAX_BODY_BYTES
            if (request.content_length or 0) > MAX_BODY_BYTES:  # before any of it is read
                raise TooLarge(f"expected a file of at most {MAX_BYTES} bytes")
        if endpoint == "api.import_observations":
            request.max_content_length = MOST_FILE_BYTES  # read bit by bit, never held
        if endpoint == "api.add_observations":
            request.max_content_length = MOST_BATCH_BYTES
        address = client_address(services.trusted_proxies)
        if needed(endpoint) is Open.PUBLIC:
            limits.count("unknown", address)
            return
        try:
            admit(services, endpoint)
        except NotSignedIn:
            # Not before: whoever shows a valid token answers for no neighbour of theirs.
            limits.count("unknown", address)
            raise
        finally:
            _count(limits, endpoint)

    add_token_routes(blueprint, services, limits)
    add_report_list_routes(blueprint, services)
    add_export_routes(blueprint, services)
    add_statistics_routes(blueprint, services)
    add_report_routes(blueprint, services)
    add_change_routes(blueprint, services)
    add_word_routes(blueprint, services)
    add_attachment_routes(blueprint, services)
    add_message_routes(blueprint, services)
    add_call_routes(blueprint, services)
    add_province_routes(blueprint, services)
    add_webhook_routes(blueprint, services)
    add_monitoring_routes(blueprint, services)
    add_report_count_routes(blueprint, services)
    add_observation_routes(blueprint, services)
    add_observation_import_routes(blueprint, services)
    add_alert_routes(blueprint, services)
    add_cap_routes(blueprint, services)
    add_ngsi_ld_routes(blueprint, services)
    app.register_blueprint(blueprint)
    add_docs_page(app)
    check_routes(app)


def _count(limits: Limits, endpoint: str) -> None:
    """Of a token everything counts, what it is refused included."""
    if "visitor" not in g:
        return
    visitor = current_visitor()
    kind = "reading" if request.method in _READING else "writing"
    # As it was known once: whatever is known since has to be read, and passed by.
    heavy = endpoint in _WHOLE or (
        endpoint == "api.list_observations" and "known_at" in request.args
    )
    limits.count("whole" if heavy else kind, visitor.token or visitor.user)
