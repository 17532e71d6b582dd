"""More requests than are taken are put off, told until when, and counted for each by themselves."""

import socket
import time
from ipaddress import ip_network
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine

from accounts.roles import Role
from api.limits import Allowance, Limits
from provinces.schema import Province
from tests.api.conftest import Api, make_api
from tests.builders import EMAIL, PASSWORD

FEW = Allowance(
    reading="3/minute", writing="2/minute", whole="1/minute", unknown="4/minute",
    signing_in="2/minute",
)  # fmt: skip


@pytest.fixture
def strict(sqlite: Engine, tmp_path: Path, the_province: Province) -> Api:
    return make_api(sqlite, tmp_path, the_province, FEW)


def test_the_fourth_request_is_put_off_and_told_until_when(strict: Api) -> None:
    codes = [strict.get("/me").status_code for _ in range(3)]
    late = strict.get("/me")

    assert codes == [200] * 3
    assert late.status_code == 429 and late.content_type == "application/problem+json"
    assert 1 <= int(late.headers["Retry-After"]) <= 60


def test_each_token_is_counted_by_itself_and_writing_apart_from_reading(strict: Api) -> None:
    for _ in range(4):
        strict.get("/me")
    assert strict.send("POST", "/reports", {"description": "Đèn hư"}).status_code == 201

    strict.enter(Role.OPERATOR)

    assert strict.get("/me").status_code == 200


def test_what_is_refused_counts_as_well(strict: Api) -> None:
    codes = [strict.send("DELETE", "/webhooks/x").status_code for _ in range(3)]

    assert codes == [403, 403, 429]


def test_guessing_tokens_is_put_off_and_shuts_out_nobody_of_the_same_address(strict: Api) -> None:
    right, strict.secret = strict.secret, "hl_wrong"
    codes = [strict.get("/me").status_code for _ in range(5)]
    strict.secret = right

    assert codes == [401] * 4 + [429]
    assert strict.get("/me").status_code == 200


def test_behind_a_proxy_each_client_is_counted_by_itself(
    sqlite: Engine, tmp_path: Path, the_province: Province
) -> None:
    api = make_api(sqlite, tmp_path, the_province, FEW, (ip_network("127.0.0.1"),))
    api.secret = "hl_wrong"

    def ask(client: str) -> int:
        return int(api.get("/me", X_Forwarded_For=client).status_code)

    assert [ask("203.0.113.7") for _ in range(5)] == [401] * 4 + [429]
    assert ask("203.0.113.8") == 401
    assert ask("203.0.113.8, 203.0.113.7") == 429


def test_guessing_passwords_is_put_off(strict: Api) -> None:
    def sign_in(password: str) -> int:
        body = {"email": EMAIL, "password": password}
        return int(strict.client.post("/api/v1/tokens", json=body).status_code)

    assert [sign_in("a wrong password") for _ in range(2)] == [401, 401]
    assert sign_in(PASSWORD) == 429


def test_while_the_counter_is_away_requests_are_served_and_the_log_says_so() -> None:
    class Away(Limits):
        def __init__(self) -> None:
            super().__init__(Allowance())
            self._limiter.storage.acquire_entry = self._gone  # type: ignore[attr-defined]

        def _gone(self, *_: object, **__: object) -> bool:
            from limits.errors import StorageError

            raise StorageError(ConnectionError("gone"))

    with structlog.testing.capture_logs() as logged:
        Away().count("reading", "t1")

    assert [line["event"] for line in logged] == ["requests are not counted"]


@pytest.mark.slow
def test_a_counter_that_does_not_answer_holds_no_request_up_for_long() -> None:
    pytest.importorskip("redis", reason="no client for Redis is installed")
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, says nothing
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        begun = time.monotonic()

        with structlog.testing.capture_logs() as logged:
            Limits(Allowance(storage=url)).count("reading", "t1")

    assert time.monotonic() - begun < 5
    assert [line["event"] for line in logged] == ["requests are not counted"]
