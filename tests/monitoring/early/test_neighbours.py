import json
from pathlib import Path

import pytest

from monitoring.early.neighbours import Point, metres, neighbours, touching
from provinces.loader import find_province, load_province
from provinces.schema import LOWEST_KINDS

BOUNDARIES = Path(__file__).parents[4] / "shared" / "data" / "communes_2025_former_bac_lieu.geojson"
GANH_HAO, DINH_THANH = "31972", "31993"


def square(west: float, south: float) -> list[list[float]]:
    east, north = west + 1, south + 1
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@pytest.fixture(scope="module")
def middles() -> dict[str, Point]:
    units = load_province(find_province("bac_lieu")).units.values()
    return {
        unit.key.code: Point(unit.latitude, unit.longitude)
        for unit in units
        if unit.key.edition == "2025" and unit.kind in LOWEST_KINDS
    }


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude() -> None:
    here = Point(60.0, 0.0)

    assert metres(here, Point(61.0, 0.0)) == pytest.approx(111_195, rel=1e-4)
    assert metres(here, Point(60.0, 1.0)) == pytest.approx(111_195 / 2, rel=1e-4)


def test_neighbours_are_the_nearest_middles_each_place_without_itself() -> None:
    row = {name: Point(9.0, 105.0 + 0.1 * at) for at, name in enumerate("abcd")}

    assert neighbours(row, most=2) == {
        "a": ("b", "c"),
        "b": ("a", "c"),
        "c": ("b", "d"),
        "d": ("c", "b"),
    }


def test_what_touches_comes_before_what_is_only_near() -> None:
    row = {name: Point(9.0, 105.0 + 0.1 * at) for at, name in enumerate("abcd")}

    assert neighbours(row, {"a": ["d", "c"]}, most=3)["a"] == ("c", "d", "b")


def test_outlines_that_share_a_point_touch() -> None:
    outlines = {
        "west": square(0, 0),
        "east": square(1, 0),
        "corner": square(2, 1),
        "far": square(9, 9),
    }

    told = touching(outlines)

    assert told["east"] == {"west", "corner"}
    assert told["far"] == frozenset()


def test_every_commune_of_the_pack_has_five_neighbours(middles: dict[str, Point]) -> None:
    told = neighbours(middles)

    assert len(told) == 25
    assert {len(each) for each in told.values()} == {5}
    assert told[GANH_HAO][0] == DINH_THANH


@pytest.mark.skipif(not BOUNDARIES.is_file(), reason="the shared boundaries are not beside this")
def test_real_boundaries_have_their_corners_in_common(middles: dict[str, Point]) -> None:
    features = json.loads(BOUNDARIES.read_text())["features"]
    rings = {
        each["properties"]["code"]: [p for ring in each["geometry"]["coordinates"] for p in ring]
        for each in features
    }

    told = touching(rings)

    assert all(told.values())
    assert all(place in told[other] for place in told for other in told[place])
    assert DINH_THANH in told[GANH_HAO]
    assert set(neighbours(middles, told, most=3)[GANH_HAO]) == told[GANH_HAO]
