"""A whole hotline on a fresh database, with our AGI server on a port of its own."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from hotline.call_facts import prepare_calls
from hotline.handlers import command_handlers
from hotline.logs import configure_logs
from hotline.settings import Settings
from hotline.voices import the_voices
from ivr.conversation import Conversations
from ivr.drivers.agi_lines import PATIENCE, Patience
from ivr.drivers.agi_server import MAX_CALLS, AgiServer, Hotline
from ivr.drivers.recorder import Recorder
from ivr.models import Call, JournalEntry
from notifications.models import Message
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.models import Recording, Report, Transcript
from storage.database import reading
from tests.builders import NOON
from tests.ivr.databases import database, jobs_of
from tests.serving import serving

__all__ = ["database"]


class Clock:
    """Stands at noon until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


@dataclass(frozen=True)
class House:
    """The hotline under test and what its database and folder hold."""

    database: Engine
    hotline: Hotline
    clock: Clock
    folder: Path

    @contextmanager
    def serving(
        self, max_calls: int = MAX_CALLS, patience: Patience = PATIENCE
    ) -> Iterator[AgiServer]:
        with serving(AgiServer(("127.0.0.1", 0), self.hotline, max_calls, patience)) as server:
            yield server

    def calls(self) -> list[Call]:
        with reading(self.database) as session:
            return list(session.scalars(select(Call).order_by(Call.started_at)))

    def id_of(self, unique_id: str) -> str:
        """Our id of the call that Asterisk calls `unique_id`."""
        return next(call.id for call in self.calls() if call.driver_call_id == unique_id)

    def journal(self, call: Call) -> list[JournalEntry]:
        query = select(JournalEntry).where(JournalEntry.call_id == call.id)
        with reading(self.database) as session:
            return list(session.scalars(query.order_by(JournalEntry.position)))

    def reports(self) -> list[Report]:
        with reading(self.database) as session:
            return list(session.scalars(select(Report)))

    def recordings(self) -> list[Recording]:
        with reading(self.database) as session:
            return list(session.scalars(select(Recording).order_by(Recording.position)))

    def transcripts(self) -> list[Transcript]:
        with reading(self.database) as session:
            return list(session.scalars(select(Transcript)))

    def messages(self) -> list[Message]:
        with reading(self.database) as session:
            return list(session.scalars(select(Message)))

    def jobs(self) -> list[tuple[str, str]]:
        return jobs_of(self.database)


@pytest.fixture(scope="session")
def province() -> Province:
    return load_province(find_province("bac_lieu"))


@pytest.fixture
def house(database: Engine, tmp_path: Path, province: Province) -> House:
    settings = Settings(data=tmp_path)
    settings.recordings.mkdir()
    clock = Clock()
    hotline = Hotline(
        conversations=Conversations(
            database,
            command_handlers(settings, province),
            prepare_calls(settings, province),
            clock,
        ),
        voices=the_voices(settings, province),
        recorder=Recorder(settings.recordings),
        words_ready=lambda recording, limit_s: False,
    )
    return House(database, hotline, clock, settings.recordings)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Log lines as an installation writes them, tracebacks included."""
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    configure_logs()
    return lines


@pytest.fixture
def server(house: House) -> Iterator[AgiServer]:
    with house.serving() as server:
        yield server


@pytest.fixture
def address(server: AgiServer) -> tuple[str, int]:
    host, port = server.server_address[:2]
    return str(host), port
