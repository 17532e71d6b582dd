"""What holds for every page: its words, what it runs, and that it can be used without seeing it."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from accounts.roles import Role
from notifications.kinds import Lane
from reports.models import Recording
from tests.builders import NOON, a_message, a_recording, a_report, a_transcript
from tests.console.conftest import Browser
from tests.console.outline import Outline

PAGES = ("/reports", "/reports/482173908", "/reports/482173908/sheet", "/users", "/audit")
MORE = ("/account", "/account/password", "/account/second-factor", "/simulator", "/keys")


@pytest.fixture
def signed_in(browser: Browser) -> Browser:
    browser.sign_in()
    return browser


@pytest.fixture
def administrator(browser: Browser) -> Browser:
    browser.become(Role.ADMINISTRATOR)
    browser.add(a_report([a_recording(a_transcript())], reference="482173908"))
    return browser


def test_a_row_shows_what_staff_need_to_see(signed_in: Browser) -> None:
    report = a_report([a_recording(a_transcript())], partial=True, category="HT06")
    report.reference = "482173908"
    signed_in.add(report)

    page = signed_in.get("/reports")

    for shown in (
        "22/11/2026 12:00",
        "Mới",
        "Chưa đầy đủ",
        "đường ngập nước",
        "Bản nháp",
        "Chưa xem",
    ):
        assert shown in page.text
    assert 'href="/reports/482173908"' in page.text


@pytest.mark.parametrize(
    ("recordings", "said"),
    [
        ([], "Không có ghi âm"),
        ([a_recording(a_transcript(status="pending", text=None))], "Đang chép lời…"),
        ([a_recording(a_transcript(status="failed", text=None))], "Máy không chép được"),
        ([a_recording(a_transcript(text=""))], "Không nghe thấy lời nào."),
        ([a_recording(None)], "Không có ghi âm"),
    ],
)
def test_where_there_are_no_words_list_and_page_say_why(
    signed_in: Browser, recordings: list[Recording], said: str
) -> None:
    signed_in.add(a_report(recordings, reference="482173908"))

    assert said in signed_in.get("/reports").text
    assert said in signed_in.get("/reports/482173908").text


def test_what_a_caller_took_back_is_shown_nowhere(signed_in: Browser) -> None:
    withdrawn = a_recording(a_transcript(text="lời rút lại"), discarded_at=NOON)
    name = withdrawn.name
    signed_in.add(a_report([withdrawn], reference="482173908"))

    for path in ("/reports", "/reports/482173908", "/reports/482173908/sheet"):
        page = signed_in.get(path).text
        assert "lời rút lại" not in page and name not in page


@pytest.mark.parametrize(
    "bad", ["<script>alert('x')</script>\" onload=\"x", "\u202egnp.exe", "a" * 10_000]
)
def test_words_are_shown_as_words_whatever_they_hold(signed_in: Browser, bad: str) -> None:
    signed_in.add(
        a_report(
            [a_recording(a_transcript(text=bad))],
            category='<b onclick="x">',
            reference="482173908",
            address=bad,
        )
    )

    for path in ("/reports", "/reports/482173908"):
        outline = Outline(signed_in.get(path).text)
        assert outline.all("b") == []
        assert not any(script.get("src") is None for script in outline.all("script"))


@pytest.mark.parametrize("path", [*PAGES, *MORE])
def test_no_page_runs_foreign_code_or_fetches_from_elsewhere(
    administrator: Browser, path: str
) -> None:
    page = administrator.get(path)

    assert page.status_code == 200
    outline = Outline(page.text)
    assert outline.all("style") == []
    for tag, attributes in outline.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        for name in ("src", "href", "action", "hx-get", "hx-post"):
            assert not re.match(r"(\w+:|//)", attributes.get(name) or "")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", [*PAGES, *MORE])
def test_pages_can_be_used_without_seeing_them(
    administrator: Browser, path: str, language: str
) -> None:
    outline = Outline(administrator.get(f"{path}?language={language}").text)

    assert outline.all("html")[0]["lang"] == language
    assert len(outline.all("h1")) == len(outline.all("main")) == 1
    labelled = {label["for"] for label in outline.all("label") if "for" in label}
    for tag in ("input", "select", "textarea"):
        for field in outline.all(tag):
            named = any(field is each for each in outline.wrapped) or "aria-label" in field
            named = named or field.get("id") in labelled
            assert field.get("type") == "hidden" or named, field
    assert all(cell.get("scope") for cell in outline.all("th"))
    identifiers = [a["id"] for _, a in outline.elements if "id" in a]
    assert len(set(identifiers)) == len(identifiers)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "vi"), ("vi", "vi"), ("en-GB,en;q=0.9", "en"), ("fr", "vi"), ("fr, en;q=0.5", "en")],
)
def test_a_page_speaks_the_browsers_language_vietnamese_first(
    browser: Browser, accepted: str, language: str
) -> None:
    page = browser.get("/sign-in", Accept_Language=accepted)

    assert f'<html lang="{language}">' in page.text


def test_a_chosen_language_stays_through_the_sign_in(browser: Browser) -> None:
    browser.get("/sign-in?language=en", Accept_Language="vi")
    browser.sign_in()

    assert "<h1>Reports</h1>" in browser.get("/reports", Accept_Language="vi").text
    assert "<h1>Phản ánh</h1>" in browser.get("/reports?language=vi").text
    assert "<h1>Phản ánh</h1>" in browser.get("/reports?language=xx").text


def test_changing_the_language_keeps_the_filters(signed_in: Browser) -> None:
    assert 'href="?q=ngap&amp;language=en"' in signed_in.get("/reports?q=ngap").text


def test_every_page_says_that_no_alarm_gets_out_by_sms(browser: Browser) -> None:
    report = a_report(reference="482173908")
    late = a_message(report, status="queued", lane=Lane.ALARM, queued_at=NOON - timedelta(days=1))
    browser.add(report, late)
    assert "banner" not in browser.get("/sign-in").text

    browser.sign_in()

    for path in ("/reports", "/account"):
        page = browser.get(path).text
        assert "1 cảnh báo nguy hiểm đang chờ gửi đến cán bộ trực" in page
        assert "Nhà mạng không nhận" not in page


def test_a_form_that_was_cut_off_is_told_to_be_sent_again(signed_in: Browser) -> None:
    page = signed_in.client.post(
        "/account/password",
        environ_overrides={"wsgi.input": BytesIO(b"mark=x"), "CONTENT_LENGTH": "500"},
        content_type="application/x-www-form-urlencoded",
        headers={"Accept": "text/html"},
    )

    assert page.status_code == 503 and "Đường truyền bị ngắt: xin gửi lại" in page.text
