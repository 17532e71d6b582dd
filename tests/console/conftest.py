"""The console on a fresh database, as a browser sees it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from console.blueprint import register_console
from console.services import ConsoleServices
from console.simulator import Simulated, SimulatedCall
from console.visit import install_visits
from storage.database import Base, transaction
from tests.builders import EMAIL, NOON, PASSWORD, a_user

NAMES: Mapping[str, Mapping[str, str]] = {
    "giao_thong": {"vi": "Giao thông", "en": "Traffic"},
}


@dataclass
class Simulator:
    """Keeps what it was asked, and answers with `told`."""

    told: Simulated = field(default_factory=lambda: Simulated(()))
    asked: list[SimulatedCall] = field(default_factory=list)

    def __call__(self, call: SimulatedCall) -> Simulated:
        self.asked.append(call)
        return self.told


@dataclass
class Browser:
    """A visitor's browser; `now` is what the server's clock shows."""

    engine: Engine
    app: APIFlask
    client: FlaskClient
    now: datetime = NOON
    simulator: Simulator = field(default_factory=Simulator)

    def get(self, path: str = "/", **headers: str) -> TestResponse:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers=given, buffered=True)

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
        form = {"email": email, "password": password, "mark": self.mark()}
        return self.client.post("/sign-in", data=form)

    def mark(self, path: str = "/sign-in") -> str:
        found = re.search(r'name="mark" value="([^"]+)"', self.get(path).text)
        assert found is not None
        return found[1]

    def add(self, *rows: Base) -> None:
        with transaction(self.engine) as session:
            session.add_all(rows)


@pytest.fixture
def browser(engine: Engine) -> Browser:
    app = APIFlask("console", spec_path=None, docs_path=None)
    install_visits(app, "only a test's secret")
    made = Browser(engine, app, app.test_client())
    register_console(
        app,
        ConsoleServices(
            engine=engine,
            clock=lambda: made.now,
            timezone=ZoneInfo("Asia/Ho_Chi_Minh"),
            province_names={"vi": "Tỉnh Thử", "en": "Test Province"},
            hotline_number="19001234",
            category_names=lambda code: NAMES.get(code, {}),
            recording_url=lambda name: f"/sound/{name}",
            simulate=made.simulator,
        ),
    )
    made.add(a_user())
    return made
