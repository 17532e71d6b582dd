"""What people write to our Twilio number: stored before Twilio is answered, handled by a job.

Nothing is said in the answer itself: what we reply goes through the outbox, where it is counted,
kept in order and sent once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Blueprint, Flask, Response, request
from sqlalchemy import Engine

from notifications.inbox import Incoming, store_incoming
from storage.database import transaction
from webhooks.errors import BadPost, NotTrusted, WebhookError
from webhooks.trust import Trust, needed

log = structlog.get_logger()

PROVIDER = "twilio"
_SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass(frozen=True)
class MessageServices:
    """`account_sid` is the account whose number people write to."""

    engine: Engine
    trust: Trust
    account_sid: str
    clock: Callable[[], datetime]


def register_twilio_messages(app: Flask, services: MessageServices, path: str) -> None:
    """Take incoming SMS at `path`."""
    blueprint = Blueprint("twilio_messages", __name__)

    @blueprint.post(path)
    def incoming() -> Response:
        form = services.trust.form(request)
        account, sid, sender = needed(form, "AccountSid", "MessageSid", "From")
        if account != services.account_sid:
            raise NotTrusted("it is of another account")
        if not _SID.fullmatch(sid):
            raise BadPost("expected a MessageSid, found none")
        told = Incoming(PROVIDER, sid, sender, form.get("Body", ""))
        with transaction(services.engine) as session:
            store_incoming(session, told, services.clock())
        return Response(_NO_REPLY, content_type="text/xml; charset=utf-8")

    @blueprint.errorhandler(WebhookError)
    def refuse(error: WebhookError) -> Response:
        log.warning("sms refused", why=type(error).__name__)
        return Response(str(error), status=error.status, mimetype="text/plain")

    app.register_blueprint(blueprint)
