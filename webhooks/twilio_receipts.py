"""What Twilio tells of our SMS afterwards: its status callbacks.

They come twice, late and in any order, and may be quicker than the answer to our own request. The
address carries our id of the message, so each finds it.
"""

import re

import structlog
from flask import Blueprint, Flask, Response, request

from notifications.models import PartState
from notifications.receipts import Receipt, note_receipt
from storage.database import transaction
from webhooks.errors import BadPost
from webhooks.refusal import refuse_plainly
from webhooks.services import SmsServices
from webhooks.trust import needed

log = structlog.get_logger()

PROVIDER = "twilio"
MESSAGE_PARAMETER = "message"
_SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_OUR_ID = re.compile(r"[0-9a-f]{32}")
_STATES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), PartState.ACCEPTED),
    **dict.fromkeys(("delivered", "read"), PartState.DELIVERED),
    **dict.fromkeys(("undelivered", "failed", "canceled"), PartState.FAILED),
}


def register_twilio_receipts(app: Flask, services: SmsServices, path: str) -> None:
    """Take status callbacks at `path`."""
    blueprint = Blueprint("twilio_receipts", __name__)

    @blueprint.post(path)
    def receipt() -> Response:
        told = _read(services)
        if told is not None:
            with transaction(services.engine) as session:
                note_receipt(session, told, services.clock())
        # What is no news is taken all the same: refused, it would only come again.
        return Response(status=204)

    refuse_plainly(blueprint)
    app.register_blueprint(blueprint)


def _read(services: SmsServices) -> Receipt | None:
    """What was posted; None for a state that we do not know.

    Raises:
        WebhookError: it is not Twilio's, or not of this kind.
    """
    form = services.trust.form(request)
    sid, status = needed(form, "MessageSid", "MessageStatus")
    if not _SID.fullmatch(sid):
        raise BadPost("expected a MessageSid, found none")
    message_id = request.args.get(MESSAGE_PARAMETER)
    if message_id is not None and not _OUR_ID.fullmatch(message_id):
        raise BadPost("expected an id of ours in the address, found none")
    state = _STATES.get(status)
    if state is None:
        log.info("receipt of a state that is new to us")
        return None
    code = form.get("ErrorCode", "")[:20]
    reason = (code if code.isdigit() and code != "0" else status[:20]) if _bad(state) else None
    return Receipt(PROVIDER, sid, state, reason, message_id)


def _bad(state: PartState) -> bool:
    return state is PartState.FAILED
