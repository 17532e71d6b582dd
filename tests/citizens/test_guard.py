"""Programs, other sites and floods are kept off; people lose nothing by it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from citizens.guard import mark_of
from reports.models import Report
from storage.database import reading
from tests.citizens.conftest import Citizen


def filed(citizen: Citizen) -> int:
    with reading(citizen.engine) as session:
        return len(session.scalars(select(Report)).all())


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(visitor: Citizen, headers: dict[str, str]) -> None:
    for path in ("gui", "goi-y", "theo-doi", "bo-sung", "mo-lai", "danh-gia", "cung-gap"):
        assert visitor.send(f"/phan-anh/{path}", headers=headers).status_code == 403

    assert filed(visitor) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Host": "hotline.example.vn", "Origin": "https://hotline.example.vn"},
    ],
)
def test_a_form_of_ours_is_taken(visitor: Citizen, headers: dict[str, str]) -> None:
    assert visitor.send(headers=headers).status_code == 201


def test_what_a_program_fills_in_is_asked_for_once_more(visitor: Citizen) -> None:
    page = visitor.send(website="http://spam.example")

    assert page.status_code == 422 and "bấm gửi thêm một lần nữa" in page.text
    assert filed(visitor) == 0


@pytest.mark.parametrize("age", [timedelta(seconds=1), timedelta(days=8), -timedelta(hours=1)])
def test_nobody_writes_within_seconds_or_over_a_week(visitor: Citizen, age: timedelta) -> None:
    page = visitor.send(began=mark_of(visitor.now - age))

    assert page.status_code == 422 and filed(visitor) == 0


@pytest.mark.parametrize("began", [None, "", "1", "1.2", "²³.x", "9" * 400, "1763787600.đ"])
def test_an_invented_moment_is_no_moment(visitor: Citizen, began: str | None) -> None:
    assert visitor.send(began=began).status_code == 422


def test_the_script_is_told_how_to_try_again(visitor: Citizen) -> None:
    told = visitor.send(began="1.2", headers={"Accept": "application/json"})
    visitor.now += timedelta(seconds=4)

    assert told.json and told.json["again"] is True
    assert visitor.send(began=told.json["began"]).status_code == 201


@pytest.mark.parametrize("kind", ["citizen_browser", "citizen_address"])
def test_who_sends_too_much_is_told_when_to_come_back(visitor: Citizen, kind: str) -> None:
    visitor.counter.put_off = {kind: 600}

    page = visitor.send()
    told = visitor.send(headers={"Accept": "application/json"})

    assert page.status_code == told.status_code == 429
    assert "Xin gửi lại sau 12:10" in page.text and "Đèn đường trước số 12" in page.text
    assert page.headers["Retry-After"] == "600" and told.json and told.json["wait_s"] == 600
    assert filed(visitor) == 0


def test_browsers_are_counted_without_keeping_address_or_name(visitor: Citizen) -> None:
    visitor.send()

    kinds = dict(visitor.counter.counted)
    assert kinds["citizen_address"] == "192.0.2.7"  # counted in memory, kept nowhere
    assert len(kinds["citizen_browser"]) == 64


def test_a_refused_form_counts_for_nothing(visitor: Citizen) -> None:
    visitor.send(words="")

    assert visitor.counter.counted == []


def test_pages_keep_no_cookie_and_take_nothing_from_elsewhere(visitor: Citizen) -> None:
    for path in ("/phan-anh", "/phan-anh/theo-doi", "/en/report"):
        page = visitor.get(path)

        assert "Set-Cookie" not in page.headers
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "http://" not in page.text and "https://" not in page.text
        assert "style=" not in page.text and "onclick" not in page.text
        assert page.headers["Cache-Control"] == "no-store"


def test_the_application_can_be_installed(visitor: Citizen) -> None:
    manifest = visitor.get("/phan-anh/ung-dung.webmanifest").get_json(force=True)
    worker = visitor.get("/phan-anh/sw.js")

    assert manifest["scope"] == manifest["start_url"] == "/phan-anh"
    for icon in manifest["icons"]:
        assert visitor.get(icon["src"]).status_code == 200
    assert worker.headers["Service-Worker-Allowed"] == "/phan-anh"
    assert "/phan-anh/theo-doi" in worker.text


def test_what_the_worker_keeps_is_there_and_never_changes(visitor: Citizen) -> None:
    page = visitor.get("/phan-anh").text

    for name in ("citizens.css", "unsent.js", "shrink.js", "choose.js", "report.js"):
        start = page.index(f"/phan-anh/static/{name}?v=")
        found = visitor.get(page[start : page.index('"', start)])
        assert found.status_code == 200 and "immutable" in found.headers["Cache-Control"]


def test_what_comes_first_is_small_on_the_line(visitor: Citizen) -> None:
    page = visitor.get("/phan-anh").text
    files = set(re.findall(r'(?:src|href|data-choices)="(/phan-anh/(?:static/|lua)[^"]+)"', page))

    sizes = {
        path: len(visitor.get(path, Accept_Encoding="gzip").data) for path in {"/phan-anh", *files}
    }

    assert len(sizes) == 9 and sum(sizes.values()) < 25_000


def test_answers_that_hold_a_pin_are_not_compressed(visitor: Citizen) -> None:
    filed = visitor.send(headers={"Accept-Encoding": "gzip"})
    plain = visitor.get("/phan-anh")

    assert "Content-Encoding" not in filed.headers
    assert "Content-Encoding" not in plain.headers and plain.headers["Vary"] == "Accept-Encoding"


def test_what_is_not_there_is_told_on_a_page(visitor: Citizen) -> None:
    page = visitor.get("/phan-anh/khac", Accept="text/html")

    assert page.status_code == 404 and "Không có trang này" in page.text
