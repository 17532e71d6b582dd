"""What is sent in writing is filed once, and danger in it is seen at once."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from notifications.models import Message
from reports.alarms import Watch
from reports.errors import BadChange, Diverted, ReportsError
from reports.models import Alarm, Report
from reports.web_filing import MOST_WORDS, Alert, WebReport, file_from_web
from storage.database import reading, transaction
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

TOLD = WebReport("Đường trước trường bị ngập", "NG01", "2025:31942", number="0912 345 678")
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
        {"reference": filed["reference"], "pin": filed["pin"]},
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
