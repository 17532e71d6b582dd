"""The board as leaders use it: followed by keys, to a recording; an alert is taken on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import select

from console.assets import find_assets
from monitoring.alert_models import Alert
from reports.models import Recording
from storage.database import reading
from tests.browsers import chromium
from tests.console.board_filled import CLUSTER, FEVER, fill_board
from tests.console.conftest import Browser
from tests.console.desk import desk, until
from tests.console.filled import FIRST, lay_sounds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]


@pytest.fixture(scope="module")
def window() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


def state_of(visitor: Browser, number: int) -> str:
    with reading(visitor.engine) as session:
        return session.scalars(select(Alert.state).where(Alert.number == number)).one()


def test_a_leader_reads_the_board_by_keys_hears_a_recording_and_takes_an_alert_on(
    window: Chromium, browser: Browser, tmp_path: Path
) -> None:
    fill_board(browser)
    lay_sounds(browser, tmp_path / "recordings")
    with desk(window, browser) as made:
        made.sign_in("supervisor")
        page = made.page
        made.go("/board")

        # As a screen reader tells it: headings, states in words, drawings with their words.
        health = page.get_by_role("listitem").filter(
            has=page.get_by_role("heading", level=3, name="Y tế báo động")
        )
        fever = health.get_by_role("listitem").filter(has_text="Ca sốt xuất huyết")
        expect(fever.get_by_role("img", name="Ca sốt xuất huyết, 12 kỳ gần nhất")).to_be_visible()
        expect(fever).to_contain_text("Mục tiêu: 0 ca chưa đạt")
        assert made.violations() == []

        # Back to the morning by the slider: the alerts of eleven are not there yet.
        page.get_by_label("Lùi về trước, theo giờ").focus()
        for _ in range(4):
            page.keyboard.press("ArrowLeft")
        expect(page.locator("#board")).to_contain_text("như đã biết lúc 22/11/2026 08:00")
        expect(page.locator(f'tr[data-alert="{FEVER}"]')).to_have_count(0)
        assert "known_at=2026-11-22T08" in page.url
        page.get_by_role("link", name="Hiện tại").last.press("Enter")

        # Down: module, indicator, commune, list.
        page.get_by_role("link", name="An ninh trật tự").press("Enter")
        page.get_by_role("link", name="Vụ vi phạm trật tự xã hội").press("Enter")
        expect(page.get_by_role("img", name="Biểu đồ: Vụ vi phạm trật tự xã hội")).to_be_visible()
        expect(page.locator(".chart canvas")).to_be_visible()
        expect(page.locator(".chart-legend")).to_contain_text("Năm trước")
        assert made.violations() == []
        page.get_by_role("link", name="Xã Gành Hào").press("Enter")
        page.get_by_role("link", name="Mở danh sách phản ánh của Xã Gành Hào").press("Enter")
        expect(page.get_by_text("lĩnh vực: An ninh trật tự")).to_be_visible()

        # From an alert to the report behind it, and to what was said.
        made.go("/alerts")
        for _ in range(3):
            page.keyboard.press("j")
        expect(page.locator("tr.current")).to_have_attribute("data-alert", str(CLUSTER))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Cảnh báo số {CLUSTER}")
        page.wait_for_load_state()  # its keys come with its script
        page.keyboard.press("a")
        expect(page.locator("#toasts")).to_contain_text("Đã nhận cảnh báo số 1")
        assert state_of(browser, CLUSTER) == "acknowledged"
        page.keyboard.press("c")
        page.keyboard.type("Xã đã cử người")
        page.get_by_role("button", name="Ghi chú").press("Enter")
        expect(page.locator(".history")).to_contain_text("Xã đã cử người")
        assert made.violations() == []
        page.get_by_role("link", name="482-173-908").press("Enter")
        page.wait_for_url(f"**/reports/{FIRST}")
        expect(page.locator("audio")).to_have_attribute("src", "/sound/" + recording(browser))
        expect(page.locator("canvas.wave")).to_be_visible()
        page.keyboard.press(" ")
        until(page, "document.querySelector('audio').currentTime > 0.5")
        assert made.strangers == [] and made.complaints == []


def recording(visitor: Browser) -> str:
    with reading(visitor.engine) as session:
        return session.scalars(select(Recording.name)).one()


def test_the_wall_turns_by_itself_and_says_so_when_the_server_is_away(
    window: Chromium, browser: Browser
) -> None:
    fill_board(browser)
    with desk(window, browser) as made:
        made.sign_in("supervisor")
        page = made.page
        page.clock.install()
        made.go("/board/wall")
        expect(page.get_by_text("Trang 1/9")).to_be_visible()

        page.clock.run_for(20_500)
        expect(page.get_by_text("Trang 2/9")).to_be_visible()
        page.wait_for_load_state()  # words may be there before the script that turns the page
        page.route("**/board/wall?page=3", lambda route: route.abort())
        page.clock.run_for(20_500)
        expect(page.get_by_role("status").last).to_contain_text("Mất kết nối")
        page.unroute("**/board/wall?page=3")
        page.clock.run_for(6_000)
        expect(page.get_by_text("Trang 3/9")).to_be_visible()
        assert made.violations() == [] and not made.scrolls_sideways
