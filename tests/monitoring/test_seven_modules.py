"""Each module from end to end: a value or reports → alert on the board → SMS → CAP."""

from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import Engine

from monitoring.alert_kinds import Rule
from monitoring.alert_lists import current_alerts
from monitoring.board import Asked, board
from monitoring.cap import CAP, Shapes, cap_text
from monitoring.cap_messages import latest_messages
from monitoring.checking import Reading
from monitoring.csv_in import bring_in
from monitoring.detecting import detect
from monitoring.figures import store_figures
from monitoring.observing import store
from monitoring.standing import State
from monitoring.streams import stream_of
from notifications.kinds import Lane
from notifications.texts import Texts
from provinces.subjects import subject_names
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.monitoring.alarms import DUTY, GANH_HAO, HOUR, file, messages, watcher
from tests.monitoring.numbers import no_calls
from tests.monitoring.test_cap import oasis
from tests.provinces.packs import bac_lieu

Cause = Callable[[Engine], object]


def value(indicator: str, told: float, unit_key: str | None = GANH_HAO) -> Cause:
    def observe(engine: Engine) -> None:
        with transaction(engine) as session:
            source = bac_lieu().indicator(indicator).source
            stream = stream_of(session, indicator, unit_key, source, NOON)
            stored = store(session, bac_lieu(), [Reading(stream.id, NOON - HOUR, told)], NOON)
        assert stored.new == 1

    return observe


def file_with(indicator: str, told: int) -> Cause:
    """An agency's file, as somebody uploads it."""

    def bring(engine: Engine) -> None:
        at = (NOON - HOUR).isoformat()
        text = f"phenomenon_time,indicator,unit,value\n{at},{indicator},{GANH_HAO},{told}\n"
        done = bring_in(engine, bac_lieu(), BytesIO(text.encode()), lambda: NOON, "system")
        assert done.new == 1, done.faults

    return bring


def reports(category: str) -> Cause:
    return lambda engine: file(engine, 4, category, every=3 * HOUR)


def overdue(engine: Engine) -> None:
    with transaction(engine) as session:
        for _ in range(21):
            session.add(a_report(expected_at=NOON - HOUR))
    store_figures(engine, bac_lieu(), no_calls, NOON, hours=1)


@pytest.mark.parametrize(
    ("module", "cause", "rule", "subject", "place"),
    [
        ("security", value("security.cases", 7), Rule.THRESHOLD, "security.cases", "Gành Hào"),
        ("traffic", file_with("traffic.speed", 5), Rule.THRESHOLD, "traffic.speed", "Gành Hào"),
        ("health", reports("YT01"), Rule.BURST, "YT01", "Gành Hào"),
        ("education", value("education.attendance", 70), Rule.THRESHOLD, "education.attendance",
         "Gành Hào"),
        ("cyberspace", reports("KM01"), Rule.BURST, "KM01", "Gành Hào"),
        ("public_services", value("public_services.overdue", 31), Rule.THRESHOLD,
         "public_services.overdue", "Gành Hào"),
        ("hotline", overdue, Rule.THRESHOLD, "hotline.overdue", "toàn tỉnh"),
    ],
)  # fmt: skip
def test_a_module_from_what_happens_to_sms_and_cap(
    sqlite: Engine, module: str, cause: Cause, rule: Rule, subject: str, place: str
) -> None:
    cause(sqlite)

    detect(sqlite, watcher(), NOON, scan=False)

    with reading(sqlite) as session:
        (alert,) = current_alerts(session, NOON)
        (message,) = latest_messages(session, NOON)
        shown = board(session, bac_lieu(), Asked(NOON))
    assert [each.id for each in shown.alerts] == [alert.id]
    states = {each.module.code: each.state for each in shown.modules if each.alerts}
    assert states == {module: State(alert.level)}
    assert (alert.module, alert.rule, alert.subject) == (module, rule, subject)
    (sms,) = messages(sqlite)
    assert (sms.to_number, sms.text_key, sms.lane) == (DUTY, "monitoring_alert", Lane.STAFF)
    body = Texts(bac_lieu(), accents=True).write(sms.text_key, sms.text_values, "vi").body
    assert subject_names(bac_lieu(), subject)["vi"] in body
    text = cap_text(bac_lieu(), message, Shapes(), "https://hotline.example.vn/alerts/1")
    oasis().validate(text.decode())
    areas = [each.text or "" for each in ET.fromstring(text).iter(f"{{{CAP}}}areaDesc")]
    assert place in areas[0]
