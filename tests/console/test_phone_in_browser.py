"""The telephone's page in a real browser, while calls come and go: what is typed is not lost, and
nobody reads the last caller's story in the next call."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from console.assets import find_assets
from storage.crypto import use_key
from storage.database import Base, open_engine
from tests.browsers import chromium
from tests.builders import CALLER_NUMBER
from tests.conftest import TEST_KEY
from tests.console.conftest import Browser, a_browser
from tests.console.desk import Desk, desk
from tests.console.switch import Switch, a_caller
from tests.ivr.asked_manager import asked_manager
from tests.provinces.packs import bac_lieu

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]
MINE = "PJSIP/101"
FIRST = "482173908"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def switch() -> Switch:
    return Switch(members={MINE: "", "PJSIP/102": ""})


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory, switch: Switch) -> Iterator[Browser]:
    use_key(TEST_KEY)
    folder = tmp_path_factory.mktemp("phone")
    engine = open_engine(f"sqlite:///{folder}/phone.sqlite3")
    Base.metadata.create_all(engine)
    with asked_manager(switch) as asterisk:
        yield a_browser(engine, bac_lieu(), folder, manager=asterisk.manager)
    engine.dispose()


@pytest.fixture(scope="module")
def operator(chrome: Chromium, visitor: Browser) -> Iterator[Desk]:
    with desk(chrome, visitor) as made:
        made.sign_in()
        made.go("/phone")
        made.page.get_by_label("Máy điện thoại").select_option("101")
        made.page.get_by_role("button", name="Chọn máy").click()
        expect(made.page.locator("#phone-desk")).to_be_attached()
        yield made
        assert made.strangers == [] and made.complaints == []


def test_a_note_that_is_not_taken_stays_and_leaves_the_next_story_alone(
    operator: Desk, visitor: Browser, switch: Switch
) -> None:
    page = operator.page
    next_call = a_caller(visitor, "cây đổ", reference=FIRST)
    switch.talks, switch.report = {MINE: "(null)"}, FIRST
    note = page.locator("#phone-about textarea")
    note.fill("Đang viết dở")
    page.route("**/phone/note", lambda route: route.fulfill(status=503, body="away"))
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("#toasts .wrong")).to_contain_text("Những gì đã nhập vẫn còn")
    expect(note).to_have_value("Đang viết dở")
    page.unroute("**/phone/note")
    note.focus()

    switch.talks, switch.report = {MINE: next_call}, "(null)"

    expect(page.locator("#phone-story")).to_contain_text("cây đổ")
    expect(page.locator("#phone-report")).to_have_count(0)
    unsent = page.locator("#phone-unsent")
    expect(unsent.get_by_label("Ghi chú cho 482-173-908")).to_have_value("Đang viết dở")
    expect(unsent.locator("textarea")).to_be_focused()
    page.keyboard.type(" nữa")
    assert operator.violations() == []
    unsent.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Đã ghi.")
    expect(unsent).to_be_hidden()


def test_the_number_and_the_choice_of_a_colleague_outlast_the_page_s_own_looks(
    operator: Desk, visitor: Browser, switch: Switch
) -> None:
    page = operator.page
    page.get_by_role("button", name="Xem số").click()
    page.get_by_role("button", name="Xem số").wait_for(state="detached")
    switch.members["PJSIP/103"] = ""
    page.wait_for_timeout(2500)
    choice = page.get_by_label("Chuyển cho")
    choice.select_option("PJSIP/103")
    page.locator("h1").click()
    switch.members["PJSIP/104"] = ""

    page.wait_for_timeout(4500)

    expect(choice).to_have_value("PJSIP/103")
    expect(page.locator("#phone-story")).to_contain_text(CALLER_NUMBER)
