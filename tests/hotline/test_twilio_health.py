"""What the doctor tells of Twilio."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from hotline.doctor import State
from hotline.settings import Settings
from hotline.twilio_health import check_twilio
from tests.asterisk.running import free_ports

TOKEN = "a token for tests only"
SET: dict[str, Any] = {
    "twilio_account_sid": "AC" + "0" * 32,
    "twilio_auth_token": SecretStr(TOKEN),
    "public_url": "https://hotline.example.vn",
}


@pytest.mark.parametrize(
    ("given", "state", "told"),
    [
        ({}, State.OK, "not set up"),
        ({"public_url": SET["public_url"]}, State.OK, "not set up"),
        (SET, State.OK, "https://hotline.example.vn; callers press keys"),
        (SET | {"twilio_words": "twilio"}, State.OK, "its recogniser listens"),
        (SET | {"public_url": None}, State.WARN, "HOTLINE_PUBLIC_URL not set"),
        (SET | {"twilio_account_sid": ""}, State.WARN, "HOTLINE_TWILIO_ACCOUNT_SID not set"),
        (SET | {"public_url": "http://hotline.example.vn"}, State.WARN, "unencrypted"),
        (SET | {"twilio_words": "own", "speech": "none"}, State.WARN, "HOTLINE_SPEECH=none"),
        (SET | {"twilio_words": "own", "speech": "auto"}, State.WARN, "does not answer"),
    ],
)
def test_the_doctor_tells_how_calls_come(
    given: dict[str, Any], state: State, told: str, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    settings = Settings(data=tmp_path, speech_bind=f"127.0.0.1:{port}", **given)

    found = check_twilio(settings)

    assert (found.state, told in found.found) == (state, True), found
    assert bool(found.mend) == (state is not State.OK)
    assert TOKEN not in repr(found)
