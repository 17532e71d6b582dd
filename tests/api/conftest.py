"""The API on a fresh database, with a clock that tests turn and names of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine

from accounts.tokens import issue_token
from api.blueprint import register_api
from api.health import Check, register_health
from api.metrics import register_metrics
from api.openapi import SPEC_PATH
from api.problems import install_problems
from api.services import ApiServices
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
    listening: bool = False  # what the console would say of the visitor
    checks: dict[str, Check] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def get(self, path: str, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        # Buffered, because only then the client closes the file of a recording.
        return self.client.get("/api/v1" + path, headers=self.headers | given, buffered=True)

    def add(self, *rows: Base) -> None:
        with transaction(self.engine) as session:
            session.add_all(rows)


@pytest.fixture
def api(engine: Engine, tmp_path: Path) -> Api:
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    with transaction(engine) as session:
        user = a_user()
        session.add(user)
        session.flush()
        secret = issue_token(session, user, "tests", timedelta(days=1), NOON).secret
    app = APIFlask("api", spec_path=SPEC_PATH, docs_path=None)
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    made = Api(engine, app, app.test_client(), recordings, secret)
    clock: Callable[[], datetime] = lambda: made.now  # noqa: E731
    install_problems(app)
    register_metrics(app, engine, clock)
    register_health(app, made.checks)
    register_api(
        app,
        ApiServices(
            engine=engine,
            recordings=recordings,
            clock=clock,
            category_names=lambda code: NAMES.get(code, {}),
            unit_name=UNITS.get,
            may_listen=lambda: made.listening,
        ),
    )
    return made
