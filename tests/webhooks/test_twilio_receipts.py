"""Twilio's status callbacks: only Twilio's count, and each counts once."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator

from notifications.models import Message
from storage.database import transaction
from tests.builders import NOON
from tests.notifications.outboxes import queue, the_message
from webhooks.services import SmsServices
from webhooks.trust import Trust
from webhooks.twilio_receipts import register_twilio_receipts

ACCOUNT, TOKEN, URL = "AC" + "1" * 32, "a token", "https://hotline.example.vn"
PATH = "/webhooks/twilio/receipts"
SID = "SM" + "a" * 32
FORM = {"AccountSid": ACCOUNT, "MessageSid": SID, "MessageStatus": "delivered"}


@pytest.fixture
def client(engine: Engine) -> FlaskClient:
    app = Flask("receipts")
    services = SmsServices(engine, Trust(TOKEN, URL, ACCOUNT), lambda: NOON)
    register_twilio_receipts(app, services, PATH)
    return app.test_client()


@pytest.fixture
def message_id(engine: Engine) -> str:
    """A message that Twilio took, whose answer was lost."""
    found = queue(engine)
    with transaction(engine) as session:
        message = session.get_one(Message, found)
        message.status, message.provider, message.attempted_at = "sending", "twilio", NOON
    return found


def post(
    client: FlaskClient, form: Mapping[str, str], query: str = "", signed: str | None = None
) -> Any:
    url = URL + PATH + query
    signature = signed or RequestValidator(TOKEN).compute_signature(url, dict(form))
    return client.post(PATH + query, data=form, headers={"X-Twilio-Signature": signature})


def test_it_is_delivered_and_stays_so(client: FlaskClient, engine: Engine, message_id: str) -> None:
    query = f"?message={message_id}"

    for status in ("sent", "delivered", "delivered", "sent", "undelivered"):
        assert post(client, {**FORM, "MessageStatus": status}, query).status_code == 204

    assert the_message(engine).status == "delivered"


def test_why_it_was_not_is_kept(client: FlaskClient, engine: Engine, message_id: str) -> None:
    form = {**FORM, "MessageStatus": "undelivered", "ErrorCode": "30003"}

    post(client, form, f"?message={message_id}")

    assert (the_message(engine).status, the_message(engine).problem) == ("undelivered", "30003")


def test_an_unknown_message_and_an_unknown_state_are_taken_and_change_nothing(
    client: FlaskClient, engine: Engine, message_id: str
) -> None:
    assert post(client, FORM).status_code == 204
    assert post(client, FORM, "?message=" + "0" * 32).status_code == 204
    known = f"?message={message_id}"
    assert post(client, {**FORM, "MessageStatus": "pondering"}, known).status_code == 204

    assert the_message(engine).status == "sending"


@pytest.mark.parametrize(
    ("form", "query", "signed", "status"),
    [
        (FORM, "", "forged", 403),
        ({**FORM, "AccountSid": "AC" + "2" * 32}, "", None, 403),
        ({"AccountSid": ACCOUNT, "MessageSid": SID}, "", None, 400),
        ({**FORM, "MessageSid": "nothing"}, "", None, 400),
        (FORM, "?message=../../etc", None, 400),
        (FORM, f"?message={'a' * 32}&message={'b' * 32}", None, 400),
    ],
)
def test_what_is_not_twilios_or_no_receipt_is_refused(
    client: FlaskClient,
    engine: Engine,
    message_id: str,
    form: dict[str, str],
    query: str,
    signed: str | None,
    status: int,
) -> None:
    assert post(client, form, query, signed).status_code == status

    assert the_message(engine).status == "sending"


def test_nobody_without_a_signature_and_nobody_with_a_book(client: FlaskClient) -> None:
    assert client.post(PATH, data=FORM).status_code == 403
    assert post(client, {**FORM, "Body": "x" * 5_000_000}).status_code == 413
