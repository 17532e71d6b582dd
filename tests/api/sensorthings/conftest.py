"""SensorThings on a fresh database, as a program of somebody else sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Engine

from accounts.roles import Role
from api.limits import Allowance
from api.sensorthings.blueprint import PREFIX, register_sensorthings
from api.services import ApiServices
from monitoring.observing import Reading, store
from monitoring.streams import stream_of
from provinces.schema import Province
from reports.alarms import Watch
from reports.web_filing import Alert
from storage.database import transaction
from tests.api.conftest import Api, make_api
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

INDICATOR, UNIT, SOURCE = "security.cases", "2025:31825", "cong_an_tinh"
TODAY = NOON.replace(hour=0) - timedelta(hours=7)  # the province's midnight


@dataclass
class Things:
    """A client with a supervisor's token, who may write figures."""

    api: Api

    @property
    def engine(self) -> Engine:
        return self.api.engine

    @property
    def province(self) -> Province:
        return bac_lieu()

    def get(self, path: str, **headers: str) -> Any:
        return self.api.client.get(PREFIX + path, headers=self.api.headers | headers)

    def ok(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def values(self, query: str) -> list[float]:
        return [each["result"] for each in self.ok(query)["value"]]

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        return self.api.client.open(
            PREFIX + path, method=method, json=body, headers=self.api.headers | headers
        )

    def post(self, path: str, body: Any) -> Any:
        return self.send("POST", path, body)

    def a_stream(
        self, indicator: str = INDICATOR, unit: str | None = UNIT, source: str = SOURCE
    ) -> int:
        with transaction(self.engine) as session:
            return stream_of(session, indicator, unit, source, self.api.now).id

    def observed(self, stream: int, values: Mapping[datetime, float] | list[float]) -> None:
        """Values of moments, or of the days before today, the oldest first."""
        if isinstance(values, list):
            first = TODAY - timedelta(days=len(values))
            values = {first + timedelta(days=day): each for day, each in enumerate(values)}
        with transaction(self.engine) as session:
            readings = [Reading(stream, at, value) for at, value in values.items()]
            stored = store(session, self.province, readings, self.api.now, "tests")
        assert not stored.refused


def escaped(text: str) -> str:
    return quote(text, safe="")


@pytest.fixture
def things(database: Engine, tmp_path: Path) -> Things:
    """On each kind of database."""
    province = bac_lieu()
    made = make_api(database, tmp_path, province)
    register_sensorthings(
        made.app,
        ApiServices(
            engine=database,
            recordings=made.recordings,
            clock=lambda: made.now,
            category_names=lambda code: {},
            unit_name=lambda unit: None,
            province=province,
            attachments=made.attachments,
            alert=Alert(lambda words: None, Watch()),
            allowance=Allowance(whole="1000/minute"),
        ),
    )
    made.enter(Role.SUPERVISOR)
    return Things(made)
