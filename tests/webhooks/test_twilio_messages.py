"""An SMS is in the database before Twilio hears that we have it, whatever it says."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from notifications.inbox import HANDLE_INCOMING
from notifications.inbox_models import IncomingMessage
from storage.database import reading
from storage.jobs import prepare_queue
from tests.builders import NOON
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_twilio.voice import PUBLIC_URL, signed
from tests.ivr.databases import jobs_of
from webhooks.services import SmsServices
from webhooks.trust import Trust
from webhooks.twilio_messages import register_twilio_messages

PATH = "/webhooks/twilio/messages"
SID = "SM" + "a" * 32
FORM = {
    "AccountSid": ACCOUNT_SID,
    "MessageSid": SID,
    "From": "+84912345678",
    "To": "+842913819120",
    "Body": "Nước ngập đường trước trường",
    "NumMedia": "0",
}


class Post:
    """Signed posts to the webhook."""

    def __init__(self, engine: Engine) -> None:
        prepare_queue(engine.url.render_as_string(hide_password=False))
        app = Flask(__name__)
        trust = Trust(AUTH_TOKEN, PUBLIC_URL, ACCOUNT_SID)
        services = SmsServices(engine, trust, lambda: NOON)
        register_twilio_messages(app, services, PATH)
        self.engine = engine
        self.client: Any = app.test_client()

    def __call__(self, form: Mapping[str, str], **headers: str) -> Any:
        return self.client.post(PATH, data=form, headers=signed(PATH, form) | headers)

    def stored(self) -> list[IncomingMessage]:
        with reading(self.engine) as session:
            return list(session.scalars(select(IncomingMessage)))


@pytest.fixture
def post(database: Engine) -> Post:
    return Post(database)


def test_an_sms_is_stored_and_a_job_waits_for_it(post: Post) -> None:
    answer = post(FORM)

    (message,) = post.stored()
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert "Message" not in answer.text
    assert (message.from_number, message.text) == ("+84912345678", FORM["Body"])
    assert jobs_of(post.engine) == [(HANDLE_INCOMING, message.id)]


def test_what_twilio_delivers_again_is_kept_once(post: Post) -> None:
    assert [post(FORM).status_code for _ in range(3)] == [200, 200, 200]
    assert len(post.stored()) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"AccountSid": "AC" + "0" * 32}, 403),
        ({"MessageSid": "SM1"}, 400),
        ({"MessageSid": ""}, 400),
        ({"From": ""}, 400),
        ({"Body": "x" * 70_000}, 413),
    ],
)
def test_what_is_not_twilios_is_refused_and_not_kept(
    post: Post, change: Mapping[str, str], status: int
) -> None:
    assert post(FORM | dict(change)).status_code == status
    assert post.stored() == []


def test_a_forged_signature_is_refused(post: Post) -> None:
    assert post(FORM, **{"X-Twilio-Signature": "nonsense"}).status_code == 403
    assert post.stored() == []


@pytest.mark.parametrize("body", ["", "😀", "ទឹក", "\0", "a" * 2000, "<script>"])
def test_whatever_it_says_is_kept(post: Post, body: str) -> None:
    assert post(FORM | {"Body": body}).status_code == 200
    assert len(post.stored()) == 1
