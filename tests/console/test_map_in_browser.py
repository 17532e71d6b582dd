"""The map as staff use it: WebGL drawn by the processor, mouse and keys."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from werkzeug.serving import make_server

from console.assets import find_assets
from console.map.tiles import Tiles
from provinces.boundaries import keep_boundaries, read_boundaries
from provinces.schema import Province
from tests.browsers import chromium
from tests.console.conftest import Browser, a_browser
from tests.console.desk import Desk, desk
from tests.console.filled import FIRST, fill_desk
from tests.console.spread import ONLY_TOLD, STREET, fill_map, squares

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_assets().scripts, reason="the scripts are not bundled: make test"),
]
DRAWN_MS = 20_000  # two busy cores draw without a graphics card


@pytest.fixture(scope="module")
def window() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


def see_map(made: Desk, path: str = "/map", selector: str = "#map") -> Page:
    made.go(path)
    page = made.page
    page.locator(selector).scroll_into_view_if_needed()
    page.wait_for_selector(f"{selector}[data-drawn]", timeout=DRAWN_MS)
    return page


def shown(page: Page, count: int) -> None:
    """The map has that many reports, wherever they lie."""
    expect(page.locator("#map")).to_have_attribute("data-shown", str(count), timeout=DRAWN_MS)


def rows(page: Page) -> int:
    return page.locator("tr.report").count()


def take_boundaries(folder: Path, province: Province) -> None:
    file = folder / "squares.geojson"
    file.write_text(json.dumps(squares(province)))
    keep_boundaries(
        read_boundaries(file, province, province.current_edition), folder / "boundaries"
    )


def test_an_operator_finds_a_street_on_the_map(
    window: Chromium, browser: Browser, province: Province, tmp_path: Path
) -> None:
    fill_map(browser)
    take_boundaries(tmp_path, province)
    with desk(window, browser) as made:
        made.sign_in()
        made.page.set_viewport_size({"width": 1280, "height": 1500})
        page = see_map(made)
        shown(page, 41)  # one of 42 has no place at all
        page.get_by_label("Từng nơi").check()
        expect(page.locator(".map-legend")).to_be_visible()

        # Filters change the map without a new page.
        page.evaluate("window.same = true")
        page.locator("#category").select_option("GT01")
        page.get_by_role("button", name="Lọc").click()
        shown(page, 11)
        page.locator("#category").select_option("")
        page.get_by_role("button", name="Lọc").click()
        shown(page, 41)
        assert page.evaluate("window.same") is True

        # A box around everything, dragged with the mouse; Escape gives one up.
        frame = page.locator(".map-canvas").bounding_box()
        assert frame is not None
        page.get_by_role("button", name="Kéo khung").click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Kéo khung")).to_have_attribute(
            "aria-pressed", "false"
        )
        page.get_by_role("button", name="Kéo khung").click()
        page.mouse.move(frame["x"] + 5, frame["y"] + 5)
        page.mouse.down()
        page.mouse.move(frame["x"] + frame["width"] - 70, frame["y"] + frame["height"] - 5)
        page.mouse.up()
        expect(page.locator("#map-told")).to_contain_text("41 phản ánh trong vùng đã chọn")

        # A line around, clicked corner by corner and ended by Enter.
        page.get_by_role("button", name="Vẽ đường bao").click()
        for x, y in ((0.02, 0.02), (0.9, 0.02), (0.9, 0.98), (0.02, 0.98)):
            page.mouse.click(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])
        page.keyboard.press("Enter")
        expect(page.locator("#map-told")).to_contain_text("41 phản ánh trong vùng đã chọn")
        page.get_by_role("link", name="Mở danh sách").click()
        page.wait_for_url("**/reports?**area=**")
        assert rows(page) == 41
        page.get_by_role("link", name="Xem trên bản đồ").click()
        page.wait_for_selector("#map[data-drawn]", timeout=DRAWN_MS)
        shown(page, 41)
        assert made.violations() == []
        assert made.strangers == [] and made.complaints == []


def test_all_of_it_is_done_by_keys_and_read_from_the_table(
    window: Chromium, browser: Browser
) -> None:
    fill_map(browser)
    with desk(window, browser) as made:
        made.sign_in()
        page = see_map(made)
        shown(page, 41)
        before = page.locator("#map").get_attribute("data-shown")
        page.locator("canvas").focus()
        page.keyboard.press("+")
        page.keyboard.press("ArrowRight")
        page.get_by_role("button", name="Xem cả địa bàn").press("Enter")
        shown(page, int(before or 0))

        page.get_by_role("button", name="Lấy khung đang xem").press("Enter")
        expect(page.locator("#map-told")).to_contain_text("41 phản ánh trong vùng đã chọn")

        page.locator(f'tr[data-place="{STREET}"] a').press("Enter")
        page.wait_for_url("**/reports?**unit=**")
        assert rows(page) == 31
        assert made.violations() == [] and made.complaints == []


def test_a_click_tells_of_a_unit_and_the_narrow_dark_page_has_everything(
    window: Chromium, browser: Browser
) -> None:
    fill_map(browser)
    with desk(window, browser, 360, "dark") as made:
        made.sign_in()
        page = see_map(made, "/map?unit=2025:31900&language=en")
        shown(page, ONLY_TOLD)
        canvas = page.locator(".map-canvas").bounding_box()
        assert canvas is not None
        page.wait_for_timeout(500)
        _click_unit(page)
        expect(page.locator("#map-told")).to_contain_text("10 reports")
        assert not made.scrolls_sideways and made.violations() == []
        assert made.strangers == [] and made.complaints == []


def test_a_report_shows_where_it_lies(window: Chromium, browser: Browser) -> None:
    fill_desk(browser)
    with desk(window, browser) as made:
        made.sign_in()
        page = see_map(made, f"/reports/{FIRST}", ".small-map")

        expect(page.locator(".small-map canvas")).to_be_visible()
        assert made.violations() == []
        assert made.strangers == [] and made.complaints == []


@pytest.mark.parametrize("without", ["scripts", "WebGL"])
def test_without_a_map_the_table_is_there(window: Chromium, browser: Browser, without: str) -> None:
    fill_map(browser)
    with desk(window, browser, script=without != "scripts") as made:
        made.context.add_init_script(
            "HTMLCanvasElement.prototype.getContext = () => null; delete window.OffscreenCanvas"
        )
        made.sign_in()
        made.go("/map")

        if without == "WebGL":
            expect(made.page.get_by_text("không vẽ được bản đồ")).to_be_visible()
        else:
            expect(made.page.locator("#map")).to_be_hidden()
        made.page.locator(f'tr[data-place="{STREET}"] a').click()
        expect(made.page.locator("tr.report")).to_have_count(31)


def a_style(origin: str) -> dict[str, Any]:
    """A whole style, with a server of glyphs that nobody shall ask."""
    tiles = [origin + "/{z}/{x}/{y}.png"]
    return {
        "version": 8,
        "glyphs": origin + "/{fontstack}/{range}.pbf",
        "sources": {"base": {"type": "raster", "tiles": tiles, "tileSize": 256}},
        "layers": [{"id": "base", "type": "raster", "source": "base"}],
    }


@pytest.fixture
def tile_server() -> Iterator[tuple[str, list[str]]]:
    """Another host, as far as browsers are concerned, and which tiles it was asked for."""
    asked: list[str] = []
    drawn = io.BytesIO()
    Image.new("RGB", (256, 256), "#c8e6c9").save(drawn, "PNG")

    def serve(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        path, host = environ["PATH_INFO"], environ["HTTP_HOST"]
        asked.append(path)
        is_style = path.endswith(".json")
        kind = "application/json" if is_style else "image/png"
        start("200 OK", [("Content-Type", kind), ("Access-Control-Allow-Origin", "*")])
        return [json.dumps(a_style(f"http://{host}")).encode() if is_style else drawn.getvalue()]

    server = make_server("127.0.0.1", 0, serve, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/{z}/{x}/{y}.png", "/style.json"])
def test_tiles_come_from_the_server_that_is_set_and_from_no_other(
    window: Chromium,
    engine: Engine,
    province: Province,
    tmp_path: Path,
    tile_server: tuple[str, list[str]],
    path: str,
) -> None:
    origin, asked = tile_server
    tiles = Tiles(origin + path, "© Bản đồ thử")
    visitor = a_browser(engine, province, tmp_path, tiles=tiles)
    fill_map(visitor)
    with desk(window, visitor) as made:
        made.sign_in()
        page = see_map(made)
        shown(page, 41)

        expect(page.get_by_text("© Bản đồ thử")).to_be_visible()
        page.wait_for_timeout(1000)
        assert any(each.endswith(".png") for each in asked)
        assert not any(each.endswith(".pbf") for each in asked)
        assert made.strangers and {each.split("/")[2] for each in made.strangers} == {origin[7:]}
        assert made.complaints == []


def _click_unit(page: Page) -> None:
    """On its circle, wherever the map has it: the only one with reports, found by its colour."""
    frame = page.locator(".map-canvas").bounding_box()
    assert frame is not None
    for row in range(1, 20):
        for column in range(1, 20):
            x = frame["x"] + frame["width"] * column / 20
            y = frame["y"] + frame["height"] * row / 20
            page.mouse.move(x, y)
            if page.locator("canvas").evaluate("each => each.style.cursor") == "pointer":
                page.mouse.click(x, y)
                return
    raise AssertionError("no unit can be clicked")
