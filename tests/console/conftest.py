"""The console on a fresh database, as a browser sees it."""

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from api.problems import install_problems
from console.blueprint import problem_page, register_console
from console.services import ConsoleServices
from console.simulator import Simulated, SimulatedCall
from console.visit import install_visits
from provinces.schema import Province
from storage.database import Base, transaction
from tests.builders import EMAIL, NOON, PASSWORD, a_user
from tests.provinces.packs import bac_lieu


class _Compiled(BytecodeCache):
    """Templates are compiled once for all tests of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


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

    def become(self, role: str, agency: str | None = None) -> str:
        """Sign in as a new user of that role; their id."""
        user = a_user(email=f"{uuid.uuid4().hex[:8]}@example.vn", role=role, agency=agency)
        user_id, email = user.id, user.email
        self.add(user)
        self.sign_in(email)
        return user_id

    def post(self, path: str, page: str | None = None, **form: str) -> TestResponse:
        """Send a form of `page`, or of the account's page, with its mark."""
        sent = {"mark": self.mark(page or "/account"), **form}
        return self.client.post(path, data=sent, buffered=True)

    def other(self) -> "Browser":
        """Another browser, at the same server; it has the same clock as long as nobody turns it."""
        return replace(self, client=self.app.test_client())

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


@pytest.fixture(scope="session")
def province() -> Province:
    return bac_lieu()


@pytest.fixture
def browser(engine: Engine, province: Province, tmp_path: Path) -> Browser:
    return a_browser(engine, province, tmp_path)


def a_browser(engine: Engine, province: Province, folder: Path) -> Browser:
    """Somebody at the console's door; `chi@example.vn` is an operator."""
    app = APIFlask("console", spec_path=None, docs_path=None)
    app.jinja_env.bytecode_cache = _compiled
    install_visits(app, "only a test's secret")
    made = Browser(engine, app, app.test_client())
    services = ConsoleServices(
        engine=engine,
        clock=lambda: made.now,
        province=province,
        attachments=folder / "attachments",
        recording_url=lambda name: f"/sound/{name}",
        simulate=made.simulator,
    )
    register_console(app, services)
    install_problems(app, lambda status: problem_page(services, status))
    made.add(a_user())
    return made
