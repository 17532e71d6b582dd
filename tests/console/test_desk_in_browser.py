"""A shift at the desk, in a real browser: many reports by keys, several at once, colleagues."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import select

from console.assets import find_assets
from reports.models import Report
from storage.crypto import use_key
from storage.database import Base, open_engine, reading
from tests.browsers import chromium
from tests.builders import NOON, PASSWORD, a_recording, a_report, a_transcript, a_user
from tests.conftest import TEST_KEY
from tests.console.conftest import Browser, a_browser
from tests.console.desk import Desk, desk, until
from tests.console.filled import FIRST, SECOND, fill_desk, lay_sounds, report_of
from tests.provinces.packs import bac_lieu

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]
MANY = 50
NEW_PASSWORD = "mat khau moi 2026"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    use_key(TEST_KEY)
    folder = tmp_path_factory.mktemp("desk")
    engine = open_engine(f"sqlite:///{folder}/desk.sqlite3")
    Base.metadata.create_all(engine)
    made = a_browser(engine, bac_lieu(), folder)
    fill_desk(made)
    lay_sounds(made, folder / "recordings")
    yield made
    engine.dispose()


@pytest.fixture(scope="module")
def operator(chrome: Chromium, visitor: Browser) -> Iterator[Desk]:
    with desk(chrome, visitor) as made:
        made.sign_in()
        yield made
        assert made.strangers == [] and made.complaints == []


def test_several_are_picked_by_key_changed_at_once_and_put_back_together(operator: Desk) -> None:
    page = operator.page
    operator.go("/reports")
    page.evaluate("window.same = true")

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("#picked")).to_have_text("2")
    assert operator.violations() == []
    page.keyboard.press("c")
    page.keyboard.type("Rác th")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#toasts")).to_contain_text("Đã thay đổi 2 phản ánh")
    assert [report_of(operator.visitor, each).category for each in (FIRST, SECOND)] == [
        "MT01",
        "MT01",
    ]
    expect(page.locator("#picked")).to_have_text("chưa chọn")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Đã hoàn tác 2 phản ánh")
    assert [report_of(operator.visitor, each).category for each in (FIRST, SECOND)] == [
        None,
        "GT01",
    ]
    assert page.evaluate("window.same") is True


def test_of_several_the_one_that_a_colleague_changed_is_told_and_left(operator: Desk) -> None:
    page = operator.page
    operator.go("/reports")
    for reference in (FIRST, SECOND):
        page.locator(f"#row-{reference} input.pick").check()
    colleague = operator.visitor.other()
    colleague.become("operator")
    version = str(report_of(operator.visitor, FIRST).version)
    colleague.post(f"/reports/{FIRST}/change", version=version, urgent="yes")

    page.keyboard.press("s")
    page.locator("#bulk-status").select_option("triaged")
    page.locator("button[name=what][value=status]").press("Enter")

    expect(page.locator("#toasts")).to_contain_text("Đã thay đổi 1 phản ánh")
    expect(page.locator("#toasts")).to_contain_text("có người vừa thay đổi trước")
    expect(page.locator(f"#row-{FIRST}")).to_contain_text("Khẩn cấp")
    assert [report_of(operator.visitor, each).status for each in (FIRST, SECOND)] == [
        "new",
        "triaged",
    ]


def test_colleagues_see_each_other_at_a_report(operator: Desk, chrome: Chromium) -> None:
    with desk(chrome, operator.visitor) as other:
        other.sign_in("supervisor")
        other.go(f"/reports/{FIRST}")
        operator.go(f"/reports/{FIRST}")
        expect(operator.page.locator("#there")).to_have_text("supervisor đang xem")
        other.page.get_by_label("Ghi chú", exact=True).fill("đang gọi lại")
        expect(other.page.locator("#there")).to_have_text("operator đang xem")
        operator.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(operator.page.locator("#there")).to_have_text("supervisor đang sửa")

        version = str(report_of(other.visitor, FIRST).version)
        colleague = operator.visitor.other()
        colleague.become("operator")
        colleague.post(f"/reports/{FIRST}/change", version=version, category="GT01")
        operator.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(operator.page.locator("#newer")).to_be_visible()
        assert operator.violations() == []

        other.go("/reports")
        expect(other.page.locator(f"#row-{FIRST} .presence")).to_have_text("operator đang xem")
    operator.go("/reports")


def test_a_report_told_by_telephone_is_written_down_by_keys_and_read_out(operator: Desk) -> None:
    page = operator.page
    operator.go("/reports")
    page.keyboard.press("n")
    page.wait_for_url("**/reports/new")
    page.get_by_label("Người dân phản ánh điều gì?").fill("Đường ngập nước ở xã Vĩnh Lợi")
    expect(page.locator("#found")).to_contain_text("Xã Vĩnh Lợi")
    expect(page.locator("#found")).to_contain_text("Có thể đã được phản ánh")
    assert operator.violations() == []
    page.get_by_role("combobox", name="Lĩnh vực").focus()
    page.keyboard.type("ngap do mua")
    expect(page.get_by_role("option", name="Ngập do mưa")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Địa điểm: Xã Vĩnh Lợi").press("Enter")
    expect(page.get_by_role("combobox", name="Xã, phường")).to_have_value("Xã Vĩnh Lợi")

    page.reload()  # the draft is kept
    expect(page.get_by_role("combobox", name="Xã, phường")).to_have_value("Xã Vĩnh Lợi")
    page.get_by_label("Tên").fill("<b>\u202eBa</b>")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Đã ghi nhận phản ánh")
    assert operator.violations() == [] and not operator.scrolls_sideways
    with reading(operator.visitor.engine) as session:
        report = session.scalars(select(Report).where(Report.source == "staff")).one()
    assert (report.category, report.place) == ("NG01", "2025:31900")
    page.keyboard.press("n")
    page.wait_for_url("**/reports/new")
    expect(page.get_by_label("Người dân phản ánh điều gì?")).to_have_value("")


def test_a_report_that_was_begun_survives_a_session_that_ends_and_no_sign_out(
    chrome: Chromium, visitor: Browser
) -> None:
    with desk(chrome, visitor) as made:
        page = made.page
        made.sign_in("administrator")
        made.go("/reports/new?call=gone")
        page.locator("#words").fill("Nước ngập")
        page.locator("#urgent").check()
        page.locator("#source-visitor").check()
        expect(page.locator("#found")).not_to_contain_text("Đăng nhập lại")
        made.context.clear_cookies()
        page.locator("#words").press_sequentially(" tới gối")
        page.locator("#found").get_by_role("link", name="Đăng nhập lại").click()
        page.get_by_label("Thư điện tử").fill("administrator@example.vn")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/reports/new?call=gone")

        expect(page.locator("#words")).to_have_value("Nước ngập tới gối")
        expect(page.locator("#urgent")).to_be_checked()
        expect(page.locator("#source-visitor")).to_be_checked()
        made.go("/reports/new")
        page.locator("#other-draft a").click()
        page.wait_for_url("**/reports/new?call=gone")
        page.locator("form[data-sign-out] button").click()
        page.wait_for_url("**/sign-in**")
        assert (
            page.evaluate("Object.keys(sessionStorage).filter((e) => e.startsWith('draft'))") == []
        )


def test_words_lead_to_their_sound_and_keys_play_seek_and_find_doubtful_ones(
    operator: Desk,
) -> None:
    page = operator.page
    operator.go(f"/reports/{FIRST}")
    expect(page.locator("canvas.wave")).to_be_visible()
    playing = "document.querySelector('audio').paused === false"
    at = "document.querySelector('audio').currentTime"

    page.locator(".said span", has_text="nước").click()
    until(page, f"{playing} && {at} > 1.0")
    expect(page.locator(".said .now").first).to_be_visible()
    page.keyboard.press(" ")
    until(page, f"!({playing})")
    page.keyboard.press(".")
    expect(page.locator(".said .here")).to_have_text("ngập")
    until(page, f"{playing} && {at} < 1.5")
    page.keyboard.press(".")
    expect(page.locator(".said .here")).to_have_text("ở")
    page.keyboard.press(" ")
    before = page.evaluate(at)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(at) > min(before + 2.5, 4.9)
    page.locator(".proposal:has(input[value=MT02]) button").focus()
    expect(page.locator(".said .lit")).to_have_text(["ngập", "nước"])
    assert operator.violations() == []

    page.keyboard.press("e")
    page.keyboard.press("Control+A")
    page.keyboard.type("duong ngap")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_have_text("duong ngap")


def tab_to(page: Page, text: str) -> None:
    """Tab on until what has the focus is called so."""
    told = (
        "(each => (each.labels?.[0]?.textContent ?? each.textContent).trim())"
        "(document.activeElement)"
    )
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate(told).startswith(text):
            return
    raise AssertionError(f"nothing that is called {text!r} was reached")


def test_from_the_first_sign_in_to_a_solved_report_by_keyboard_alone(
    chrome: Chromium, visitor: Browser
) -> None:
    visitor.add(a_user(email="moi@example.vn", must_change=True))
    with desk(chrome, visitor) as made:
        page = made.page
        made.go("/sign-in")
        tab_to(page, "Thư điện tử")
        page.keyboard.type("moi@example.vn")
        tab_to(page, "Mật khẩu")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/account/password")
        for text in (PASSWORD, NEW_PASSWORD, NEW_PASSWORD):
            page.keyboard.press("Tab")
            while page.evaluate("document.activeElement.type") != "password":
                page.keyboard.press("Tab")
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: not url.endswith("/account/password"))
        tab_to(page, "Phản ánh")
        page.keyboard.press("Enter")
        page.wait_for_url("**/reports")

        page.keyboard.press("/")
        page.keyboard.type("o ga lon")
        page.keyboard.press("Enter")
        expect(page.locator("tr.report")).to_have_count(1)
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/reports/{SECOND}")
        page.keyboard.press("a")
        page.keyboard.press("ArrowDown")
        tab_to(page, "Thực hiện")
        page.keyboard.press("Enter")
        expect(page.locator("#report")).to_contain_text("Đã chuyển xử lý")
        # What was exchanged is read before its keys are there.
        page.wait_for_function("!document.querySelector('.htmx-swapping, .htmx-settling')")
        page.keyboard.press("s")
        while page.evaluate("document.activeElement.value") != "resolved":
            page.keyboard.press("ArrowDown")
        tab_to(page, "Lời cho người dân")
        page.keyboard.type("Da va xong o ga")
        tab_to(page, "Thực hiện")
        page.keyboard.press("Enter")

        expect(page.locator("#report")).to_contain_text("Đã xử lý")
        assert report_of(made.visitor, SECOND).status == "resolved"
        assert made.strangers == [] and made.complaints == []


def test_fifty_reports_are_sorted_by_keys_without_another_page(operator: Desk) -> None:
    words = "cây đổ chắn ngang đường"
    for number in range(MANY):
        transcript = a_transcript(
            text=words,
            proposed={
                "categories": [{"category": "GT01", "score": 0.8, "words": ["đường"]}],
                "urgent": False,
                "urgent_words": [],
            },
        )
        at = NOON + timedelta(minutes=1 + number)
        operator.visitor.add(
            a_report([a_recording(transcript)], category=None, requested_at=at, expected_at=None)
        )
    page = operator.page
    operator.go("/reports")
    page.evaluate("window.same = true")
    begun = time.perf_counter()

    for _ in range(MANY):
        page.keyboard.press("j")
        row = page.locator("tr.current")
        reference = row.get_attribute("data-reference")
        page.keyboard.press("1")
        expect(page.locator(f"#row-{reference}")).to_contain_text("Đường hư, ổ gà")

    took_s = time.perf_counter() - begun
    assert page.evaluate("window.same") is True
    with reading(operator.visitor.engine) as session:
        sorted_ = session.scalars(
            select(Report).where(Report.category == "GT01", Report.source == "phone")
        ).all()
    assert len(sorted_) >= MANY
    print(f"{MANY} reports in {took_s:.1f} s")
    assert took_s < 60
