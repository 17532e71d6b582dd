"""What people write to our Twilio number: stored before Twilio is answered, handled by a job.

Nothing is said in the answer itself: what we reply goes through the outbox, where it is counted,
kept in order and sent once.
"""

import re

from flask import Blueprint, Flask, Response, request

from notifications.inbox import Incoming, store_incoming
from storage.database import transaction
from webhooks.errors import BadPost
from webhooks.refusal import refuse_plainly
from webhooks.services import SmsServices
from webhooks.trust import needed

PROVIDER = "twilio"
_SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def register_twilio_messages(app: Flask, services: SmsServices, path: str) -> None:
    """Take incoming SMS at `path`."""
    blueprint = Blueprint("twilio_messages", __name__)

    @blueprint.post(path)
    def incoming() -> Response:
        form = services.trust.form(request)
        sid, sender = needed(form, "MessageSid", "From")
        if not _SID.fullmatch(sid):
            raise BadPost("expected a MessageSid, found none")
        told = Incoming(PROVIDER, sid, sender, form.get("Body", ""))
        with transaction(services.engine) as session:
            store_incoming(session, told, services.clock())
        return Response(_NO_REPLY, content_type="text/xml; charset=utf-8")

    refuse_plainly(blueprint)
    app.register_blueprint(blueprint)
