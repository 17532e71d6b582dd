"""The console on a fresh database, as a browser sees it."""

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from api.problems import install_problems
from console.blueprint import problem_page, register_console
from console.live.facts import LiveServices
from console.map.tiles import Tiles
from console.phone.phones import Phones
from console.prompts.desk import PromptDesk
from console.services import ConsoleServices
from console.simulator import Simulated, SimulatedCall
from console.visit import install_visits
from hotline.understood import FindPlaces, places_of, proposals_of, understanding_of
from ivr.ami import Manager
from ivr.prompts import Prompts
from ivr.seats import Seats
from ivr.switchboard import Switchboard
from ivr.voices import Voices
from provinces.schema import Province
from reports.alarms import Watch
from reports.proposals import Propose
from reports.web_filing import Alert
from storage.database import Base, transaction
from tests.builders import EMAIL, NOON, PASSWORD, a_user
from tests.provinces.packs import bac_lieu


@cache
def proposals() -> Propose:
    return proposals_of(bac_lieu(), understanding_of(bac_lieu()))


@cache
def places() -> FindPlaces:
    return places_of(bac_lieu())


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


def made_voices(province: Province, folder: Path) -> Voices:
    """Prompts of that province, whose sounds lie in `folder` where a test has laid any."""
    return Voices(
        {
            (language, slow): Prompts(
                province.wording[language],
                language,
                folder / "sounds" / f"{language}{'-slow' if slow else ''}",
            )
            for language in ("vi", "en")
            for slow in (False, True)
        }
    )


def some_phones(folder: Path, manager: Manager) -> Phones:
    """Telephones at the Asterisk of that manager."""
    return Phones(
        seats=Seats(folder / "seats", lambda: None),
        switchboard=Switchboard(manager, trunk_server="127.0.0.1:2"),
        port=8088,
        desks=("101", "102"),
    )


# Streams tell how things are and end: a test that reads on has its own.
BRIEF = LiveServices(stream_s=0.0)


def a_browser(
    engine: Engine,
    province: Province,
    folder: Path,
    live: LiveServices = BRIEF,
    tiles: Tiles | None = None,
    manager: Manager | None = None,
) -> Browser:
    """Somebody at the console's door; `chi@example.vn` is an operator."""
    app = APIFlask("console", spec_path=None, docs_path=None)
    install_visits(app, "only a test's secret")
    made = Browser(engine, app, app.test_client())
    services = ConsoleServices(
        engine=engine,
        clock=lambda: made.now,
        province=province,
        attachments=folder / "attachments",
        recording_url=lambda name: f"/sound/{name}",
        simulate=made.simulator,
        boundaries=folder / "boundaries",
        tiles=tiles,
        alert=Alert(lambda words: "fire" if "cháy" in words else None, Watch()),
        propose=lambda words: proposals()(words),
        find_places=lambda words: places()(words),
        recordings=folder / "recordings",
        uploads=folder / "uploads",
        live=live,
        phones=some_phones(folder, manager or Manager("127.0.0.1:1", "nobody's")),
        prompts=PromptDesk(lambda: made_voices(province, folder), folder / "takes"),
    )
    register_console(app, services)
    install_problems(app, lambda status, name: problem_page(services, status, name))
    made.add(a_user())
    return made
