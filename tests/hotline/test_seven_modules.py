"""Each module as people meet it: a call or a program's post → the board, SMS and CAP."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from apiflask import APIFlask
from sqlalchemy import Engine, select

from accounts.models import User
from accounts.roles import Role
from accounts.tokens import issue_token
from api.sensorthings.blueprint import PREFIX
from hotline.app import create_app
from hotline.call_facts import prepare_calls
from hotline.clock import utc_now
from hotline.handlers import command_handlers
from hotline.settings import Settings
from hotline.tasks import tasks
from ivr.drivers.recorder import Recorder
from ivr.drivers.simulator import SimulatedClock, Simulator
from monitoring.cap import CAP, CAP_TYPE
from notifications.models import Message
from notifications.texts import Texts
from provinces.subjects import subject_names
from storage.database import reading, transaction
from storage.migrations import upgrade
from tests.builders import a_report, a_user
from tests.console.conftest import Browser
from tests.monitoring.test_cap import oasis
from tests.provinces.packs import bac_lieu

pytestmark = pytest.mark.slow

DUTY, SUPERVISOR = "+84900000001", "supervisor@example.vn"
WARD = "2025:31825"
ATOM = "{http://www.w3.org/2005/Atom}"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class House:
    """The whole web application and the worker's tasks, on one database."""

    settings: Settings
    app: APIFlask

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions["database"]
        return engine

    def ring(self, answers: Sequence[str], callers: int, at: datetime) -> None:
        """So many people, each from another number, give these answers on the telephone."""
        clock = SimulatedClock(at)
        phone = Simulator(
            database=self.engine,
            handlers=command_handlers(self.settings, bac_lieu()),
            prepare=prepare_calls(self.settings, bac_lieu()),
            recorder=Recorder(self.settings.recordings),
            wording=bac_lieu().wording,
            clock=clock,
            shows_effects=False,
        )
        for caller in range(callers):
            clock.now = at
            phone.begin(f"+84912{caller:06}")
            for answer in answers:
                phone.answer(answer)

    def post(self, path: str, body: Any) -> Any:
        """What the web answers to a program with a supervisor's token."""
        with transaction(self.engine) as session:
            user = session.scalars(select(User).where(User.email == SUPERVISOR)).one()
            secret = issue_token(session, user, "tests", DAY, utc_now()).secret
        headers = {"Authorization": f"Bearer {secret}"}
        method = "GET" if body is None else "POST"
        answer = self.app.test_client().open(path, method=method, json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        return answer

    def told(self, number: str) -> list[str]:
        """The SMS to that number, as they are sent."""
        texts = Texts(bac_lieu(), accents=True)
        with reading(self.engine) as session:
            messages = session.scalars(select(Message)).all()
        return [
            texts.write(each.text_key, each.text_values, "vi").body
            for each in messages
            if each.to_number == number
        ]

    def cap_documents(self) -> list[str]:
        """What the feed leads to, each as the OASIS schema wants it."""
        feed = ET.fromstring(self.post("/api/v1/alerts.cap", None).data)
        found = [
            self.post(urlsplit(link.attrib["href"]).path, None).text
            for link in feed.iter(f"{ATOM}link")
            if link.get("type") == CAP_TYPE
        ]
        for document in found:
            oasis().validate(document)
        return found

    def look(self) -> None:
        """What the worker does by the clock, all of it once."""
        for task in tasks(self.engine, self.settings, bac_lieu()):
            task.do()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.chdir(tmp_path)  # no .env of the developer's
    settings = Settings(data=tmp_path / "var", cache=tmp_path / "cache", alert_numbers=(DUTY,))
    made = House(settings, create_app(settings))
    settings.recordings.mkdir(parents=True)
    upgrade(made.engine)
    with transaction(made.engine) as session:
        # Without a past, nothing is unusual.
        session.add(a_report(status="rejected", requested_at=utc_now() - 100 * DAY))
        session.add(a_user(email=SUPERVISOR, role=Role.SUPERVISOR))
    yield made
    made.engine.dispose()


def three_report(*keys: str) -> Callable[[House], None]:
    """Three callers of one ward within the hour, by the keys of the menu."""
    answers = (
        "presses 1",
        *(f"presses {key}" for key in keys),
        "speaks 6 s and presses #",
        *("presses 1", "presses 1", "presses 1"),  # the place by key: phường Bạc Liêu
        *("presses 1", "presses 1"),  # this number; send it
        "hangs up",
    )
    return lambda house: house.ring(answers, 3, utc_now() - 20 * MINUTE)


def a_program_posts(indicator: str, told: float) -> Callable[[House], None]:
    def post(house: House) -> None:
        source = bac_lieu().indicator(indicator).source
        series = {
            "Thing": {"@iot.id": WARD},
            "Sensor": {"@iot.id": source},
            "ObservedProperty": {"@iot.id": indicator},
        }
        made = house.post(f"{PREFIX}/Datastreams", series)
        house.post(
            f"{PREFIX}/Observations",
            {"result": told, "Datastream": {"@iot.id": made.json["@iot.id"]}},
        )

    return post


def many_ring_at_once(house: House) -> None:
    """Within the last whole hour, as when a river rises; all hang up during the greeting."""
    hour = utc_now().replace(minute=0, second=0, microsecond=0) - HOUR
    house.ring(("hangs up",), 130, hour + MINUTE)


@pytest.mark.parametrize(
    ("module", "happens", "subject"),
    [
        ("security", three_report("4", "1"), "AN01"),
        ("traffic", three_report("1", "1"), "GT01"),
        ("health", a_program_posts("health.dengue", 60), "health.dengue"),
        ("education", three_report("5", "2"), "GD03"),
        ("cyberspace", three_report("4", "4"), "KM01"),
        ("public_services", a_program_posts("public_services.overdue", 31),
         "public_services.overdue"),
        ("hotline", many_ring_at_once, "hotline.calls_in"),
    ],
)  # fmt: skip
def test_a_module_from_the_telephone_or_a_program_to_board_sms_and_cap(
    house: House, module: str, happens: Callable[[House], None], subject: str
) -> None:
    happens(house)
    house.look()

    listed = house.post(f"/api/v1/alerts?module={module}", None).json["alerts"]
    numbers = [each["number"] for each in listed if each["subject"] == subject]
    assert numbers

    supervisor = Browser(house.engine, house.app, house.app.test_client())
    supervisor.sign_in(SUPERVISOR)
    board = supervisor.get("/board").text
    assert all(f'data-alert="{number}"' in board for number in numbers)

    name = subject_names(bac_lieu(), subject)["vi"]
    assert [text for text in house.told(DUTY) if name in text]

    heads = [
        head.text or ""
        for document in house.cap_documents()
        for head in ET.fromstring(document).iter(f"{{{CAP}}}headline")
    ]
    assert [head for head in heads if name in head]
