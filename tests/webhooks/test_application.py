"""Twilio's webhooks within the whole web application, and what the worker does for them."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from hotline.app import create_app
from hotline.errors import BadSetting
from hotline.settings import Settings, read_settings
from hotline.twilio_calls import twilio_tasks
from hotline.wiring import open_database, the_province
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_twilio.voice import PUBLIC_URL, signed
from tests.webhooks.conftest import CALL_SID, CALLED, VOICE

CONFIGURED = {
    "public_url": PUBLIC_URL,
    "twilio_account_sid": ACCOUNT_SID,
    "twilio_auth_token": SecretStr(AUTH_TOKEN),
}


@pytest.mark.slow
@pytest.mark.parametrize("lacking", CONFIGURED)
def test_nothing_is_served_or_asked_until_twilio_is_set_up(tmp_path: Path, lacking: str) -> None:
    given = {name: value for name, value in CONFIGURED.items() if name != lacking}
    settings = Settings(data=tmp_path, **given)  # type: ignore[arg-type]

    client = create_app(settings).test_client()

    assert client.post(VOICE, data={"CallSid": CALL_SID}).status_code == 404
    assert not twilio_tasks(open_database(settings), settings, the_province(settings))


def test_a_call_arrives_and_without_tables_it_is_the_last_resort(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, **CONFIGURED)  # type: ignore[arg-type]
    client = create_app(settings).test_client()
    form = {"AccountSid": ACCOUNT_SID, "CallSid": CALL_SID, "From": "anonymous", "To": CALLED}

    assert client.post(VOICE, data=form).status_code == 403
    answer = client.post(VOICE, data=form, headers=signed(VOICE, form))

    assert answer.status_code == 200
    assert "last_resort" in answer.text
    tasks = twilio_tasks(open_database(settings), settings, the_province(settings))
    assert [task.name for task in tasks] == [
        "fetch recordings",
        "settle calls",
        "find strays",
        "delete words",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_NUMBERS", "0912345678"),
        ("TWILIO_OPERATORS", "somebody"),
        ("TWILIO_OPERATORS", ",".join(["+84912345678"] * 11)),
        ("TWILIO_WORDS", "ours"),
        ("PUBLIC_URL", "hotline.example.vn"),
    ],
)
def test_a_setting_that_cannot_be_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"HOTLINE_{name}", value)

    with pytest.raises(BadSetting, match=f"^HOTLINE_{name}: "):
        read_settings()
