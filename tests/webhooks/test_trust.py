"""Requests that Twilio did not make, or would not."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.middleware.proxy_fix import ProxyFix

from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_twilio.voice import PUBLIC_URL, signed
from tests.webhooks.conftest import CALL_SID, VOICE, Desk
from webhooks.trust import MAX_BODY_BYTES, SIGNATURE, Trust

TURN = f"/webhooks/twilio/calls/{'0' * 32}/turns/0"
POSTED = [
    VOICE,
    "/webhooks/twilio/voice/fallback",
    TURN,
    "/webhooks/twilio/calls/status",
    "/webhooks/twilio/recordings",
    "/webhooks/twilio/last-resort",
]


def post(desk: Desk, path: str, form: object, headers: Mapping[str, str]) -> Any:
    return desk.client.post(path, data=form, headers=dict(headers))


def forged(path: str, form: Mapping[str, str], other: Mapping[str, str]) -> list[dict[str, str]]:
    """Headers of requests that Twilio did not make."""
    right = signed(path, form)[SIGNATURE]
    return [
        {},
        {SIGNATURE: ""},
        {SIGNATURE: "AAAA"},
        {SIGNATURE: ("B" if right[0] == "A" else "A") + right[1:]},
        {SIGNATURE: "é" * 28},
        signed(path, form, token="another token"),
        signed(path + "?unrecorded=", form),
        signed(path, other),
    ]


def test_nothing_is_believed_without_twilios_signature(desk: Desk) -> None:
    form, other = desk.form(Digits="482173905"), desk.form(Digits="1")

    with capture_logs() as logged:
        for path in POSTED:
            for headers in forged(path, form, other):
                answer = post(desk, path, form, headers)
                assert (answer.status_code, answer.text) == (403, "not signed by Twilio\n")

    assert desk.calls() == []
    assert len(logged) == 8 * len(POSTED)
    assert not any(secret in str(logged) for secret in (AUTH_TOKEN, "482173905", CALL_SID))


def test_what_a_client_claims_of_our_address_counts_for_nothing(desk: Desk) -> None:
    form = desk.form()
    claimed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}

    assert post(desk, VOICE, form, signed(VOICE, form) | claimed).status_code == 200
    desk.app.wsgi_app = ProxyFix(desk.app.wsgi_app, x_host=1)  # type: ignore[method-assign]
    assert post(desk, VOICE, form, signed(VOICE, form) | claimed).status_code == 200


def test_a_server_below_a_path_is_called_there() -> None:
    assert Trust("t", "https://hotline.example.vn/", ACCOUNT_SID).root_path == ""
    assert Trust("t", "https://hotline.example.vn/tong-dai/", ACCOUNT_SID).root_path == "/tong-dai"
    assert "secret" not in repr(Trust("secret", PUBLIC_URL, ACCOUNT_SID))


def test_a_body_that_is_too_long_is_not_read(desk: Desk) -> None:
    class Endless(io.RawIOBase):
        def readinto(self, buffer: Any) -> int:
            raise AssertionError("it was read")

    for length in (MAX_BODY_BYTES + 1, 5_000_000):
        answer = desk.client.post(
            VOICE,
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"wsgi.input": Endless(), "CONTENT_LENGTH": str(length)},
        )
        assert answer.status_code == 413


def test_what_is_no_form_is_refused(desk: Desk) -> None:
    for media_type in ("application/json", "multipart/form-data", "text/plain"):
        assert desk.client.post(VOICE, data=b"{}", content_type=media_type).status_code == 400


def test_what_is_missing_is_told_by_its_name(desk: Desk) -> None:
    for path, missing in (
        (VOICE, "CallSid"),
        (VOICE, "To"),
        (VOICE, "AccountSid"),
        (TURN, "CallSid"),
        ("/webhooks/twilio/calls/status", "CallStatus"),
        ("/webhooks/twilio/recordings", "RecordingSid"),
    ):
        answer = desk.post(path, {missing: ""})

        assert (answer.status_code, answer.text) == (400, f"expected {missing}, found none\n")


def test_a_field_that_is_there_twice_is_refused(desk: Desk) -> None:
    form = desk.form()
    twice = [*form.items(), ("Digits", "1"), ("Digits", "2")]
    body = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in twice)
    signature = _signed_twice(VOICE, form, ["1", "2"])

    answer = desk.client.post(
        VOICE, data=body, content_type="application/x-www-form-urlencoded", headers=signature
    )

    assert (answer.status_code, answer.text) == (400, "expected Digits once, found it 2 times\n")
    doubled = f"{TURN}?part=dial&part=prompt"
    assert desk.post(doubled).status_code == 400


def _signed_twice(path: str, form: Mapping[str, str], digits: list[str]) -> dict[str, str]:
    fields = MultiDict([*form.items(), *(("Digits", each) for each in digits)])
    signature = RequestValidator(AUTH_TOKEN).compute_signature(PUBLIC_URL + path, fields)
    return {SIGNATURE: signature}


def test_a_call_has_an_id_of_twilios_kind(desk: Desk) -> None:
    for call_sid in ("CA1", "ca" + "1" * 32, "CA" + "g" * 32, "CA" + "1" * 33):
        assert desk.post(VOICE, {"CallSid": call_sid}).status_code == 400
    assert desk.calls() == []


@pytest.mark.slow
def test_other_accounts_and_other_calls_are_refused(desk: Desk) -> None:
    desk.post(VOICE)
    desk.post(VOICE, {"CallSid": "CA" + "2" * 32})
    (mine, _) = sorted(desk.calls(), key=lambda call: call.driver_call_id)
    turn = f"/webhooks/twilio/calls/{mine.id}/turns/0"

    assert desk.post(VOICE, {"AccountSid": "AC" + "9" * 32}).status_code == 403
    answer = desk.post(turn, {"CallSid": "CA" + "2" * 32, "Digits": "1"})
    assert answer.status_code == 400
    assert desk.journal() == []


def test_values_that_cannot_be_are_refused_and_the_call_stands(desk: Desk) -> None:
    desk.post(VOICE)
    (call,) = desk.calls()
    turn = f"/webhooks/twilio/calls/{call.id}/turns/0"

    for digits in ("1;", "🙂", "1" * 200, "ភាសា"):
        answer = desk.post(turn, {"Digits": digits})
        assert answer.status_code == 400
        assert digits not in answer.text
    assert desk.post(f"/webhooks/twilio/calls/{call.id}/turns/-1").status_code == 404
    assert desk.post(f"/webhooks/twilio/calls/{call.id}/turns/{10**30}").status_code == 200
    assert desk.journal() == []


def test_only_posts_are_taken(desk: Desk) -> None:
    for path in POSTED:
        assert desk.client.get(path).status_code == 405


@pytest.fixture(autouse=True)
def _plain_logs() -> None:
    structlog.reset_defaults()
