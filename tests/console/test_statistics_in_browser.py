"""Figures as a supervisor reads them: drawn, looked behind, and followed to their lists."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from console.assets import find_assets
from tests.browsers import chromium
from tests.console.conftest import Browser
from tests.console.counted import fill
from tests.console.desk import desk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]
DAYS = "since=2026-11-21&until=2026-11-22"


@pytest.fixture(scope="module")
def engine_of_pages() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


def test_a_figure_is_drawn_explained_and_leads_to_its_list(
    engine_of_pages: Chromium, browser: Browser
) -> None:
    fill(browser)
    with desk(engine_of_pages, browser) as made:
        page = made.page
        made.sign_in("supervisor")
        made.go(f"/statistics?{DAYS}")

        expect(page.locator(".chart canvas")).to_have_count(3)
        painted = page.locator(".chart canvas").first.evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0)"
        )
        assert painted
        expect(page.get_by_role("img", name="Biểu đồ: Cuộc gọi theo giờ")).to_be_visible()
        page.get_by_text("Bảng số liệu: Cuộc gọi theo giờ").click()
        expect(page.locator("#numbers-calls_by_hour tbody tr")).to_have_count(24)
        contained = page.locator("#figure-contained")
        contained.get_by_text("Cách tính").click()
        expect(contained).to_contain_text("chia cho mọi cuộc gọi")
        assert made.violations() == []

        contained.get_by_role("link").click()
        expect(page.locator("tr.call")).to_have_count(3)
        page.locator("tr.call a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Cuộc gọi lúc")
        assert made.violations() == []

        made.go(f"/statistics?{DAYS}")
        page.locator("#figure-deadlines").get_by_role("link").click()
        expect(page.locator("tr.report")).to_have_count(2)
        expect(page.get_by_text("đúng hạn")).to_be_visible()
        page.get_by_role("link", name="Bỏ lọc đúng hạn").click()
        expect(page.locator("tr.report")).to_have_count(6)
        assert made.strangers == [] and made.complaints == []


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "vi")])
def test_figures_fit_a_small_screen(
    engine_of_pages: Chromium, browser: Browser, scheme: str, language: str
) -> None:
    fill(browser)
    with desk(engine_of_pages, browser, 360, scheme) as made:
        made.sign_in("supervisor")
        for path in (f"/statistics?{DAYS}", f"/calls?{DAYS}"):
            made.go(f"{path}&language={language}")
            assert made.violations() == []
            assert not made.scrolls_sideways
        assert made.strangers == [] and made.complaints == []
