"""Alerts through the API: found, taken on, passed on, ended, muted."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.roles import Role
from monitoring.alert_kinds import AlertView
from tests.api.conftest import Api
from tests.builders import NOON
from tests.monitoring.alarms import GANH_HAO, an_alert, file, look


@pytest.fixture
def alert(api: Api) -> AlertView:
    return an_alert(api.engine)


def act(api: Api, alert: AlertView, way: str, body: Any = None, **headers: str) -> Any:
    seen = api.get(f"/alerts/{alert.id}").headers["ETag"]
    return api.send("POST", f"/alerts/{alert.id}/{way}", body, **({"If_Match": seen} | headers))


def test_alerts_are_found_by_what_is_asked_for_in_pages(api: Api, alert: AlertView) -> None:
    other = an_alert(api.engine, NOON + timedelta(minutes=5), subject="KM01", module="cyberspace")

    first = api.get("/alerts?limit=1").json
    second = api.get(f"/alerts?limit=1&before={first['next_before']}").json
    health = api.get(f"/alerts?module=health&state=current&rule=burst&unit={GANH_HAO}").json

    assert [each["id"] for each in first["alerts"]] == [other.id]
    assert [each["id"] for each in second["alerts"]] == [alert.id]
    assert second["next_before"] is None
    assert [each["id"] for each in health["alerts"]] == [alert.id]
    assert api.get("/alerts?state=closed&level=alert").json["alerts"] == []
    assert "Gành Hào" in health["alerts"][0]["headline"]


def test_an_alert_tells_why_and_by_which_reports(api: Api) -> None:
    file(api.engine, 4)
    (found, *_) = look(api.engine)

    told = api.get(f"/alerts/{found.id}").json
    api.enter(Role.AGENCY, "so_xay_dung")
    officer = api.get(f"/alerts/{found.id}").json
    api.enter(Role.AUDITOR)
    auditor = api.get(f"/alerts/{found.id}").json

    assert (len(told["reports"]), told["reports_hidden"]) == (4, 0)
    assert told["events"][0]["kind"] == "opened" and told["why"]["count"] == 4
    assert [(each["reports"], each["reports_hidden"]) for each in (officer, auditor)] == [
        ([], 4)
    ] * 2


def test_what_has_not_changed_is_not_sent_again(api: Api, alert: AlertView) -> None:
    seen = api.get(f"/alerts/{alert.id}").headers["ETag"]

    assert api.get(f"/alerts/{alert.id}", If_None_Match=seen).status_code == 304
    act(api, alert, "acknowledgement")
    assert api.get(f"/alerts/{alert.id}", If_None_Match=seen).status_code == 200


def test_an_alert_is_taken_on_passed_on_and_ended(api: Api, alert: AlertView) -> None:
    user = api.enter(Role.OPERATOR)

    taken = act(api, alert, "acknowledgement").json
    passed = act(api, alert, "escalation", {"words": "Thêm ba ca"}).json
    noted = act(api, alert, "comments", {"words": "Đã gọi trạm y tế"})
    ended = act(api, alert, "closing", {}).json
    again = act(api, alert, "closing", {})

    assert (taken["state"], taken["owner"]) == ("acknowledged", user)
    assert passed["events"][-1]["words"] == "Thêm ba ca"
    assert (noted.status_code, noted.json["events"][-1]["kind"]) == (201, "commented")
    assert (ended["state"], ended["version"]) == ("closed", noted.json["version"] + 1)
    assert (again.status_code, again.content_type) == (409, "application/problem+json")


def test_of_two_at_once_the_second_is_told(api: Api, alert: AlertView) -> None:
    seen = api.get(f"/alerts/{alert.id}").headers["ETag"]
    act(api, alert, "acknowledgement")

    late = act(api, alert, "closing", {}, If_Match=seen)
    unseen = api.send("POST", f"/alerts/{alert.id}/closing", {})

    assert (late.status_code, late.json["version"]) == (412, alert.version + 1)
    assert unseen.status_code == 428


def test_an_action_sent_again_under_its_key_is_done_once(api: Api, alert: AlertView) -> None:
    sent = {"If_Match": f'"{alert.version}"', "Idempotency_Key": "once"}

    first = act(api, alert, "escalation", {"words": "x"}, **sent)
    again = act(api, alert, "escalation", {"words": "x"}, **sent)

    assert again.json == first.json and again.headers["Idempotency-Replayed"] == "true"


def test_mutes_are_made_listed_and_ended_by_supervisors(api: Api, alert: AlertView) -> None:
    refused = act(api, alert, "mute", {"reason": "đã biết", "hours": 4}).status_code
    user = api.enter(Role.SUPERVISOR)

    made = act(api, alert, "mute", {"reason": "đã biết", "hours": 4})
    muted = api.get(f"/alerts/{alert.id}").json["muted"]
    all_at_once = api.send("POST", "/mutes", {"reason": "x", "hours": 1})
    other = api.send("POST", "/mutes", {"subject": "KM01", "reason": "x", "hours": 1.0})
    listed = api.get("/mutes").json["mutes"]
    ended = api.send("POST", f"/mutes/{made.json['id']}/end")

    assert (refused, made.status_code, muted, all_at_once.status_code) == (403, 201, True, 409)
    assert (made.json["by"], made.json["rule"], made.json["unit"]) == (user, "burst", GANH_HAO)
    assert [each["id"] for each in listed] == [made.json["id"], other.json["id"]]
    assert ended.json["ended_at"] and len(api.get("/mutes").json["mutes"]) == 1


def test_what_nobody_has_is_not_found(api: Api, alert: AlertView) -> None:
    api.enter(Role.SUPERVISOR)
    note = {"words": "x"}

    assert api.get(f"/alerts/{'0' * 32}").status_code == 404
    assert api.send("POST", f"/alerts/{'0' * 32}/comments", note).status_code == 404
    assert api.send("POST", "/mutes/99999999999999/end").status_code == 404
    assert act(api, alert, "comments", {"words": " \x01 "}).status_code == 422
    assert act(api, alert, "mute", {"reason": "x", "hours": 9999}).status_code == 422
