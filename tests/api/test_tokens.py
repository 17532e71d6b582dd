"""Tokens: made for a password with scopes, listed, revoked."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.roles import Role
from accounts.users import find_user
from storage.database import reading, transaction
from tests.api.conftest import Api
from tests.builders import EMAIL, NOON, PASSWORD


def make(api: Api, **more: Any) -> Any:
    return api.client.post("/api/v1/tokens", json={"email": EMAIL, "password": PASSWORD, **more})


def test_a_token_with_scopes_opens_what_they_name_and_no_more(api: Api) -> None:
    made = make(api, scopes=["reports.read"], name="map", days=30)
    api.secret = made.json["token"]

    assert made.status_code == 201 and made.json["scopes"] == ["reports.read"]
    assert made.json["expires_at"] == "2026-12-22T05:00:00.000Z"
    assert api.get("/reports").status_code == 200
    refused = api.send("POST", "/reports", {"description": "x"})
    assert refused.status_code == 403 and "reports.file" in refused.json["detail"]
    assert api.get("/me").json["permissions"] == ["reports.read"]


def test_a_role_that_was_taken_away_is_taken_from_tokens_too(api: Api) -> None:
    made = make(api, scopes=["reports.read", "calls.read"])
    api.secret = made.json["token"]
    with transaction(api.engine) as session:
        find_user(session, EMAIL, NOON).role = Role.AUDITOR

    assert api.get("/reports").status_code == api.get("/calls").status_code == 403
    assert api.get("/me").json["permissions"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [
        {"scopes": ["export"]},  # an operator has it not
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": "reports.read"},
        {"days": 0},
        {"days": 366},
        {"days": "7"},
        {"days": 1.5},
        {"name": "a\nb"},
        {"admin": True},
    ],
)
def test_a_token_is_not_made_with_what_is_not_there(api: Api, more: dict[str, Any]) -> None:
    assert make(api, **more).status_code == 422


def test_tokens_are_listed_without_their_secret_and_revoked_at_once(api: Api) -> None:
    made = make(api, name="map").json

    listed = api.get("/tokens")

    assert {each["name"] for each in listed.json["tokens"]} == {"map", "tests"}
    assert made["token"] not in listed.text
    assert api.send("DELETE", f"/tokens/{made['id']}").status_code == 204
    assert {each["name"] for each in api.get("/tokens").json["tokens"]} == {"tests"}
    api.secret = made["token"]
    assert api.get("/me").status_code == 401


def test_others_tokens_are_out_of_sight_but_for_administrators(api: Api) -> None:
    made = make(api).json
    api.enter(Role.OPERATOR)
    assert made["id"] not in api.get("/tokens").text
    assert api.send("DELETE", f"/tokens/{made['id']}").status_code == 404

    api.enter(Role.ADMINISTRATOR)

    assert made["id"] in api.get("/tokens").text
    assert api.send("DELETE", f"/tokens/{made['id']}").status_code == 204


def test_a_token_with_scopes_sees_and_revokes_itself_alone(api: Api) -> None:
    whole = make(api, name="whole").json
    other, shown = (make(api, scopes=["reports.read"]).json for _ in range(2))
    api.secret = shown["token"]

    assert [each["id"] for each in api.get("/tokens").json["tokens"]] == [shown["id"]]
    for id_ in (whole["id"], other["id"]):
        assert api.send("DELETE", f"/tokens/{id_}").status_code == 404
    assert api.send("DELETE", f"/tokens/{shown['id']}").status_code == 204
    assert api.get("/me").status_code == 401
    api.secret = whole["token"]
    assert {whole["id"], other["id"]} <= {each["id"] for each in api.get("/tokens").json["tokens"]}


def test_a_token_with_the_scope_for_it_manages_those_of_others(api: Api) -> None:
    made = make(api).json
    api.enter(Role.ADMINISTRATOR, scopes=["tokens.manage"])

    assert made["id"] in api.get("/tokens").text
    assert api.send("DELETE", f"/tokens/{made['id']}").status_code == 204


@pytest.mark.parametrize("token_id", ["x", "' OR 1=1", "0" * 32, "%00", "x" * 500])
def test_a_token_that_is_none_cannot_be_revoked(api: Api, token_id: str) -> None:
    assert api.send("DELETE", f"/tokens/{token_id}").status_code == 404


def test_making_and_revoking_tokens_is_in_the_audit_log(api: Api) -> None:
    from accounts.models import AuditEntry

    made = make(api).json
    api.send("DELETE", f"/tokens/{made['id']}")

    with reading(api.engine) as session:
        entries = session.query(AuditEntry).order_by(AuditEntry.number).all()
    assert [(each.action, each.object_id) for each in entries] == [
        ("token.issued", made["id"]),
        ("token.revoked", made["id"]),
    ]


def test_a_last_use_is_told(api: Api) -> None:
    api.now = NOON + timedelta(minutes=5)
    api.get("/me")

    (token,) = api.get("/tokens").json["tokens"]

    assert token["last_used_at"] == "2026-11-22T05:05:00.000Z"
