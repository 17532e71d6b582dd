"""A write that is sent again under its key happens once and is answered alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.roles import Role
from api.idempotency import HEADER, REPLAYED
from api.kept_answers import forget_answers
from api.models import IdempotencyKey
from reports.models import Report
from storage.database import reading, transaction
from tests.api.conftest import Api
from tests.builders import NOON

BODY = {"description": "Đèn hư"}


def file(api: Api, key: str, body: Any = None) -> Any:
    return api.send("POST", "/reports", body or BODY, Idempotency_Key=key)


def count(api: Api) -> int:
    with reading(api.engine) as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def test_the_same_request_under_the_same_key_is_answered_alike_and_done_once(api: Api) -> None:
    first, second = file(api, "k1"), file(api, "k1")

    assert first.status_code == second.status_code == 201
    assert first.json == second.json and first.json["pin"]
    assert first.headers["Location"] == second.headers["Location"]
    assert (REPLAYED in first.headers, second.headers[REPLAYED]) == (False, "true")
    assert count(api) == 1


def test_another_request_under_the_same_key_is_refused(api: Api) -> None:
    file(api, "k1")

    assert file(api, "k1", {"description": "Cống hư"}).status_code == 422
    assert api.send("POST", "/reports/482173908/updates", BODY, Idempotency_Key="k1").status_code
    assert count(api) == 1


@pytest.mark.slow
def test_the_order_of_fields_makes_no_other_request(api: Api) -> None:
    first = file(api, "k1", {"description": "Đèn hư", "language": "vi"})

    assert file(api, "k1", {"language": "vi", "description": "Đèn hư"}).json == first.json


def test_keys_of_others_are_no_business_of_ours(api: Api) -> None:
    first = file(api, "k1")
    api.enter(Role.OPERATOR)

    assert file(api, "k1").json["reference"] != first.json["reference"]


def test_a_key_is_forgotten_after_a_day(api: Api) -> None:
    first = file(api, "k1")
    api.now = NOON + timedelta(hours=23)
    assert file(api, "k1").json == first.json
    with transaction(api.engine) as session:
        forget_answers(session, NOON + timedelta(hours=25))
        assert session.scalars(select(IdempotencyKey)).all() == []

    assert file(api, "k1").json != first.json


def test_a_key_that_nobody_has_cleared_yet_is_forgotten_all_the_same(api: Api) -> None:
    first = file(api, "k1")
    with transaction(api.engine) as session:
        session.scalars(select(IdempotencyKey)).one().at = NOON - timedelta(hours=24, seconds=1)

    assert file(api, "k1").json["reference"] != first.json["reference"]


def test_a_request_that_was_refused_may_be_mended_under_its_key(api: Api) -> None:
    refused = file(api, "k1", {"description": "Đèn hư", "category": "no_such"})

    assert refused.status_code == 422
    assert file(api, "k1").status_code == 201


def test_a_change_is_not_refused_because_it_was_made_already(api: Api) -> None:
    reference = file(api, "k1").json["reference"]
    seen = api.get(f"/reports/{reference}").headers["ETag"]

    def change() -> Any:
        return api.send(
            "PATCH", f"/reports/{reference}", {"urgent": True}, If_Match=seen, Idempotency_Key="k2"
        )

    first, second = change(), change()

    assert first.status_code == second.status_code == 200
    assert first.json == second.json and first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é", "\x7f"])
def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    assert file(api, key).status_code == 422
    assert count(api) == 0


def test_the_pin_in_an_answer_does_not_lie_open_in_the_database(api: Api) -> None:
    pin = file(api, "k1").json["pin"]

    with api.engine.connect() as connection:
        (body,) = connection.exec_driver_sql("SELECT body FROM idempotency_keys").one()
    assert pin.encode() not in bytes(body)


@pytest.mark.slow
def test_many_at_the_same_moment_are_one(api: Api) -> None:
    def send(_: int) -> tuple[int, str]:
        answer = api.app.test_client().post(
            "/api/v1/reports", json=BODY, headers={**api.headers, HEADER: "k1"}
        )
        return answer.status_code, answer.text

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(12)))

    assert len(answers) == 1 and answers.pop()[0] == 201
    assert count(api) == 1
