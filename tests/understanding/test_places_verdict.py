"""A place is taken, or asked for, or was not named: the traps of two maps on one land."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.gazetteer import the_gazetteer
from provinces.schema import UnitKey
from tests.provinces.packs import bac_lieu
from tests.understanding.listed import (
    ASKED,
    ASKED_IN_VAIN,
    AUDIO,
    RIGHT,
    WRONG,
    entries,
    halves,
    place_judge,
    spoken_words,
    tally,
)
from tests.understanding.misheard import KINDS, heard_as
from understanding.places_names import Gazetteer
from understanding.places_verdict import NOTHING, place_verdict


@cache
def known() -> Gazetteer:
    return the_gazetteer(bac_lieu())


def told(text: str) -> tuple[str, set[str]]:
    """What to do, and the names of today's units."""
    verdict = place_verdict(text, known())
    units = {bac_lieu().units[UnitKey(*place.unit.split(":"))].name for place in verdict.places}
    return verdict.action, units


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("phường hai", "Bạc Liêu"),
        ("phường số hai", "Bạc Liêu"),
        ("phường một Giá Rai", "Giá Rai"),
        ("xã Phước Long cũ", "Vĩnh Phước"),
        ("thị trấn Phước Long", "Phước Long"),
        ("xã Vĩnh Mỹ A", "Hòa Bình"),
        ("Vĩnh Mỹ bê", "Vĩnh Mỹ"),
        ("Phong Thạnh Tây, Phước Long", "Phong Hiệp"),
        ("Hộ Phòng, Bạc Liêu", "Giá Rai"),
        ("đường Hòa Bình phường bảy", "Bạc Liêu"),
        ("xã Vĩnh Thanh, à không, Vĩnh Thịnh", "Vĩnh Hậu"),
        ("xã Long Điền tỉnh Cà Mau", "Long Điền"),
        ("Quán Âm Phật Đài", "Hiệp Thành"),
        ("P.7, TP. Bạc Liêu", "Bạc Liêu"),
        ("TT. Gành Hào, H. Đông Hải", "Gành Hào"),
        ("ấp Hòa Bình, xã Vĩnh Mỹ B", "Vĩnh Mỹ"),
        ("xã dĩnh hưng", "Châu Thới"),
        ("ap hai xa chau thoi", "Châu Thới"),
    ],
)
def test_a_place_that_is_clear_is_taken(text: str, unit: str) -> None:
    assert told(text) == ("take", {unit})


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("phường một", {"Bạc Liêu", "Giá Rai"}),
        ("xã Phước Long", {"Phước Long", "Vĩnh Phước"}),
        ("xã Phong Thạnh", {"Phong Thạnh", "Giá Rai"}),
        ("Giá Rai", {"Giá Rai", "Láng Tròn", "Phong Thạnh"}),
        ("huyện Hòa Bình", {"Hòa Bình", "Vĩnh Mỹ", "Vĩnh Hậu"}),
        ("thành phố Bạc Liêu", {"Bạc Liêu", "Vĩnh Trạch", "Hiệp Thành"}),
        ("xã Vĩnh Mỹ á", {"Vĩnh Mỹ", "Hòa Bình"}),
        ("Vĩnh Phú", {"Phước Long", "Vĩnh Phước"}),
        ("Vĩnh Phú, Đông hay Tây hổng rõ", {"Phước Long", "Vĩnh Phước"}),
        ("từ Hộ Phòng đi Gành Hào", {"Giá Rai", "Gành Hào"}),
        ("cửa biển Cái Cùng", {"Hòa Bình", "Vĩnh Hậu"}),
        # only like a name, or a part of one
        ("gành hầu", {"Gành Hào"}),
        ("xã Minh gì đó", {"Vĩnh Mỹ"}),
        ("sông Gành Hào sạt lở", {"Gành Hào"}),
    ],
)
def test_what_may_mean_several_places_is_asked(text: str, units: set[str]) -> None:
    assert told(text) == ("ask", units)


@pytest.mark.parametrize("name", ["Hồng Dân", "Phước Long", "Vĩnh Lợi", "Giá Rai", "Đông Hải",
                                  "Hòa Bình", "Bạc Liêu"])  # fmt: skip
def test_a_former_district_is_never_taken_for_the_commune_of_its_name(name: str) -> None:
    action, units = told(f"dạ ở {name} đó cô")

    assert action == "ask" and name in units and len(units) > 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tỉnh Bạc Liêu",
        "đường Hòa Bình",
        "anh Châu Thới nói",
        "quán Hồng Dân bán mắc",
        "phường một thành phố Cà Mau",
        "xã Vĩnh Lợi bên Sóc Trăng",
        "lên phường một lần rồi",
        "ở phường năm nay cúp điện",
        "bảo hộ phòng cháy",
        "tui định thành lập tổ tự quản",
        "nhà mát rượi",
    ],
)
def test_what_is_no_place_of_the_province_is_none(text: str) -> None:
    assert place_verdict(text, known()) == NOTHING


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    verdict = place_verdict(text, known())

    assert (verdict.action == "none") == (not verdict.places)


def test_98_of_100_listed_places_are_right_or_asked_and_under_1_is_silently_wrong() -> None:
    outcomes = tally(entries("places"), place_judge(known()))

    assert outcomes.share(RIGHT, ASKED, ASKED_IN_VAIN) >= 0.98
    assert outcomes.share(WRONG) < 0.01
    # Asking is safe and tiring.
    assert outcomes.share(ASKED, ASKED_IN_VAIN) <= 0.07


def test_the_half_whose_failures_nobody_looked_at_is_as_good() -> None:
    unseen, _ = halves(entries("places"))

    outcomes = tally(unseen, place_judge(known()))

    assert outcomes.share(RIGHT, ASKED, ASKED_IN_VAIN) >= 0.97
    assert outcomes.share(WRONG) <= 0.015


@pytest.mark.parametrize(
    ("kind", "safe", "wrong"),
    # With a fifth of the words wrong every third name has lost a syllable.
    [
        ("accents dropped", 0.95, 0.02),
        ("southern spelling", 0.96, 0.015),
        ("a fifth of the words wrong", 0.79, 0.045),
    ],
)
def test_places_are_found_or_asked_through_recognition_errors(
    kind: str, safe: float, wrong: float
) -> None:
    outcomes = tally(entries("places"), place_judge(known()), heard_as(KINDS[kind], seed=1))

    assert outcomes.share(RIGHT, ASKED, ASKED_IN_VAIN) >= safe
    assert outcomes.share(WRONG) <= wrong


@pytest.mark.skipif(not AUDIO.exists(), reason="../shared/audio is not beside the project")
def test_the_words_of_the_real_recordings_name_no_place() -> None:
    assert [text for text in spoken_words() if told(text)[0] != "none"] == []
