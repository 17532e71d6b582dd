"""The console as staff use it: a real browser, keys and all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from console.assets import find_assets
from tests.browsers import chromium
from tests.console.board_filled import fill_monitoring
from tests.console.conftest import Browser
from tests.console.desk import Desk, desk
from tests.console.filled import FIRST, fill_desk, report_of
from tests.console.filled_prompts import fill_prompts
from tests.console.live_calls import fill_live
from tests.console.pages import PAGES
from tests.console.rounds_filled import fill_rounds
from tests.console.settings_desk import fill_settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]


@pytest.fixture(scope="module")
def engine_of_pages() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def operator(engine_of_pages: Chromium, browser: Browser) -> Iterator[Desk]:
    fill_desk(browser)
    with desk(engine_of_pages, browser) as made:
        made.sign_in()
        yield made
        assert made.strangers == [] and made.complaints == []


# Each two of width, colours and language meet once.
LOOKS = [(1280, "light", "vi"), (1280, "dark", "en"), (360, "light", "en"), (360, "dark", "vi")]


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
@pytest.mark.parametrize("role", PAGES)
def test_every_page_can_be_used_by_everybody(
    engine_of_pages: Chromium,
    browser: Browser,
    tmp_path: Path,
    role: str,
    width: int,
    scheme: str,
    language: str,
) -> None:
    fill_desk(browser)
    fill_prompts(browser, tmp_path)
    fill_live(browser)
    fill_monitoring(browser)
    fill_rounds(browser)
    wrong: dict[str, list[str]] = {}
    with desk(engine_of_pages, browser, width, scheme, language) as made:
        made.go(f"/sign-in?language={language}")
        wrong["/sign-in"] = made.violations()
        made.go("/sign-in?language=vi")
        fill_settings(browser, made.sign_in(role))
        for path in PAGES[role]:
            made.go(f"{path}{'&' if '?' in path else '?'}language={language}")
            wrong[path] = made.violations()
            if made.scrolls_sideways:
                wrong[path].append("it scrolls sideways")
        assert {path: found for path, found in wrong.items() if found} == {}
        assert made.strangers == [] and made.complaints == []


def test_a_report_is_sorted_from_the_list_by_keys_alone(operator: Desk) -> None:
    page = operator.page
    page.evaluate("window.same = true")
    page.keyboard.press("j")
    expect(page.locator("tr.current")).to_have_attribute("data-reference", FIRST)

    page.keyboard.press("c")
    expect(page.get_by_role("dialog")).to_contain_text("Lĩnh vực mới")
    page.get_by_role("dialog").get_by_label("Lĩnh vực mới").select_option("GT01")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#toasts")).to_contain_text("Đã thay đổi")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert report_of(operator.visitor, FIRST).category == "GT01"
    assert page.evaluate("window.same") is True  # no page was loaded
    expect(page.locator("tr.current")).to_have_attribute("data-reference", FIRST)

    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Đã hoàn tác")
    assert report_of(operator.visitor, FIRST).category is None


def test_a_report_is_assigned_and_its_place_found_without_accents(operator: Desk) -> None:
    page = operator.page
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.get_by_role("dialog").get_by_role("combobox").type("hoa binh")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Đã thay đổi")
    assert report_of(operator.visitor, FIRST).place != "2025:31900"

    page.keyboard.press("a")
    expect(page.get_by_role("dialog")).to_contain_text("Giao cho cơ quan")
    page.get_by_role("dialog").get_by_role("button").first.click()
    expect(page.locator(f"#row-{FIRST}")).to_contain_text("Đã chuyển xử lý")
    assert report_of(operator.visitor, FIRST).status == "assigned"


def test_who_was_slower_sees_what_the_other_did_and_may_go_on(operator: Desk) -> None:
    page = operator.page
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.get_by_role("dialog").get_by_label("Lĩnh vực mới").select_option("GT01")
    colleague = operator.visitor.other()
    colleague.become("operator")
    colleague.post(f"/reports/{FIRST}/change", version="1", urgent="yes")

    page.get_by_role("dialog").get_by_role("button").first.click()

    expect(page.get_by_role("dialog")).to_contain_text("Có người vừa thay đổi")
    assert report_of(operator.visitor, FIRST).category is None
    page.get_by_role("button", name="Vẫn gửi thay đổi của tôi").click()
    expect(page.locator("#toasts")).to_contain_text("Đã thay đổi")
    changed = report_of(operator.visitor, FIRST)
    assert changed.category == "GT01" and changed.urgent


def test_a_proposal_is_accepted_by_one_key(operator: Desk) -> None:
    operator.go(f"/reports/{FIRST}")

    operator.page.keyboard.press("2")

    operator.page.wait_for_url("**undo=**")
    assert report_of(operator.visitor, FIRST).category == "MT02"


def test_filters_change_the_list_and_the_address_without_a_new_page(operator: Desk) -> None:
    page = operator.page
    page.evaluate("window.same = true")

    page.keyboard.press("/")
    page.keyboard.type("o ga")
    page.keyboard.press("Enter")

    expect(page.locator("tr.report")).to_have_count(1)
    assert "q=o+ga" in page.url and page.evaluate("window.same") is True


def test_help_opens_and_closes_and_the_focus_comes_back(operator: Desk) -> None:
    page = operator.page

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Phím tắt")
    assert operator.violations() == []
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_nothing_typed_is_lost_when_the_session_ends(operator: Desk) -> None:
    page = operator.page
    operator.go(f"/reports/{FIRST}")
    page.get_by_label("Ghi chú", exact=True).fill("Đã gọi lại, hẹn chiều nay")
    operator.context.clear_cookies()
    page.get_by_role("button", name="Ghi chú nội bộ").click()
    expect(page.get_by_label("Mật khẩu")).to_be_visible()

    operator.page.get_by_label("Thư điện tử").fill("operator@example.vn")
    operator.page.get_by_label("Mật khẩu").fill("a right password")
    operator.page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    operator.go(f"/reports/{FIRST}")

    expect(page.get_by_label("Ghi chú", exact=True)).to_have_value("Đã gọi lại, hẹn chiều nay")


def test_everything_works_without_script(engine_of_pages: Chromium, browser: Browser) -> None:
    fill_desk(browser)
    with desk(engine_of_pages, browser, script=False) as made:
        made.sign_in()
        made.page.get_by_role("link", name="482-173-908").click()
        made.page.locator("#form-category summary").click()
        made.page.locator("#category-to").select_option("GT01")
        made.page.locator("#form-category button").click()

        expect(made.page.locator("#toasts")).to_contain_text("Đã thay đổi")
        made.page.get_by_role("button", name="Hoàn tác").click()
        expect(made.page.locator("#toasts")).to_contain_text("Đã hoàn tác")
        assert report_of(made.visitor, FIRST).category is None
