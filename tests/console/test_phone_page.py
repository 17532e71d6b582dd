"""The telephone's page, at a manager interface that tells what a test wants."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from accounts.models import AuditEntry
from provinces.schema import Province
from reports.models import Report
from storage.database import reading
from tests.builders import CALLER_NUMBER
from tests.console.conftest import Browser, a_browser
from tests.console.switch import Switch, a_caller
from tests.ivr.asked_manager import AskedManager, asked_manager

EVIL = "<script>alert(1)</script>\u202e"


@pytest.fixture
def switch() -> Switch:
    return Switch()


@pytest.fixture
def asterisk(switch: Switch) -> Iterator[AskedManager]:
    with asked_manager(switch) as made:
        yield made


@pytest.fixture
def operator(
    engine: Engine, province: Province, tmp_path: Path, asterisk: AskedManager
) -> tuple[Browser, str]:
    """A browser at the console, and its user's telephone."""
    browser = a_browser(engine, province, tmp_path, manager=asterisk.manager)
    return browser, f"PJSIP/seat-{browser.become('operator')}"


def test_who_is_on_the_line_is_told_with_what_they_pressed_and_their_open_reports(
    operator: tuple[Browser, str], switch: Switch
) -> None:
    browser, mine = operator
    switch.talks = {mine: a_caller(browser, EVIL)}

    page = browser.get("/phone/now").text

    assert "482-173-908" in page and "Menu chính" in page
    assert "bấm 4 phím" in page and "4711" not in page
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert CALLER_NUMBER not in page and CALLER_NUMBER[-3:] in page


def test_a_number_is_told_whole_only_when_asked_for_and_that_is_noted(
    operator: tuple[Browser, str], switch: Switch
) -> None:
    browser, mine = operator
    switch.talks = {mine: a_caller(browser, EVIL)}

    page = browser.post("/phone/number", "/phone").text

    assert CALLER_NUMBER in page
    with reading(browser.engine) as session:
        seen = session.scalars(select(AuditEntry).where(AuditEntry.action == "numbers.seen")).one()
    assert seen.object_id == switch.talks[mine]


def test_nobody_learns_the_number_of_who_stays_unnamed(
    operator: tuple[Browser, str], switch: Switch
) -> None:
    browser, mine = operator
    switch.talks = {mine: a_caller(browser, EVIL, anonymous=True)}

    pages = browser.get("/phone").text + browser.post("/phone/number", "/phone").text

    assert CALLER_NUMBER not in pages and "482-173-908" not in pages


def test_a_telephone_on_the_desk_has_the_same_page(
    operator: tuple[Browser, str], switch: Switch, asterisk: AskedManager
) -> None:
    browser, _ = operator
    switch.members = {"PJSIP/101": "", "PJSIP/102": ""}
    browser.post("/phone/telephone", "/phone", telephone="101")
    switch.talks = {"PJSIP/101": a_caller(browser, EVIL)}

    page = browser.get("/phone").text
    browser.post("/phone/hand-on", "/phone", to="PJSIP/102")
    browser.post("/phone/hand-on", "/phone", to="PJSIP/trunk")

    assert "Menu chính" in page and "Đang nói chuyện" in page and "phone-buttons" not in page
    handed = [each["Value"] for each in asterisk.orders() if each["Action"] == "Setvar"]
    assert handed == ["102"], "only to whoever is there"


def test_the_page_may_speak_to_its_own_host_and_the_switchboard_alone(
    operator: tuple[Browser, str],
) -> None:
    browser, _ = operator

    policy = browser.get("/phone").headers["Content-Security-Policy"]

    assert re.search(r"connect-src ('self' ws://localhost:8088);", policy)
    assert "unsafe" not in policy


def test_a_line_is_given_once_a_page_and_what_an_older_one_left_is_dropped(
    operator: tuple[Browser, str], switch: Switch, asterisk: AskedManager
) -> None:
    browser, mine = operator
    switch.talks = {mine: "0123abcd"}

    first = browser.post("/phone/line", "/phone").get_json()
    second = browser.post("/phone/line", "/phone").get_json()

    assert first["seat"] == second["seat"] == mine.removeprefix("PJSIP/")
    assert first["password"] != second["password"]
    assert {each["Cause"] for each in asterisk.orders()} == {"27"}


def test_a_note_goes_to_the_report_for_staff_alone(operator: tuple[Browser, str]) -> None:
    browser, _ = operator
    a_caller(browser, EVIL)

    browser.post("/phone/note", "/phone", reference="482173908", note=EVIL + "\r\n" * 3900 + "x")

    with reading(browser.engine) as session:
        (note,) = session.scalars(select(Report)).one().updates
        assert note.internal_text and len(note.internal_text) > 3900 and note.text is None


def test_a_note_that_is_too_long_is_refused_and_not_cut(
    operator: tuple[Browser, str], switch: Switch
) -> None:
    browser, mine = operator
    a_caller(browser, EVIL)
    switch.talks, switch.report = {mine: "(null)"}, "482173908"

    answer = browser.post("/phone/note", "/phone", reference="482173908", note="x" * 10_000)

    assert answer.status_code == 422
    assert "10000 ký tự" in answer.text and "x" * 10_000 in answer.text
    with reading(browser.engine) as session:
        assert not session.scalars(select(Report)).one().updates


def test_a_caller_is_told_of_until_what_they_said_is_written_up(
    operator: tuple[Browser, str], switch: Switch
) -> None:
    browser, mine = operator
    call = a_caller(browser, EVIL)
    switch.members, switch.reasons = {mine: ""}, {mine: f"after_call:{call}:"}

    page = browser.post("/phone/number", "/phone").text
    later = browser.get("/phone/now").text
    switch.talks = {mine: a_caller(browser, EVIL, reference="582173908")}
    next_caller = browser.get("/phone/now").text

    assert "Ghi chép sau cuộc gọi" in page and "482-173-908" in page
    assert CALLER_NUMBER in page and CALLER_NUMBER in later, "until another call"
    assert CALLER_NUMBER not in next_caller


def test_a_line_that_was_refused_is_opened_again_unless_another_page_has_it(
    operator: tuple[Browser, str],
) -> None:
    browser, _ = operator
    first = browser.post("/phone/line", "/phone").get_json()["opening"]

    again = browser.post("/phone/line", "/phone", opening=first).get_json()

    assert again["opening"] != first and "password" in again
    taken = browser.post("/phone/line", "/phone", opening=first).get_json()
    assert taken == {"taken": True}


def test_nobody_takes_over_without_a_telephone_and_the_attempt_is_noted(
    operator: tuple[Browser, str], switch: Switch, asterisk: AskedManager
) -> None:
    browser, mine = operator
    switch.talks, switch.members = {mine: a_caller(browser, EVIL)}, {mine: ""}
    browser.client.post("/sign-out", data={"mark": browser.mark("/phone")})
    browser.become("supervisor")
    asterisk.state = lambda telephone: "UNAVAILABLE"

    browser.post("/phone/take-over", "/phone", at=mine)

    assert "Máy của bạn chưa mở" in browser.get("/phone").text
    assert asterisk.orders() == []
    with reading(browser.engine) as session:
        assert "call.taken_over" in session.scalars(select(AuditEntry.action)).all()


def test_listening_is_for_supervisors_and_is_noted(
    operator: tuple[Browser, str], switch: Switch, asterisk: AskedManager
) -> None:
    browser, mine = operator
    switch.talks, switch.members = {mine: a_caller(browser, EVIL)}, {mine: ""}
    assert browser.post("/phone/listen", "/phone", at=mine, ear="listen").status_code == 403
    browser.client.post("/sign-out", data={"mark": browser.mark("/phone")})
    browser.become("supervisor")

    assert "Nhận máy" in browser.get("/phone").text
    browser.post("/phone/listen", "/phone", at=mine, ear="whisper")

    assert asterisk.orders()[0]["Context"] == "hotline-ear"
    with reading(browser.engine) as session:
        assert "call.whisper" in session.scalars(select(AuditEntry.action)).all()


def test_a_switchboard_that_is_away_is_said_so(browser: Browser) -> None:
    browser.become("operator")

    assert "Tổng đài không trả lời" in browser.get("/phone").text
    assert browser.post("/phone/line", "/phone").get_json() == {"away": True}
    browser.post("/phone/duty", "/phone", duty="ready")
    assert "Tổng đài không trả lời" in browser.get("/phone").text
