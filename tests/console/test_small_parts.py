"""Places by what is typed, and what a page loads."""

import json
import re
from pathlib import Path

import pytest

from console.assets import STATIC, STYLES, find_assets
from console.places import find_units, place_of
from provinces.schema import Province
from tests.console.conftest import Browser


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("vinh loi", "2025:31900"),
        ("Xã Vĩnh Lợi", "2025:31900"),
        ("  VĨNH   LỢI ", "2025:31900"),
        ("phuong bac lieu", "2025:31825"),
    ],
)
def test_a_place_is_found_with_and_without_accents_todays_first(
    province: Province, typed: str, first: str
) -> None:
    assert place_of(find_units(province, typed)[0]) == first


@pytest.mark.parametrize("typed", ["", "   ", "xyz", "%", "\u202e"])
def test_what_is_no_place_finds_none(province: Province, typed: str) -> None:
    assert not find_units(province, typed)


def test_each_place_is_offered_once(province: Province) -> None:
    keys = [unit.key for unit in find_units(province, "vinh", most=50)]

    assert len(keys) == len(set(keys)) > 5


def test_places_are_given_to_the_field_that_offers_them(browser: Browser) -> None:
    browser.sign_in()

    found = browser.get("/places?q=vinh+loi").json

    assert found is not None and found[0] == {"name": "Xã Vĩnh Lợi", "place": "2025:31900"}


def test_without_the_bundle_styles_come_as_written_and_no_script(tmp_path: Path) -> None:
    found = find_assets(tmp_path)

    assert found.scripts == [] and len(found.styles) == len(STYLES)
    assert all((STATIC / name).is_file() for name in found.styles)


@pytest.mark.parametrize("manifest", ["", "{}", '{"app.css": "a.css", "app.js": "a.js"}', "[]"])
def test_an_unfinished_bundle_counts_as_none(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/manifest.json").write_text(manifest)

    assert find_assets(tmp_path).scripts == []


def test_a_bundle_is_taken_by_its_hashed_names(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    names = {"app.css": "app-1.css", "app.js": "app-2.js"}
    (tmp_path / "dist/manifest.json").write_text(json.dumps(names))
    for name in names.values():
        (tmp_path / "dist" / name).touch()

    found = find_assets(tmp_path)

    assert (found.styles, found.scripts) == (["dist/app-1.css"], ["dist/app-2.js"])


def test_the_bundle_has_every_style_in_the_same_order() -> None:
    source = STATIC.parent / "frontend" / "src" / "app.css"

    assert tuple(re.findall(r"css/(\w+)\.css", source.read_text())) == STYLES
