"""Spoken places: old and new names, southern ears, and names that are traps."""

from functools import cache

import pytest

from hotline.gazetteer import the_gazetteer
from provinces.schema import LOWEST_KINDS, UnitKey
from tests.provinces.packs import bac_lieu
from understanding.places import PlaceFound, find_places
from understanding.places_names import Gazetteer, Head, PlaceName, gazetteer


@cache
def known() -> Gazetteer:
    return the_gazetteer(bac_lieu())


def name_of(key: str | None) -> str | None:
    return bac_lieu().units[UnitKey(*key.split(":"))].full_name if key else None


def found_in(text: str) -> list[tuple[str | None, str | None]]:
    """Full names of (today's unit, the former unit that was named)."""
    return [(name_of(place.unit), name_of(place.old)) for place in find_places(text, known())]


@pytest.mark.parametrize(
    ("text", "unit", "old"),
    [
        ("ở xã Vĩnh Lợi", "Xã Vĩnh Lợi", None),
        ("ấp ba xã châu thới", "Xã Châu Thới", None),
        ("phường Láng Tròn", "Phường Láng Tròn", None),
        ("xã Gành Hào", "Xã Gành Hào", None),
        # old names
        ("thị trấn Châu Hưng", "Xã Vĩnh Lợi", "Thị trấn Châu Hưng"),
        ("ngan dừa", "Xã Hồng Dân", "Thị trấn Ngan Dừa"),
        ("ở Hộ Phòng", "Phường Giá Rai", "Phường Hộ Phòng"),
        ("nhà mát", "Phường Hiệp Thành", "Phường Nhà Mát"),
        ("xã Điền Hải", "Xã Long Điền", "Xã Điền Hải"),
        ("khóm 5 phường 7", "Phường Bạc Liêu", "Phường 7"),
        ("phường bảy", "Phường Bạc Liêu", "Phường 7"),
        # the whole name, not a part of it
        ("xã Phong Thạnh Tây A", "Xã Phong Hiệp", "Xã Phong Thạnh Tây A"),
        ("xã Phong Thạnh Tây", "Xã Phong Thạnh", "Xã Phong Thạnh Tây"),
        ("Long Điền Đông A", "Xã Đông Hải", "Xã Long Điền Đông A"),
        ("xã vĩnh hậu a", "Xã Vĩnh Hậu", "Xã Vĩnh Hậu A"),
        # spelled by ear
        ("xã Dỉnh Mỹ B", "Xã Vĩnh Mỹ", "Xã Vĩnh Mỹ B"),
        ("xã Rành Hào", "Xã Gành Hào", None),
        ("quà bình", "Xã Hòa Bình", None),
        ("thị trấn Hoà Bình", "Xã Hòa Bình", "Thị trấn Hòa Bình"),
        ("xã Ninh Wới A", "Xã Ninh Quới", "Xã Ninh Quới A"),
        ("lắng tròn", "Phường Láng Tròn", None),
        ("ngang vừa", "Xã Hồng Dân", "Thị trấn Ngan Dừa"),
        ("xã an chạt", "Xã An Trạch", None),
        # without accents
        ("xa vinh my", "Xã Vĩnh Mỹ", None),
        ("phuong lang tron", "Phường Láng Tròn", None),
        # landmarks
        ("trước chợ Giá Rai", "Phường Giá Rai", None),
        ("gần nhà hát ba nón lá", "Phường Bạc Liêu", None),
        # a district beside its commune
        ("phường một thị xã Giá Rai", "Phường Giá Rai", "Phường 1"),
        ("phường 1, Giá Rai", "Phường Giá Rai", "Phường 1"),
        ("Giá Rai, phường 1", "Phường Giá Rai", "Phường 1"),
        ("phường 1 thành phố Bạc Liêu", "Phường Bạc Liêu", "Phường 1"),
        ("xã Vĩnh Thịnh huyện Hòa Bình", "Xã Vĩnh Hậu", "Xã Vĩnh Thịnh"),
        ("xã Hưng Hội huyện Vĩnh Lợi", "Xã Hưng Hội", None),
        ("ấp 3 xã An Trạch A huyện Đông Hải", "Xã An Trạch", "Xã An Trạch A"),
        # a district by itself: the commune that has its name today
        ("ở thành phố Bạc Liêu", "Phường Bạc Liêu", None),
        # a street is not the commune of its name
        ("đường Hòa Bình, phường 7", "Phường Bạc Liêu", "Phường 7"),
    ],
)
def test_the_likeliest_place_is(text: str, unit: str, old: str | None) -> None:
    assert found_in(text)[0] == (unit, old)


@pytest.mark.parametrize(
    ("text", "both"),
    [
        # "xã Phước Long" was, and is, and is not the same
        ("xã Phước Long", {("Xã Phước Long", None), ("Xã Vĩnh Phước", "Xã Phước Long")}),
        ("phước long", {("Xã Phước Long", None), ("Xã Vĩnh Phước", "Xã Phước Long")}),
        ("xã Phong Thạnh", {("Xã Phong Thạnh", None), ("Phường Giá Rai", "Xã Phong Thạnh")}),
        ("phường 1", {("Phường Bạc Liêu", "Phường 1"), ("Phường Giá Rai", "Phường 1")}),
    ],
)
def test_what_may_mean_two_places_is_never_guessed(
    text: str, both: set[tuple[str, str | None]]
) -> None:
    places = find_places(text, known())

    assert set(found_in(text)[:2]) == both
    assert places[0].score == places[1].score


def test_a_word_for_the_kind_of_place_decides_between_namesakes() -> None:
    assert found_in("thị trấn Phước Long")[0] == ("Xã Phước Long", "Thị trấn Phước Long")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("xã Phước Long cũ", ("Xã Vĩnh Phước", "Xã Phước Long")),
        ("xã Phước Long mới", ("Xã Phước Long", None)),
    ],
)
def test_old_and_new_are_told_apart_when_it_is_said(
    text: str, first: tuple[str, str | None]
) -> None:
    assert found_in(text)[0] == first


def test_a_near_name_is_offered_second() -> None:
    assert [unit for unit, _ in found_in("xã Vĩnh Lợi")] == ["Xã Vĩnh Lợi", "Xã Vĩnh Lộc"]


def test_two_places_are_two_candidates() -> None:
    units = {unit for unit, _ in found_in("đường từ Vĩnh Lợi đi Hòa Bình")}

    assert units == {"Xã Vĩnh Lợi", "Xã Hòa Bình"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tỉnh Bạc Liêu",
        "con đường trước nhà tôi bị hư ổ gà nhiều lắm",
        "rác ba ngày nay không ai gom, hôi thúi quá",
        "cúp điện từ sáng tới giờ, năm nay bị hoài",
        "đường Hòa Bình",
        "anh Tư với chị Chín ở kế bên",
    ],
)
def test_words_that_name_no_place_find_none(text: str) -> None:
    assert found_in(text) == []


def test_every_unit_is_found_by_its_own_full_name() -> None:
    province = bac_lieu()

    for key, unit in province.units.items():
        if unit.kind not in LOWEST_KINDS:
            continue
        today = key if key.edition == province.current_edition else province.successors[key][0]
        units = [place.unit for place in find_places(unit.full_name, known())]
        assert f"{today.edition}:{today.code}" in units[:2], unit.full_name


def test_a_candidate_tells_its_score_and_its_words() -> None:
    names = [PlaceName("Bến Đợi", Head.COMMUNE, "founded:19901")]

    found = find_places("Dạ ở Xã Bến Đợi đó.", gazetteer(names))

    assert found == [PlaceFound("founded:19901", None, 1.0, "bến đợi")]


def test_a_name_does_not_reach_over_a_full_stop() -> None:
    names = [PlaceName("Bến Đợi", Head.COMMUNE, "founded:19901")]

    assert find_places("Tôi đứng ở bến. Đợi lâu quá.", gazetteer(names)) == []
