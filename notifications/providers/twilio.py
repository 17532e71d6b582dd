"""SMS by Twilio's Messages API.

Twilio has no idempotency keys. What it took can be listed by recipient, so a message whose answer
was lost is looked for before it is sent again. Its status callbacks carry our own id back.
"""

from datetime import timedelta
from urllib.parse import urlencode

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from notifications.errors import BadProvider, OutcomeUnknown, Refused, TryLater
from notifications.providers.provider import Outgoing, Search
from notifications.providers.twilio_client import (
    TOO_MANY,
    TwilioSilent,
    TwilioUnreachable,
    retry_after_s,
)

NAME = "twilio"
MESSAGE_PARAMETER = "message"
# The recipient told Twilio STOP; "Attempt to send to unsubscribed recipient".
OPTED_OUT = 21610
# Too many are queued at Twilio for this sender.
QUEUE_FULL = 21611
# Not this message but the account or its settings; they may be mended.
_OF_THE_ACCOUNT = frozenset(
    {20003, 20005, 20429, 21212, 21603, 21606, 21659, 21660, 21701, 21702, 21703, 21704}
)
_SERVER_ERRORS = 500
# Clocks differ, and Twilio's `date_created` has no parts of a second.
SLACK = timedelta(seconds=120)
MOST_LISTED = 100


class TwilioProvider:
    """`sender` is a number, a short code, a name, or the SID of a messaging service (`MG…`)."""

    name = NAME

    def __init__(
        self,
        client: Client,
        sender: str,
        callback_url: str | None,
        at_once: int = 4,
        settle_s: float = 45.0,
    ) -> None:
        """`callback_url`: where Twilio tells what became of a message; None: it does not.

        `settle_s` has to be longer than a request may take, on both sides.
        """
        if not sender:
            raise BadProvider("expected HOTLINE_SMS_SENDER: a number or a messaging service")
        self._client = client
        self._sender = sender
        self._callback_url = callback_url
        self.at_once = at_once
        self.settle_s: float | None = settle_s

    def send(self, message: Outgoing) -> tuple[str, ...]:
        origin = "messaging_service_sid" if self._sender.startswith("MG") else "from_"
        told = {origin: self._sender, "to": message.to_number, "body": message.body}
        if self._callback_url:
            query = urlencode({MESSAGE_PARAMETER: message.id})
            told["status_callback"] = f"{self._callback_url}?{query}"
        try:
            sent = self._client.messages.create(**told)
        except TwilioRestException as error:
            raise _named(error) from error
        except TwilioUnreachable as error:
            raise TryLater("unreachable") from error
        except (TwilioSilent, TwilioException, ValueError) as error:  # ValueError: no JSON
            raise OutcomeUnknown("no_answer") from error
        if not sent.sid:
            raise OutcomeUnknown("no_answer")
        return (sent.sid,)

    def find(self, search: Search) -> tuple[str, ...] | None:
        # By recipient alone: `DateSent` leaves out what is still queued at Twilio.
        since = search.since - SLACK
        try:
            for known in self._client.messages.stream(to=search.to_number, limit=MOST_LISTED):
                if known.date_created is not None and known.date_created < since:
                    break  # the newest come first
                ours = known.direction != "inbound" and search.is_ours(known.body or "")
                if ours and not search.is_taken(known.sid):
                    return (known.sid,)
        except (TwilioException, TwilioUnreachable, TwilioSilent, ValueError) as error:
            raise TryLater("no_answer") from error
        return None

    def close(self) -> None:
        session = self._client.http_client.session
        if session is not None:
            session.close()


def _named(error: TwilioRestException) -> Exception:
    code = str(error.code or error.status)
    if error.status == TOO_MANY:
        return TryLater(code, retry_after_s(error))
    if error.status >= _SERVER_ERRORS:
        return OutcomeUnknown(code)
    if error.code == QUEUE_FULL:
        return TryLater(code)
    if error.status in (401, 403) or error.code in _OF_THE_ACCOUNT:
        return TryLater(code)
    return Refused(code, opted_out=error.code == OPTED_OUT)
