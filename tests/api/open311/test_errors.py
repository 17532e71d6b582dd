"""Errors as the specification wants them: three statuses, a list of code and description."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.limits import Allowance
from api.open311.blueprint import PREFIX
from tests.api.open311.conftest import Open311, check_same, faults, make_open311


def test_errors_are_a_list_in_both_forms(open311: Open311) -> None:
    bad = "?status=lost&page=0&service_code=XX99"

    told = open311.get("/requests.json" + bad)
    in_xml = open311.get("/requests.xml" + bad)

    assert [one["code"] for one in told.json] == [400, 404, 400]
    assert told.status_code == in_xml.status_code == 400
    check_same(in_xml, "errors", told.json)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/requests.json", "/services.json", "/requests/482173908.json"])
def test_another_method_is_refused_in_this_form(open311: Open311, method: str, path: str) -> None:
    answer = getattr(open311.client, method)("/open311/v2" + path)

    faults(answer, 400)
    assert answer.json[0]["code"] == 405 and "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/requests.json", "GET, HEAD, OPTIONS, POST"), ("/services.xml", "GET, HEAD, OPTIONS")],
)
def test_an_address_tells_its_methods(open311: Open311, path: str, methods: str) -> None:
    answer = open311.client.options("/open311/v2" + path)

    assert (answer.status_code, answer.headers["Allow"]) == (204, methods)


@pytest.mark.parametrize(
    "path", ["", "/", "/services", "/requests", "/services.yaml", "/requests/482173908", "/nothing"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_that_is_none_is_not_found_in_this_form(
    open311: Open311, path: str, method: str
) -> None:
    answer = getattr(open311.client, method)("/open311/v2" + path, follow_redirects=True)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    check_same(answer, "errors", [{"code": 404, "description": _text(answer.data)}])


def _text(data: bytes) -> str:
    return data.decode().split("<description>")[1].split("</description>")[0]


def test_without_a_format_the_one_that_is_liked_is_told(open311: Open311) -> None:
    faults(open311.get("/services", Accept="application/json"), 404)


def test_what_is_too_large_is_refused_in_this_form(open311: Open311) -> None:
    answer = open311.post(description="á" * 100_000)

    faults(answer)
    assert answer.json[0]["code"] == 413


def test_too_many_requests_are_put_off(database: Engine, tmp_path: Path) -> None:
    open311 = make_open311(database, tmp_path, Allowance(anonymous="2/minute"))
    open311.get("/services.json")
    open311.get("/services.json")

    answer = open311.get("/services.json")

    faults(answer)
    assert answer.json[0]["code"] == 429 and int(answer.headers["Retry-After"]) > 0


def test_posts_to_where_none_is_taken_count_like_readings(sqlite: Engine, tmp_path: Path) -> None:
    open311 = make_open311(sqlite, tmp_path, Allowance(anonymous="3/minute"))
    codes = [
        open311.client.post(f"/open311/v2{path}").status_code
        for path in ("/services.json", "/nothing.json", "/requests/1.json", "/services.json")
    ]

    assert codes == [400, 404, 400, 400]  # Open311 tells 405 and 429 in the body
    assert open311.get("/services.json").json[0]["code"] == 429
    assert open311.post().status_code == 200  # filing is counted by its key


def test_long_lists_count_as_many_requests(sqlite: Engine, tmp_path: Path) -> None:
    open311 = make_open311(sqlite, tmp_path, Allowance(anonymous="20/minute"))

    def answered(path: str, times: int) -> list[bool]:
        return [open311.get(path).status_code == 200 for _ in range(times)]

    # Ten for a thousand, two for two hundred, and one for a few.
    assert answered("/requests.json", 1) == [True]
    assert answered("/requests.json?page_size=200", 2) == [True] * 2
    assert answered("/requests.json?service_request_id=482173908", 2) == [True] * 2
    assert answered("/requests.json?page_size=50", 5) == [True] * 4 + [False]


def test_guessing_keys_is_put_off_and_shuts_out_nobody_of_the_same_address(
    database: Engine, tmp_path: Path
) -> None:
    open311 = make_open311(database, tmp_path, Allowance(unknown="2/minute"))
    for _ in range(2):
        faults(open311.post(api_key="hl_wrong"), 403)

    assert open311.post(api_key="hl_wrong").json[0]["code"] == 429
    assert open311.post().status_code == 200


def test_a_database_that_is_away_is_told_in_this_form(sqlite: Engine, tmp_path: Path) -> None:
    open311 = make_open311(sqlite, tmp_path)
    with sqlite.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE reports RENAME TO gone")

    answer = open311.get("/requests.json")

    faults(answer)
    assert answer.json[0]["code"] == 503 and answer.headers["Retry-After"]


def test_anybodys_page_may_read(open311: Open311) -> None:
    answer = open311.get("/services.json", Origin="https://map.example")

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


def test_a_fault_of_ours_is_told_without_what_was_in_it(
    open311: Open311, capsys: pytest.CaptureFixture[str]
) -> None:
    # A state of a later release, for one.
    report = open311.add_report(status="lost", description="bí mật")

    answer = open311.get(f"/requests/{report.reference}.json?extensions=true")

    (told,) = faults(answer)
    assert answer.json[0]["code"] == 500 and "bí mật" not in told
    assert "request failed" in capsys.readouterr().out


def test_only_filing_is_done_by_another_method_than_reading(open311: Open311) -> None:
    rules = [rule for rule in open311.app.url_map.iter_rules() if "/open311/" in rule.rule]
    filing = f"{PREFIX}/requests.<any(json, xml):form>"

    done = set()
    for rule in rules:
        path = re.sub("<any[^>]+>", "json", rule.rule)
        answer = open311.client.post(re.sub("<[^>]+>", "482173908", path))
        if answer.status_code != 404 and answer.json[0]["code"] != 405:
            done.add((rule.rule, answer.status_code))

    assert len(rules) == 8
    assert done == {(filing, 400)}  # neither a form nor a key
    assert faults(open311.client.post(f"{PREFIX}/requests.json", data={"x": "y"}), 403)
