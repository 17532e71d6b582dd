"""The tool that writes the tables of units, fed by a made-up source."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from provinces.build_units import Source, build, main
from provinces.errors import UnitsNotBuilt
from tests.provinces.packs import BAC_LIEU, TINY, copied


def ward(code: str, name: str, key: str) -> dict[str, object]:
    return {
        "provinceCode": "95",
        "province": "Tỉnh Cũ",
        "provinceLat": 9.5,
        "provinceLon": 105.5,
        "districtCode": "954",
        "district": "Thị xã Giữa",
        "districtLat": 9.4,
        "districtLon": 105.4,
        "wardCode": code,
        "ward": name,
        "wardKey": key,
        "wardLat": 9.123456,
        "wardLon": 105.1,
    }


def a_source(old_code: str, new_code: str) -> Source:
    new = {"provinceCode": new_code, "province": "Thành phố Mới"}
    return Source(
        old=[ward("1", "Phường 1", "phuong1"), ward("2", "Thị trấn Xa", "thitranxa")],
        new=[ward("1", "Phường Gộp", "phuonggop") | new, ward("9", "Xã Khác", "xakhac") | new],
        convert=lambda address: SimpleNamespace(ward_key="phuonggop"),
    )


def test_units_of_both_editions_are_written(tmp_path: Path) -> None:
    pack = copied(BAC_LIEU, tmp_path / "pack")

    counts = build(pack, a_source)

    assert counts == (6, 3)
    assert (pack / "units.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "pre2025,95,Cũ,Tỉnh Cũ,province,,,9.50000,105.50000",
        "pre2025,954,Giữa,Thị xã Giữa,town,95,Tỉnh Cũ,9.40000,105.40000",
        "pre2025,1,Phường 1,Phường 1,ward,954,Thị xã Giữa,9.12346,105.10000",
        "pre2025,2,Xa,Thị trấn Xa,township,954,Thị xã Giữa,9.12346,105.10000",
        "2025,96,Mới,Thành phố Mới,province,,,9.50000,105.50000",
        "2025,1,Gộp,Phường Gộp,ward,96,Thành phố Mới,9.12346,105.10000",
    ]


def test_a_new_commune_outside_the_old_province_is_left_out(tmp_path: Path) -> None:
    pack = copied(BAC_LIEU, tmp_path / "pack")

    build(pack, a_source)

    assert "Xã Khác" not in (pack / "units.csv").read_text(encoding="utf-8")


def test_an_old_commune_that_cannot_be_converted_stops_the_build(tmp_path: Path) -> None:
    pack = copied(BAC_LIEU, tmp_path / "pack")
    lost = SimpleNamespace(ward_key=None)

    def without_successors(old_code: str, new_code: str) -> Source:
        source = a_source(old_code, new_code)
        return Source(source.old, source.new, lambda address: lost)

    with pytest.raises(UnitsNotBuilt, match="does not convert 'Phường 1, Thị xã Giữa, Tỉnh Cũ'"):
        build(pack, without_successors)
    assert (pack / "units.csv").read_bytes() == (BAC_LIEU / "units.csv").read_bytes()


def test_a_pack_of_one_edition_has_nothing_to_build() -> None:
    with pytest.raises(UnitsNotBuilt, match=r"expected 2 editions in province.toml, found 1"):
        build(TINY, a_source)


@pytest.mark.skipif(
    importlib.util.find_spec("vietnamadminunits") is not None, reason="the library is installed"
)
def test_without_its_library_the_tool_says_what_to_install(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["bac_lieu"]) == 1
    assert "pip install .[province]" in capsys.readouterr().err
