"""The map's page and what its script asks for: the same figures everywhere, and nobody's else."""

import json
import re
from pathlib import Path

import pytest

from console.map.tiles import Tiles, map_policy
from console.reports.query import read_area
from provinces.boundaries import keep_boundaries, read_boundaries
from reports.area import Area
from tests.builders import a_report
from tests.console.conftest import Browser
from tests.console.filled import FIRST, fill_desk
from tests.console.outline import Outline
from tests.console.spread import MIDDLE, OLD, ONLY_TOLD, STREET, TOLD, fill_map, squares
from tests.provinces.packs import bac_lieu

EVERYWHERE = "box=9.0,105.2~9.7,105.9"
AROUND_STREET = "9.28,105.70~9.30,105.72"


@pytest.fixture
def operator(browser: Browser) -> Browser:
    browser.become("operator")
    fill_map(browser)
    return browser


def rows_listed(browser: Browser, path: str) -> int:
    return browser.get(path).text.count('<tr id="row-')


def test_each_unit_of_the_table_leads_to_a_list_of_as_many(operator: Browser) -> None:
    page = operator.get("/map").text
    Outline(page)
    found = re.findall(
        r'data-place="([^"]+)" data-count="(\d+)">\s*<th[^>]*><a href="([^"]+)"', page
    )

    assert {(place, int(count)) for place, count, _ in found} == {(STREET, 31), (TOLD, ONLY_TOLD)}
    for _, count, address in found:
        assert rows_listed(operator, address.replace("&amp;", "&")) == int(count)
    assert "42 phản ánh" in page and "Chưa rõ địa điểm" in page


def test_the_lists_filters_are_the_maps(operator: Browser) -> None:
    for asked in (
        "category=GT01",
        "since=2026-01-01",
        "urgent=1",
        "place=bac+lieu",
        "status=ended",
    ):
        count = int(
            re.findall(r"(\d+) phản ánh", operator.get(f"/map?{asked}").text + "0 phản ánh")[0]
        )
        assert count == rows_listed(operator, f"/reports?{asked}"), asked


def test_what_the_figures_ask_for_narrows_the_map_is_told_and_stays(operator: Browser) -> None:
    page = operator.get("/map?source=web&urgent=1").text

    assert '<input type="hidden" name="source" value="web">' in page
    assert 'href="/map?urgent=1"' in page and "nguồn:" in page


def test_an_area_lists_counts_and_says_the_same(operator: Browser) -> None:
    listed = operator.get(f"/reports?area={AROUND_STREET}").text

    # The old ward of the street has no point of its own: it lies where the street's does.
    assert listed.count('<tr id="row-') == 31
    assert json.loads(operator.get(f"/map/count?area={AROUND_STREET}").text) == {"count": 31}
    assert "Trong vùng chọn trên bản đồ" in listed
    assert f'name="area" value="{AROUND_STREET}"' in listed  # a filter more keeps it


def test_the_script_gets_points_and_what_has_none(operator: Browser) -> None:
    found = json.loads(operator.get(f"/map/data?{EVERYWHERE}").text)

    assert len(found["pins"]) == 30 and found["cells"] == []
    assert found["pins"][0][:2] == pytest.approx(MIDDLE, abs=0.01)
    assert found["without_point"] == {STREET: 1, TOLD: ONLY_TOLD}


@pytest.mark.parametrize(
    "asked", ["", "box=9.0", "box=91,105~9,105", "box=nan,105~9,106", f"{EVERYWHERE}&area=x"]
)
def test_what_is_no_part_of_the_earth_is_refused(operator: Browser, asked: str) -> None:
    assert operator.get(f"/map/data?{asked}").status_code == 400


def test_a_list_of_no_readable_area_or_day_says_so(operator: Browser) -> None:
    for asked in ("area=hier", "since=gestern", "until=2026-02-30", "unit=2025:1"):
        page = operator.get(f"/reports?{asked}")
        assert page.status_code == 200 and 'role="alert"' in page.text, asked


def test_officers_see_their_agencys_reports_alone(browser: Browser) -> None:
    browser.become("agency", "so_xay_dung")
    fill_map(browser)
    browser.add(a_report(place=TOLD, agency="so_xay_dung", status="assigned"))

    assert "1 phản ánh" in browser.get("/map").text
    found = json.loads(browser.get(f"/map/data?{EVERYWHERE}&agency=ubnd_xa").text)
    assert found == {"pins": [], "cells": [], "without_point": {}}
    assert json.loads(browser.get("/map/count").text) == {"count": 1}


def test_boundaries_are_drawn_where_there_are_any(operator: Browser, tmp_path: Path) -> None:
    assert json.loads(operator.get("/map/units").text)["boundaries"] == []
    file = tmp_path / "squares.geojson"
    file.write_text(json.dumps(squares(bac_lieu())))
    keep_boundaries(read_boundaries(file, bac_lieu(), "2025"), tmp_path / "boundaries")

    told = json.loads(operator.get("/map/units").text)

    assert len(told["boundaries"]) == 25
    places = {unit["place"] for unit in told["units"] if unit["lowest"]}
    assert {each["properties"]["place"] for each in told["boundaries"]} == places
    tag = operator.get("/map/units").headers["ETag"]
    again = operator.get("/map/units", If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert OLD not in places


def test_a_report_names_its_unit_in_both_editions(operator: Browser) -> None:
    fill_desk(operator)

    page = operator.get(f"/reports/{FIRST}").text

    assert re.search(r"Từ 01/07/2025</dt><dd>Xã Vĩnh Lợi<", page)
    assert re.search(r"Đến 30/06/2025</dt><dd>[^<]*Thị trấn Châu Hưng", page)


def test_only_a_server_of_tiles_that_is_set_is_let_in() -> None:
    tiles = Tiles("https://tiles.example.vn/{z}/{x}/{y}.png")

    assert "example" not in map_policy(None)
    assert map_policy(tiles).count(" https://tiles.example.vn") == 2
    assert "script-src 'self';" in map_policy(tiles)


def test_an_area_is_read_as_the_map_writes_it() -> None:
    area = Area(((9.1, 105.3), (9.4, 105.8), (9.2, 105.9)))

    assert read_area("9.10000,105.30000~9.40000,105.80000~9.20000,105.90000") == area
    assert read_area("9.1,105.3") is None and read_area("~".join(["9,105"] * 31)) is None
