"""Boundaries of units, as an operator takes them in."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hotline.commands.province import province as command
from provinces.boundaries import keep_boundaries, kept_boundaries, read_boundaries
from provinces.errors import BoundariesBroken
from tests.console.spread import shared_boundaries, squares
from tests.provinces.packs import bac_lieu

TODAY = "2025"


def written(folder: Path, content: Any) -> Path:
    file = folder / "boundaries.geojson"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def a_feature(code: Any = "31825", **geometry: Any) -> dict[str, Any]:
    ring = [[105.6, 9.2], [105.8, 9.2], [105.8, 9.4], [105.6, 9.2]]
    shape = {"type": "Polygon", "coordinates": [ring], **geometry}
    return {"type": "Feature", "properties": {"code": code}, "geometry": shape}


def a_file(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def test_what_was_kept_comes_back_by_place_and_to_the_metre(tmp_path: Path) -> None:
    ring = [[105.6000049, 9.2], [105.8, 9.2], [105.8, 9.4], [105.6000049, 9.2]]
    file = written(tmp_path, a_file(a_feature(coordinates=[ring]), a_feature("99999")))

    found = read_boundaries(file, bac_lieu(), TODAY)
    keep_boundaries(found, tmp_path / "kept")
    (kept,) = kept_boundaries(tmp_path / "kept", bac_lieu())

    assert kept["properties"] == {"place": "2025:31825"}
    assert kept["geometry"]["coordinates"][0][0] == [105.6, 9.2]
    assert found.strange == 1 and len(found.missing) == 24


@pytest.mark.parametrize("code", ["31825", 31825])
def test_a_unit_is_told_by_its_code_as_text_or_number(tmp_path: Path, code: object) -> None:
    file = written(tmp_path, a_file(a_feature(code)))

    assert set(read_boundaries(file, bac_lieu(), TODAY).geometries) == {"31825"}


def test_the_code_may_stand_in_a_property_that_is_named(tmp_path: Path) -> None:
    feature = a_feature()
    feature["properties"] = {"MaXaPhuong": "31825"}
    file = written(tmp_path, a_file(feature))

    with pytest.raises(BoundariesBroken, match="found none of 1"):
        read_boundaries(file, bac_lieu(), TODAY)
    assert read_boundaries(file, bac_lieu(), TODAY, "maxaphuong").geometries


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("no json", "expected JSON"),
        ("[" * 100_000, "expected JSON"),
        ({"type": "Feature"}, "FeatureCollection"),
        ({"type": "FeatureCollection", "features": [1]}, "FeatureCollection"),
        (a_file(), "found none of 0"),
        (a_file(a_feature(type="Point", coordinates=[105.7, 9.3])), "found Point"),
        (a_file({**a_feature(), "geometry": None}), "found None"),
        (a_file(a_feature(coordinates=[])), "at least one ring"),
        (a_file(a_feature(coordinates=[[[105.6, 9.2], [105.8, 9.2]]])), "each closed"),
        (a_file(a_feature(coordinates="many")), "each closed"),
        (a_file(a_feature(coordinates=[[[105.6], [105.8], [105.8], [105.6]]])), "each closed"),
        (a_file(a_feature(coordinates=[[[10**400, 9.2]] * 4])), "each closed"),
        (a_file(a_feature(), a_feature()), "is there twice"),
        # Latitude first; and the metres of a national grid.
        (a_file(a_feature(coordinates=[[[9.2, 85.0], [9.4, 85.0], [9.4, 86.0], [9.2, 85.0]]])),
         "far outside"),
        (a_file(a_feature(coordinates=[[[563000, 1027000], [564000, 1027000], [564000, 1028000],
                                        [563000, 1027000]]])), "in degrees"),
    ],
)  # fmt: skip
def test_what_is_no_boundary_is_refused_with_a_reason(
    tmp_path: Path, content: Any, why: str
) -> None:
    with pytest.raises(BoundariesBroken, match=why):
        read_boundaries(written(tmp_path, content), bac_lieu(), TODAY)


def test_the_command_says_what_it_took_and_forgets_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))
    file = written(tmp_path, squares(bac_lieu()))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command, ["boundaries", *arguments], catch_exceptions=False)

    told = json.loads(run(str(file), "--json").output)
    assert (told["units"], told["missing"], told["edition"]) == (25, [], TODAY)
    assert Path(told["file"]).is_file()
    assert run("--remove").exit_code == 0 and not Path(told["file"]).exists()
    Path(told["file"]).mkdir()  # what cannot be removed
    refused = run("--remove")
    assert refused.exit_code == 1 and "boundaries: " in refused.output
    assert run().exit_code == 2 and run(str(file), "--edition", "1900").exit_code == 2
    assert run(str(tmp_path / "nothing")).exit_code == 1


def test_real_boundaries_of_every_unit_are_taken(tmp_path: Path) -> None:
    if not shared_boundaries().is_file():
        pytest.skip("no real boundaries on this machine")

    found = read_boundaries(shared_boundaries(), bac_lieu(), TODAY)

    assert len(found.geometries) == 25 and not found.missing
