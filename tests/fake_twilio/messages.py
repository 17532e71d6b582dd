"""Twilio's Messages: create, list by recipient, fetch; status callbacks.

Every message that was taken is a line of `messages.jsonl`, written before it is answered.
"""

import json
import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from tests.fake_twilio.rest import ACCOUNT_SID, VERSION, Answer, Asked, FakeTwilio, Handler, refusal

_BASE = rf"/{VERSION}/Accounts/{ACCOUNT_SID}/Messages"
FILE = "messages.jsonl"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
MOST_CHARACTERS = 1600
_OURS = ("status_callback", "at")  # what Twilio does not show


def taken(fake: FakeTwilio) -> list[dict[str, Any]]:
    """Every message that was taken, in order."""
    with fake.lock:
        return list(_messages(fake))


def call_back(fake: FakeTwilio, sid: str, status: str, error_code: int | None = None) -> int:
    """Tell of a message at the address that it came with; what was answered."""
    message = next(each for each in taken(fake) if each["sid"] == sid)
    fields = {
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": VERSION,
        "From": message["from"],
        "To": message["to"],
        "MessageSid": sid,
        "SmsSid": sid,
        "MessageStatus": status,
        "SmsStatus": status,
        **({"ErrorCode": str(error_code)} if error_code is not None else {}),
    }
    return fake.post(message["status_callback"], fields)


def _create(fake: FakeTwilio, asked: Asked, _: re.Match[str]) -> Answer:
    to, body = asked.fields.get("To", ""), asked.fields.get("Body", "")
    sender = asked.fields.get("From") or asked.fields.get("MessagingServiceSid")
    if (refused := fake.refusals.get(to)) is not None:
        return refused
    if not sender:
        return refusal(400, 21603, "A 'From' phone number is required.")
    if not _E164.fullmatch(to):
        return refusal(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if not body:
        return refusal(400, 21602, "Message body is required.")
    if len(body) > MOST_CHARACTERS:
        return refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    message = {
        "sid": f"SM{secrets.token_hex(16)}",
        "account_sid": ACCOUNT_SID,
        "api_version": VERSION,
        "to": to,
        "from": sender,
        "body": body,
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "error_code": None,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "date_created": format_datetime(datetime.now(UTC)),
        "date_sent": None,
        "date_updated": format_datetime(datetime.now(UTC)),
        "messaging_service_sid": asked.fields.get("MessagingServiceSid"),
        "status_callback": asked.fields.get("StatusCallback", ""),
    }
    with fake.lock:
        _messages(fake).append(message)
        with (fake.folder / FILE).open("a") as file:
            file.write(json.dumps({**message, "at": time.time()}) + "\n")
            file.flush()
    return Answer(201, _shown(message))


def _list(fake: FakeTwilio, asked: Asked, _: re.Match[str]) -> Answer:
    size = int(asked.fields.get("PageSize", "50"))
    page = int(asked.fields.get("Page", "0"))
    with fake.lock:
        found = [
            message
            for message in reversed(_messages(fake))
            if asked.fields.get("To") in (None, message["to"])
        ]
    shown = found[page * size : (page + 1) * size]
    uri = f"/{VERSION}/Accounts/{ACCOUNT_SID}/Messages.json"
    more = len(found) > (page + 1) * size
    query = f"PageSize={size}" + (
        f"&To=%2B{asked.fields['To'][1:]}" if "To" in asked.fields else ""
    )
    body = {
        "messages": [_shown(message) for message in shown],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + len(shown) - 1,
        "uri": f"{uri}?{query}&Page={page}",
        "first_page_uri": f"{uri}?{query}&Page=0",
        "next_page_uri": f"{uri}?{query}&Page={page + 1}" if more else None,
        "previous_page_uri": None,
    }
    return Answer(200, body)


def _fetch(fake: FakeTwilio, asked: Asked, found: re.Match[str]) -> Answer:
    message = next((each for each in taken(fake) if each["sid"] == found["sid"]), None)
    return Answer(200, _shown(message)) if message else refusal(404, 20404, "not found")


def _shown(message: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in message.items() if name not in _OURS}
    base = f"/{VERSION}/Accounts/{ACCOUNT_SID}/Messages/{message['sid']}"
    return {
        **shown,
        "uri": f"{base}.json",
        "subresource_uris": {"media": f"{base}/Media.json", "feedback": f"{base}/Feedback.json"},
    }


def _messages(fake: FakeTwilio) -> list[dict[str, Any]]:
    """With the lock held. What an earlier process took is read again; a cut-off line is none."""
    if "messages" not in fake.state:
        path = fake.folder / FILE
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        fake.state["messages"] = [json.loads(line) for line in lines if line.endswith("\n")]
    messages: list[dict[str, Any]] = fake.state["messages"]
    return messages


ROUTES: Mapping[str, Handler] = {
    rf"POST {_BASE}\.json": _create,
    rf"GET {_BASE}\.json": _list,
    rf"GET {_BASE}/(?P<sid>SM[0-9a-f]{{32}})\.json": _fetch,
}
