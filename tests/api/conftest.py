"""The API on a fresh database, with a clock that tests turn and names of their own."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine

from accounts.models import User
from accounts.roles import Role
from accounts.tokens import issue_token
from api.blueprint import register_api
from api.health import Check, Report, register_health
from api.limits import Allowance
from api.metrics import register_metrics
from api.openapi import SPEC_PATH
from api.problems import install_problems
from api.services import ApiServices
from notifications.destinations import Destinations, Network
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.alarms import Watch
from reports.web_filing import Alert
from storage.database import Base, transaction
from tests.builders import NOON, a_user

NAMES: Mapping[str, Mapping[str, str]] = {
    "giao_thong": {"vi": "Giao thông", "en": "Traffic"},
}
UNITS: Mapping[str, str] = {"2025:31825": "Phường Bạc Liêu"}


@dataclass
class Api:
    """The API as a signed-in program sees it."""

    engine: Engine
    app: APIFlask
    client: Any  # a FlaskClient; what its answers hold has any shape
    recordings: Path
    secret: str
    now: datetime = NOON
    console_user: User | None = None  # who is signed in on the console's pages
    attachments: Path = Path()
    allowed: tuple[Network, ...] = (ip_network("127.0.0.0/8"),)  # where webhooks may go
    checks: dict[str, Check] = field(default_factory=dict)
    optional: dict[str, Report] = field(default_factory=dict)

    @property
    def destinations(self) -> Destinations:
        return Destinations(self.allowed)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def get(self, path: str, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        # Buffered, because only then the client closes the file of a recording.
        return self.client.get("/api/v1" + path, headers=self.headers | given, buffered=True)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            "/api/v1" + path, method=method, json=body, headers=self.headers | given
        )

    def add(self, *rows: Base) -> None:
        with transaction(self.engine) as session:
            session.add_all(rows)

    def enter(
        self, role: Role, agency: str | None = None, scopes: Sequence[str] | None = None
    ) -> str:
        """Go on as a new user of that role, with a token of those scopes; their id."""
        user = a_user(email=f"{uuid.uuid4().hex}@example.vn", role=role, agency=agency)
        with transaction(self.engine) as session:
            session.add(user)
            session.flush()
            self.secret = issue_token(
                session, user, "tests", timedelta(days=1), NOON, scopes
            ).secret
        return user.id


@pytest.fixture(scope="session")
def the_province() -> Province:
    return load_province(find_province("bac_lieu"))


@pytest.fixture
def api(database: Engine, tmp_path: Path, the_province: Province) -> Api:
    """On each kind of database."""
    return make_api(database, tmp_path, the_province)


def make_api(
    engine: Engine,
    folder: Path,
    province: Province,
    allowance: Allowance | None = None,
    trusted_proxies: tuple[Network, ...] = (),
) -> Api:
    """The API over `engine`, its files in `folder`, with an operator's token."""
    recordings, attachments = folder / "recordings", folder / "attachments"
    recordings.mkdir()
    with transaction(engine) as session:
        user = a_user()
        session.add(user)
        session.flush()
        secret = issue_token(session, user, "tests", timedelta(days=1), NOON).secret
    app = APIFlask("api", spec_path=SPEC_PATH, docs_path=None)
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    made = Api(engine, app, app.test_client(), recordings, secret, attachments=attachments)
    clock: Callable[[], datetime] = lambda: made.now  # noqa: E731
    install_problems(app)
    register_metrics(app, engine, clock)
    register_health(app, made.checks, made.optional)
    register_api(
        app,
        ApiServices(
            engine=engine,
            recordings=recordings,
            clock=clock,
            category_names=lambda code: NAMES.get(code, {}),
            unit_name=UNITS.get,
            province=province,
            attachments=attachments,
            alert=Alert(lambda words: "fire" if "cháy" in words else None, Watch()),
            console_user=lambda: made.console_user,
            allowance=allowance or Allowance(),
            destinations=made.destinations,
            trusted_proxies=trusted_proxies,
        ),
    )
    return made
