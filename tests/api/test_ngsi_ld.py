"""Indicators and alerts as NGSI-LD entities."""

from datetime import timedelta
from typing import Any

from accounts.roles import Role
from monitoring.alerts import close
from storage.database import transaction
from tests.api.conftest import Api
from tests.api.test_monitoring import one, send
from tests.builders import NOON
from tests.monitoring.alarms import an_alert

KPI = "/ngsi-ld/entities?type=KeyPerformanceIndicator"


def fetched(api: Api, path: str) -> list[dict[str, Any]]:
    answer = api.get(path)
    assert answer.content_type == "application/ld+json"
    found: list[dict[str, Any]] = answer.get_json(force=True)
    assert all(each["id"].startswith("urn:ngsi-ld:") and each["@context"] for each in found)
    return found


def test_a_series_is_a_key_performance_indicator_with_its_last_value(api: Api) -> None:
    api.enter(Role.SUPERVISOR)
    send(api, one(), one(value=7, phenomenon_at="2026-11-21T00:00:00+07:00"))

    (found,) = fetched(api, KPI)

    assert found["kpiValue"]["value"] == 7
    assert found["kpiValue"]["observedAt"] == "2026-11-20T17:00:00.000Z"
    assert found["calculationFrequency"] == {"type": "Property", "value": "daily"}
    assert found["currentStanding"]["value"] == "bad"
    assert found["location"]["value"]["type"] == "Point"


def test_an_alert_is_an_alert_and_valid_until_it_is_closed(api: Api) -> None:
    alert = an_alert(api.engine)
    (going,) = fetched(api, "/ngsi-ld/entities?type=Alert")
    with transaction(api.engine) as session:
        close(session, alert.id, "u1", None, NOON + timedelta(hours=1))
    (closed,) = fetched(api, "/ngsi-ld/entities?type=Alert")

    assert going["id"].endswith(alert.id) and "validTo" not in going
    assert (going["category"]["value"], going["severity"]["value"]) == ("health", "medium")
    assert closed["validTo"]["value"]["@type"] == "DateTime"


def test_pages_are_linked_and_counted(api: Api) -> None:
    api.enter(Role.SUPERVISOR)
    send(api, *(one(unit=unit) for unit in ("2025:31972", "2025:31900", "2025:31825")))

    first = api.get(KPI + "&limit=2&count=true")
    link = first.headers["Link"]
    second = api.get(link[1:].partition(">")[0].removeprefix("/api/v1"))

    assert first.headers["NGSILD-Results-Count"] == "3" and 'rel="next"' in link
    ids = [each["id"] for each in (*first.get_json(force=True), *second.get_json(force=True))]
    assert len(ids) == len(set(ids)) == 3
    assert 'rel="prev"' in second.headers["Link"] and 'rel="next"' not in second.headers["Link"]


def test_other_types_are_refused(api: Api) -> None:
    assert api.get("/ngsi-ld/entities?type=Building").status_code == 422
    assert api.get("/ngsi-ld/entities").status_code == 422
