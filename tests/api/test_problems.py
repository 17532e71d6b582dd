import json

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from api.problems import MEDIA_TYPE
from tests.api.conftest import Api

NUMBER = "0912345678"
TOKENS = "/api/v1/tokens"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("GET", "/api/v1/nothing", None, 404),
        ("GET", f"/api/v1/reports/{NUMBER}/x", None, 404),
        ("DELETE", TOKENS, None, 405),
        ("PUT", "/healthz", None, 405),
        ("POST", TOKENS, b"", 400),
        ("POST", TOKENS, b"{{{" + NUMBER.encode(), 400),
        ("POST", TOKENS, b"\xff\xfe" + NUMBER.encode(), 400),
        ("POST", TOKENS, b"[" * 9_000, 400),
        ("POST", TOKENS, b"null", 422),
        ("POST", TOKENS, b"[]", 422),
        ("POST", TOKENS, b'"' + NUMBER.encode() + b'"', 422),
        ("POST", TOKENS, b"{}", 422),
        ("POST", TOKENS, b'{"email": 912345678, "password": {}}', 422),
        ("POST", TOKENS, b'{"email": "\\ud800", "password": "\\ud800"}', 422),
        ("POST", TOKENS, json.dumps({"email": NUMBER * 50, "password": ""}).encode(), 422),
        ("POST", TOKENS, b"1" * 10_001, 413),
    ],
)
def test_every_error_is_a_problem_that_repeats_nothing_of_the_request(
    api: Api, method: str, path: str, body: bytes | None, status: int
) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = api.client.open(path, method=method, data=body, content_type="application/json")

    assert answer.status_code == status
    assert answer.content_type == MEDIA_TYPE
    assert {"type", "title", "status", "instance"} <= answer.json.keys()
    assert answer.json["status"] == status
    assert NUMBER not in answer.text and NUMBER not in str(logged)
    assert "Traceback" not in answer.text and ".py" not in answer.text


def test_the_methods_that_an_address_knows_are_told(api: Api) -> None:
    assert "POST" in api.client.delete(TOKENS).headers["Allow"]


def test_a_fault_of_ours_says_nothing_but_its_number_which_the_log_has(api: Api) -> None:
    @api.app.get("/broken")
    def broken() -> str:
        raise RuntimeError(f"the caller {NUMBER} broke it")

    with structlog.testing.capture_logs() as logged:
        answer = api.client.get("/broken")

    assert answer.status_code == 500 and answer.content_type == MEDIA_TYPE
    assert answer.json.keys() == {"type", "title", "status", "instance"}
    (failed,) = (line for line in logged if line["event"] == "request failed")
    assert answer.json["instance"] == f"urn:uuid:{failed['request']}"
    assert failed["error"] == "RuntimeError" and "test_problems.py" in failed["where"][-1]
    assert NUMBER not in answer.text + str(logged)


def test_a_database_that_is_away_is_told_as_something_that_passes(api: Api) -> None:
    @api.app.get("/away")
    def away() -> str:
        raise OperationalError("SELECT", {"number": NUMBER}, Exception("gone"))

    with structlog.testing.capture_logs() as logged:
        answer = api.client.get("/away")

    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert NUMBER not in answer.text + str(logged)


def test_a_browser_is_not_given_a_page_by_the_api(api: Api) -> None:
    answer = api.client.get("/api/v1/nothing", headers={"Accept": "text/html"})

    assert answer.content_type == MEDIA_TYPE


def test_requests_are_logged_by_route_and_never_by_path(api: Api) -> None:
    with structlog.testing.capture_logs() as logged:
        api.get(f"/reports/{NUMBER}?phone={NUMBER}")

    (line,) = (line for line in logged if line["event"] == "request")
    assert (line["route"], line["status"]) == ("/api/v1/reports/<reference:reference>", 404)
    assert NUMBER not in str(logged) and api.secret not in str(logged)
