"""Twilio's Recordings and Calls of an `Account`: list, fetch, the sound itself, delete."""

import re
from collections.abc import Mapping
from datetime import date
from email.utils import format_datetime
from typing import Any

from tests.fake_twilio.account import Account, TwilioRecording
from tests.fake_twilio.rest import (
    ACCOUNT_SID,
    VERSION,
    Answer,
    Asked,
    FakeTwilio,
    Handler,
    refusal,
)

_BASE = rf"/{VERSION}/Accounts/{ACCOUNT_SID}"
_NOT_FOUND = refusal(404, 20404, "The requested resource was not found")


def routes_of(account: Account) -> Mapping[str, Handler]:
    """What the server answers about calls and recordings."""

    def listed(fake: FakeTwilio, asked: Asked, found: re.Match[str]) -> Answer:
        rows = [
            _as_json(each)
            for each in list(account.recordings.values())
            if asked.fields.get("CallSid", each.call_sid) == each.call_sid
            and each.made_at.date() >= _day(asked.fields.get("DateCreated>"))
        ]
        page = {"page": 0, "page_size": 50, "uri": asked.path, "start": 0, "end": len(rows)}
        return Answer(200, page | {"next_page_uri": None, "recordings": rows})

    def sound(fake: FakeTwilio, asked: Asked, found: re.Match[str]) -> Answer:
        recording = account.recordings.get(found["sid"])
        if recording is None or recording.status != "completed":
            return _NOT_FOUND
        return Answer(200, recording.content, media_type="audio/x-wav")

    def delete(fake: FakeTwilio, asked: Asked, found: re.Match[str]) -> Answer:
        if found["sid"] not in account.recordings:
            return _NOT_FOUND
        account.forget(found["sid"])
        return Answer(204, b"")

    def call(fake: FakeTwilio, asked: Asked, found: re.Match[str]) -> Answer:
        known = account.calls.get(found["sid"])
        if known is None:
            return _NOT_FOUND
        told = {"sid": known.sid, "status": known.status, "from": known.caller, "to": known.called}
        return Answer(200, told | {"account_sid": ACCOUNT_SID})

    return {
        rf"GET {_BASE}/Recordings\.json": listed,
        rf"GET {_BASE}/Recordings/(?P<sid>RE[0-9a-f]{{32}})\.wav": sound,
        rf"DELETE {_BASE}/Recordings/(?P<sid>RE[0-9a-f]{{32}})\.json": delete,
        rf"GET {_BASE}/Calls/(?P<sid>CA[0-9a-f]{{32}})\.json": call,
    }


def _as_json(recording: TwilioRecording) -> dict[str, Any]:
    return {
        "account_sid": ACCOUNT_SID,
        "call_sid": recording.call_sid,
        "date_created": format_datetime(recording.made_at),
        "sid": recording.sid,
        "status": recording.status,
        "uri": f"/{VERSION}/Accounts/{ACCOUNT_SID}/Recordings/{recording.sid}.json",
    }


def _day(text: str | None) -> date:
    return date.fromisoformat(text[:10]) if text else date.min
