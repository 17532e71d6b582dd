"""What is sent in writing is filed once, and danger in it is seen at once."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from notifications.models import Message
from reports.actors import Actor, Party
from reports.alarms import Watch
from reports.change import Change
from reports.changes import change_report
from reports.errors import BadChange, Diverted, ReportsError
from reports.models import Alarm, Report
from reports.web_filing import MOST_WORDS, Alert, WebReport, file_from_web
from storage.database import reading, transaction
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

TOLD = WebReport("Đường trước trường bị ngập", "NG01", "2025:31942", number="0912 345 678")
STAFF = Actor("u1", Party.STAFF)
CALM = Alert(lambda words: None, Watch())


def file(engine: Engine, told: WebReport, alert: Alert = CALM) -> dict[str, str]:
    with transaction(engine) as session:
        return file_from_web(session, bac_lieu(), told, alert, NOON)


def test_it_has_a_reference_a_pin_a_deadline_and_an_sms(database: Engine) -> None:
    filed = file(database, TOLD)

    with reading(database) as session:
        report = session.scalars(select(Report)).one()
        message = session.scalars(select(Message)).one()
    assert (report.status, report.source, report.contact_number) == ("new", "web", "+84912345678")
    assert report.clock_since == NOON and report.expected_at is not None
    assert (message.to_number, message.text_values) == (
        "+84912345678",
        {
            "reference": filed["reference"],
            "pin": filed["pin"],
            "expected": report.expected_at.isoformat(),
        },
    )


def test_what_is_sent_again_is_filed_once(database: Engine) -> None:
    told = replace(TOLD, client_id="5b0c3f6e-4a55-4a39-9c39-0d7a3a0f8f11")

    assert file(database, told) == file(database, told)

    with reading(database) as session:
        assert len(session.scalars(select(Report)).all()) == 1


def test_danger_in_the_words_alerts(database: Engine) -> None:
    file(database, TOLD, Alert(lambda words: "fire", Watch(["+84900000001"])))

    with reading(database) as session:
        report, alarm = session.scalars(select(Report)).one(), session.scalars(select(Alarm)).one()
    assert report.urgent and (alarm.report_id, alarm.danger) == (report.id, "fire")


def test_a_complaint_about_land_is_led_to_its_office(database: Engine) -> None:
    with pytest.raises(Diverted) as led:
        file(database, replace(TOLD, category="DD01"))

    assert led.value.wording_key == bac_lieu().diverted["DD01"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", " \n"),
        ("description", "x" * (MOST_WORDS + 1)),
        ("category", "XX99"),
        ("place", "31942"),
        ("place", "2025:99999"),
        ("latitude", 9.2),
        ("number", "113"),
        ("number", "'; drop table reports"),
        ("language", "fr"),
    ],
)
def test_what_cannot_be_right_is_refused_by_its_field(
    database: Engine, field: str, value: Any
) -> None:
    with pytest.raises(ReportsError) as refused:
        file(database, replace(TOLD, **{field: value}))

    assert isinstance(refused.value, BadChange)
    with reading(database) as session:
        assert session.scalars(select(Report)).all() == []


def test_a_persons_data_lie_sealed(database: Engine) -> None:
    file(database, replace(TOLD, name="Lý Thị Sà Rinh", email="a@example.vn"))

    with database.connect() as connection:
        row = connection.exec_driver_sql("SELECT reporter, contact_number FROM reports").one()
    assert b"Rinh" not in bytes(row[0]) and b"example" not in bytes(row[0])
    assert b"912345678" not in bytes(row[1])


ID = "5b0c3f6e-4a55-4a39-9c39-0d7a3a0f8f11"


def test_each_sender_counts_on_their_own(database: Engine) -> None:
    told = replace(TOLD, client_id=ID)
    others = [replace(told, source="api", sender=sender) for sender in ("u1", "u2")]

    assert len({file(database, each)["report"] for each in (told, *others)}) == 3


@pytest.mark.parametrize(
    "other",
    [{"description": "Đèn hư"}, {"category": None}, {"number": "0987654321"}, {"address": "Chợ"}],
)
def test_one_id_is_of_one_report(database: Engine, other: dict[str, Any]) -> None:
    told = replace(TOLD, client_id=ID)
    file(database, told)

    with pytest.raises(BadChange) as refused:
        file(database, replace(told, **other))

    assert refused.value.field == "client_id"


def test_what_is_sent_again_is_known_although_staff_have_mended_it(database: Engine) -> None:
    told = replace(TOLD, client_id=ID)
    first = file(database, told)
    for words in ("Đường ngập", "Đường ngập sâu"):
        with transaction(database) as session:
            change = Change(description=words, place="2025:31825")
            change_report(session, bac_lieu(), first["report"], change, STAFF, NOON)

    assert file(database, told) == first


def test_of_two_at_once_the_second_is_told_of_the_first(database: Engine) -> None:
    told = replace(TOLD, client_id=ID)
    with ThreadPoolExecutor(1) as pool:
        with transaction(database) as session:
            first = file_from_web(session, bac_lieu(), told, CALM, NOON)
            second = pool.submit(file, database, told)
            wait([second], 0.3)  # it waits for this one's end
        assert second.result(10) == first

    with reading(database) as session:
        assert len(session.scalars(select(Report)).all()) == 1
