"""How every webhook says no: in plain text, and in the log without a word of what was sent."""

import structlog
from flask import Blueprint, Response, request

from webhooks.errors import NotTrusted, WebhookError

log = structlog.get_logger()


def refuse_plainly(blueprint: Blueprint) -> None:
    """Answer this package's errors on the routes of `blueprint`."""
    blueprint.register_error_handler(WebhookError, _refuse)


def _refuse(error: WebhookError) -> Response:
    route = request.url_rule.rule if request.url_rule else ""
    log.warning("webhook refused", route=route, status=error.status, why=type(error).__name__)
    said = "not signed by Twilio" if isinstance(error, NotTrusted) else str(error)
    return Response(f"{said}\n", error.status, content_type="text/plain; charset=utf-8")
