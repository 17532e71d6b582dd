"""Open311 on a fresh database, as a program of somebody else sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine

from accounts.roles import Role
from accounts.tokens import issue_token
from api.limits import Allowance
from api.open311.blueprint import PREFIX, register_open311
from api.problems import install_problems
from api.services import ApiServices
from provinces.open311 import Datatype, Question
from provinces.schema import Province
from reports.alarms import Watch
from reports.models import Report
from reports.web_filing import Alert
from storage.database import Base, reading, transaction
from tests.builders import NOON, a_report, a_user
from tests.provinces.packs import bac_lieu

CATEGORY, GROUP, PLACE = "GT01", "giao_thong", "2025:31825"
# What the shipped province does not have: an answer that is required, and one of several lines.
MORE_QUESTIONS = (
    Question("road", Datatype.STRING, True, False, {"vi": "Đường nào?", "en": "Which road?"},
             {}, {}),
    Question("story", Datatype.TEXT, False, False, {"vi": "Kể thêm", "en": "Tell more"}, {}, {}),
)  # fmt: skip


@dataclass
class Open311:
    engine: Engine
    app: APIFlask
    client: Any
    province: Province
    key: str
    now: datetime = NOON

    def get(self, path: str, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(PREFIX + path, headers=given)

    def post(self, path: str = "/requests.json", language: str = "en", **parameters: Any) -> Any:
        given = {"api_key": self.key, "service_code": CATEGORY, "address_id": PLACE}
        data = {name: value for name, value in (given | parameters).items() if value is not None}
        return self.client.post(PREFIX + path, data=data, headers={"Accept-Language": language})

    def add(self, *rows: Base) -> None:
        with transaction(self.engine) as session:
            session.add_all(rows)

    def add_report(self, **given: Any) -> Report:
        """A public report of a pothole in a commune, which staff have read."""
        values = {"category": CATEGORY, "status": "assigned", "place": PLACE}
        report = a_report(**(values | given))
        self.add(report)
        return report

    def ids(self, query: str = "") -> list[str]:
        answer = self.get("/requests.json" + query)
        assert answer.status_code == 200, answer.text
        return [one["service_request_id"] for one in answer.json]

    def only_report(self) -> Report:
        with reading(self.engine) as session:
            report: Report = session.query(Report).one()
            assert report.updates is not None and report.recordings is not None
            return report

    def a_key(self, role: Role = Role.OPERATOR, scopes: list[str] | None = None) -> str:
        user = a_user(email=f"{role}@example.vn", role=role)
        with transaction(self.engine) as session:
            session.add(user)
            session.flush()
            return issue_token(session, user, "tests", timedelta(days=1), NOON, scopes).secret


def asking_more(province: Province, questions: Mapping[str, tuple[Question, ...]]) -> Province:
    told = province.open311
    return replace(province, open311=replace(told, questions={**told.questions, **questions}))


@pytest.fixture
def open311(database: Engine, tmp_path: Path) -> Open311:
    """On each kind of database."""
    return make_open311(database, tmp_path)


def make_open311(engine: Engine, folder: Path, allowance: Allowance | None = None) -> Open311:
    province = asking_more(bac_lieu(), {"GT03": MORE_QUESTIONS})
    app = APIFlask("open311", docs_path=None)
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    install_problems(app)
    made = Open311(engine, app, app.test_client(), province, "")
    made.key = made.a_key()
    services = ApiServices(
        engine=engine,
        recordings=folder / "recordings",
        clock=lambda: made.now,
        category_names=lambda code: {},
        unit_name=lambda unit: None,
        province=province,
        attachments=folder / "attachments",
        alert=Alert(lambda words: "fire" if "cháy" in words else None, Watch()),
        allowance=allowance or Allowance(),
    )
    register_open311(app, services)
    return made


def check_same(answer: Any, root: str, content: Any) -> None:
    """The XML answer says what the JSON content does: elements, their order and their texts."""
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    element = ElementTree.fromstring(answer.data)
    assert element.tag == root and not element.attrib
    _check_same(element, content)


def _check_same(element: ElementTree.Element, content: Any) -> None:
    if isinstance(content, dict):
        assert [child.tag for child in element] == list(content)
        for child, value in zip(element, content.values(), strict=True):
            _check_same(child, value)
    elif isinstance(content, list):
        assert len(element) == len(content)
        assert len({child.tag for child in element}) <= 1
        for child, value in zip(element, content, strict=True):
            _check_same(child, value)
    elif isinstance(content, bool):
        assert element.text == str(content).lower()
    else:
        assert (element.text or "") == ("" if content is None else str(content))


def faults(answer: Any, status: int = 400) -> list[str]:
    """The descriptions of what was refused; the form of the answer is checked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.json and all(set(one) == {"code", "description"} for one in answer.json)
    return [one["description"] for one in answer.json]
