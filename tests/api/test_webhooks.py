"""Webhooks through the API, from the change of a report to the other side."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.models import AuditEntry
from accounts.roles import Role
from notifications.destinations import Destinations
from notifications.models import Delivery
from notifications.webhook_sending import Told, send_due
from notifications.webhooks import publish
from storage.database import reading, transaction
from tests.api.conftest import Api
from tests.notifications.receiving import Receiver, receiving

INTERNAL = "10.0.0.1"


@pytest.fixture
def receiver(api: Api) -> Any:
    api.enter(Role.ADMINISTRATOR)
    with receiving() as made:
        yield made


def create(api: Api, url: str, /, **more: Any) -> Any:
    body = {"url": url, "events": ["report.created"]}
    return api.send("POST", "/webhooks", body | more)


def send(api: Api) -> int:
    return send_due(api.engine, Destinations(api.allowed), lambda: api.now, Told())


@pytest.mark.slow
def test_what_happens_to_a_report_is_told_step_by_step_and_nothing_of_a_person(
    api: Api, receiver: Receiver
) -> None:
    events = ["report.created", "report.changed", "report.triaged", "report.resolved"]
    made = create(api, receiver.url("/hook"), events=events)
    body = {"description": "Nhà chị Tư ngập", "number": "0912345678", "name": "Tư"}
    reference = api.send("POST", "/reports", body).json["reference"]
    for what in ({"urgent": True}, {"status": "triaged"}, {"status": "resolved", "text": "Xong"}):
        seen = api.get(f"/reports/{reference}").headers["ETag"]
        assert api.send("PATCH", f"/reports/{reference}", what, If_Match=seen).status_code == 200

    assert send(api) == 4

    told = [json.loads(each.body) for each in receiver.received]
    told.sort(key=lambda event: int(event["data"]["version"]))
    assert [each["type"] for each in told] == events
    assert [each["data"]["status"] for each in told] == ["new", "new", "triaged", "resolved"]
    assert all(each["data"]["reference"] == reference for each in told)
    assert not any(word in str(told) for word in ("Tư", "912345678", "Xong", "ngập"))
    listed = api.get(f"/webhooks/{made.json['id']}/deliveries?state=delivered").json["deliveries"]
    assert {each["id"] for each in listed} == {
        each.headers["webhook-id"] for each in receiver.received
    }


def test_the_secret_is_shown_once(api: Api, receiver: Receiver) -> None:
    made = create(api, receiver.url()).json

    assert made["secret"].startswith("whsec_")
    for path in ("/webhooks", f"/webhooks/{made['id']}"):
        assert made["secret"] not in api.get(path).text


def test_a_webhook_is_changed_switched_off_and_removed(api: Api, receiver: Receiver) -> None:
    made = create(api, receiver.url()).json
    path = f"/webhooks/{made['id']}"

    off = api.send("PATCH", path, {"enabled": False, "name": "map"})
    api.send("POST", "/reports", {"description": "Đèn hư"})
    on = api.send("PATCH", path, {"enabled": True, "events": ["report.closed"]})

    assert (off.json["disabled_why"], off.json["name"]) == ("by_hand", "map")
    assert (on.json["disabled_at"], on.json["events"]) == (None, ["report.closed"])
    assert send(api) == 0
    assert api.send("DELETE", path).status_code == 204
    assert api.get(path).status_code == api.send("DELETE", path).status_code == 404
    with reading(api.engine) as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions == ["webhook.created", "webhook.changed", "webhook.changed", "webhook.removed"]


@pytest.mark.slow
def test_removing_a_webhook_takes_all_its_deliveries_and_no_others(
    api: Api, receiver: Receiver
) -> None:
    gone, stays = (create(api, receiver.url()).json["id"] for _ in range(2))
    with transaction(api.engine) as session:
        for _ in range(1100):  # more than are removed at once
            publish(session, "report.created", "r1", {}, api.now)

    assert api.send("DELETE", f"/webhooks/{gone}").status_code == 204

    assert [each["id"] for each in api.get("/webhooks").json["webhooks"]] == [stays]
    with reading(api.engine) as session:
        left = session.execute(
            select(Delivery.subscription_id, func.count()).group_by(Delivery.subscription_id)
        ).all()
    assert [tuple(row) for row in left] == [(stays, 1100)]


def test_a_delivery_is_sent_once_more_on_request(api: Api, receiver: Receiver) -> None:
    made = create(api, receiver.url()).json
    api.send("POST", "/reports", {"description": "Đèn hư"})
    send(api)
    path = f"/webhooks/{made['id']}"
    (delivery,) = api.get(f"{path}/deliveries").json["deliveries"]

    again = api.send("POST", f"{path}/deliveries/{delivery['id']}/replay")
    failed = api.send("POST", f"{path}/replay", {"since": "2026-11-22T00:00:00Z"})

    assert (again.status_code, again.json["state"]) == (202, "waiting")
    assert failed.json == {"deliveries": 0}
    send(api)
    assert len(receiver.received) == 2
    assert api.send("POST", f"{path}/deliveries/{'0' * 32}/replay").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"url": f"https://{INTERNAL}/"}, 409),
        ({"url": "http://example.vn/"}, 409),
        ({"url": "https://user@example.vn/"}, 422),
        ({"url": "javascript:alert(1)"}, 422),
        ({"url": 5}, 422),
        ({"events": []}, 422),
        ({"events": ["report.gone"]}, 422),
        ({"secret": "secret"}, 422),
        ({"secret": "whsec_c2hvcnQ="}, 422),
        ({"name": "x" * 81}, 422),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(
    api: Api, receiver: Receiver, more: dict[str, Any], status: int
) -> None:
    answer = create(api, receiver.url(), **more)

    assert answer.status_code == status, answer.json
    assert api.get("/webhooks").json == {"webhooks": []}


@pytest.mark.parametrize("since", ["yesterday", "2026-11-22T00:00:00", 5, None, "1890-01-01"])
def test_a_moment_without_its_zone_is_none(api: Api, receiver: Receiver, since: Any) -> None:
    made = create(api, receiver.url()).json

    answer = api.send("POST", f"/webhooks/{made['id']}/replay", {"since": since})

    assert answer.status_code == 422


def test_joining_reports_is_told_of_each_whose_version_it_raises(
    api: Api, receiver: Receiver
) -> None:
    first, second, third = (
        api.send("POST", "/reports", {"description": "Đèn hư"}).json["reference"] for _ in range(3)
    )

    def join(duplicate: str, original: str) -> None:
        seen = api.get(f"/reports/{duplicate}").headers["ETag"]
        where, body = f"/reports/{duplicate}/duplicate", {"original": original}
        assert api.send("POST", where, body, If_Match=seen).status_code == 200

    join(third, second)
    create(api, receiver.url(), events=["report.changed", "report.duplicate"])

    join(second, first)

    send(api)
    told = [json.loads(each.body) for each in receiver.received]
    assert {(each["type"], each["data"]["reference"]) for each in told} == {
        ("report.duplicate", second),
        ("report.changed", first),
        ("report.changed", third),
    }
    for each in told:
        now = api.get(f"/reports/{each['data']['reference']}").json["version"]
        assert each["data"]["version"] == now
