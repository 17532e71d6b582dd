from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.models import Token
from accounts.users import find_user
from storage.database import reading, transaction
from tests.api.conftest import Api
from tests.builders import EMAIL, NOON, PASSWORD


def test_a_password_gives_a_token_that_opens_the_api(api: Api) -> None:
    answer = api.client.post("/api/v1/tokens", json={"email": EMAIL, "password": PASSWORD})

    assert answer.status_code == 201
    assert answer.json["expires_at"] == "2026-11-23T05:00:00.000Z"
    assert answer.headers["Cache-Control"] == "no-store"
    api.secret = answer.json["token"]
    assert api.get("/reports").status_code == 200
    api.now = NOON + timedelta(days=1)
    assert api.get("/reports").status_code == 401


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "a wrong password"), ("anh@example.vn", PASSWORD), ("\x00", "\x00"), ("", "")],
)
def test_a_wrong_password_and_an_unknown_address_look_the_same(
    api: Api, email: str, password: str
) -> None:
    answer = api.client.post("/api/v1/tokens", json={"email": email, "password": password})

    assert answer.status_code == 401
    assert answer.json["type"].endswith(":wrong-password")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not email or email not in answer.text


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer hl_wrong",
        "bearer \u00e9",
        "Basic Y2hpOmE=",
        "Token hl_wrong",
        "Bearer " + "x" * 5000,
    ],
)
def test_a_wrong_token_opens_nothing(api: Api, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = api.client.get("/api/v1/reports", headers=headers)

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="hotline"'
    assert answer.json["type"].endswith(":not-signed-in")
    assert "wrong" not in answer.text


def test_the_token_of_a_disabled_user_opens_nothing(api: Api) -> None:
    with transaction(api.engine) as session:
        find_user(session, EMAIL, NOON).disabled_at = NOON

    assert api.get("/reports").status_code == 401


def test_using_a_token_is_noted(api: Api) -> None:
    api.get("/reports")
    api.now = NOON + timedelta(minutes=5)
    api.get("/reports")

    with reading(api.engine) as session:
        assert session.scalars(select(Token)).one().last_used_at == NOON
