"""Twilio's webhooks on a fresh database, with the province's own flows and a clock that waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine, select

from hotline.settings import Settings
from hotline.twilio_calls import voice_services
from ivr.drivers.recorder import Recorder
from ivr.drivers.simulator import SimulatedClock
from ivr.models import Call, JournalEntry
from ivr.remote_calls import Settling
from ivr.remote_recordings import Fetching
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.models import Recording, Report, Transcript
from storage.database import reading
from tests.builders import NOON
from tests.fake_twilio.account import Account
from tests.fake_twilio.rest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_twilio.voice import PUBLIC_URL, Caller, PhoneCall, signed
from tests.ivr.databases import database, jobs_of
from webhooks.services import VoiceServices
from webhooks.twilio_voice import register_twilio_voice

__all__ = ["database"]

CALL_SID = "CA" + "1" * 32
CALLED = "+842913819120"
VOICE = "/webhooks/twilio/voice"


@dataclass
class Desk:
    """The webhooks, and what is behind them."""

    database: Engine
    services: VoiceServices
    settings: Settings
    clock: SimulatedClock
    account: Account = field(default_factory=Account)

    def __post_init__(self) -> None:
        self.app = Flask(__name__)
        register_twilio_voice(self.app, self.services)
        self.client: Any = self.app.test_client()
        recorder = Recorder(self.settings.recordings)
        self.fetching = Fetching(self.database, recorder, self.account, self.clock)
        self.settling = Settling(self.services.calls.conversations, recorder, self.account)

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Any:
        """The answer to a signed request about the call `CALL_SID`."""
        whole = self.form(**(form or {}))
        return self.client.post(path, data=whole, headers=signed(path, whole) | headers)

    def form(self, **given: str) -> dict[str, str]:
        usual = {
            "AccountSid": ACCOUNT_SID,
            "CallSid": CALL_SID,
            "CallStatus": "in-progress",
            "From": "+84912345678",
            "To": CALLED,
        }
        return {name: value for name, value in (usual | given).items() if value}

    def phone(self, caller: Caller, number: str = "+84912345678") -> PhoneCall:
        """A call by `caller`, not yet begun."""

        def post(path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> str:
            answer = self.client.post(path, data=dict(form), headers=dict(headers))
            assert answer.status_code in (200, 204), answer.text
            text: str = answer.text
            return text

        return PhoneCall(post, caller, self.account, self.clock, number)

    def settle(self) -> None:
        """What the worker does after a call."""
        self.clock.pass_by(10)
        self.settling.once()
        self.fetching.once()

    def calls(self) -> list[Call]:
        with reading(self.database) as session:
            return list(session.scalars(select(Call).order_by(Call.started_at)))

    def journal(self) -> list[tuple[str, str]]:
        """Steps and kinds of results of the only call."""
        with reading(self.database) as session:
            rows = session.scalars(select(JournalEntry).order_by(JournalEntry.position))
            return [(row.step, row.result["type"]) for row in rows]

    def reports(self) -> list[Report]:
        with reading(self.database) as session:
            return list(session.scalars(select(Report)))

    def recordings(self) -> list[Recording]:
        with reading(self.database) as session:
            return list(session.scalars(select(Recording).order_by(Recording.position)))

    def transcripts(self) -> list[Transcript]:
        with reading(self.database) as session:
            return list(session.scalars(select(Transcript)))

    def jobs(self) -> list[tuple[str, str]]:
        return jobs_of(self.database)


@pytest.fixture(scope="session")
def province() -> Province:
    return load_province(find_province("bac_lieu"))


@pytest.fixture
def desk(database: Engine, tmp_path: Path, province: Province) -> Desk:
    settings = Settings(
        data=tmp_path,
        public_url=PUBLIC_URL,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=SecretStr(AUTH_TOKEN),
    )
    clock = SimulatedClock(NOON)
    services = voice_services(settings, database, province, clock)
    return Desk(database, services, settings, clock)
