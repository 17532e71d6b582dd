"""What a loaded province is like, whichever it is."""

import dataclasses
from collections.abc import Callable, Mapping

import pytest

from provinces.errors import ProvinceNotFound, UnknownCode
from provinces.loader import built_in_provinces, find_province, load_province
from provinces.schema import Province, UnitKey
from tests.provinces.packs import BAC_LIEU, TINY, bac_lieu, tiny

PROVINCES = [pytest.param(bac_lieu, id="bac_lieu"), pytest.param(tiny, id="tiny")]


def test_another_province_is_another_folder() -> None:
    province = tiny()

    assert province.names == {"vi": "Sông Xa", "en": "Far River"}
    assert province.hotline_number == "18007654"
    assert [choice.target.code for choice in province.menu] == ["do", "DO02"]
    assert province.units[UnitKey("founded", "19901")].name == "Bến Đợi"
    assert set(province.wording) == {"vi", "en"}


@pytest.mark.parametrize("loaded", PROVINCES)
def test_nothing_in_a_province_can_be_changed(loaded: Callable[[], Province]) -> None:
    province = loaded()

    for field in dataclasses.fields(Province):
        value = getattr(province, field.name)
        assert not isinstance(value, list | set | dict | bytearray), field.name
        if isinstance(value, Mapping):
            with pytest.raises(TypeError):
                value["new"] = "value"  # type: ignore[index]
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(province, field.name, value)


@pytest.mark.parametrize("loaded", PROVINCES)
def test_the_values_inside_cannot_be_changed_either(loaded: Callable[[], Province]) -> None:
    province = loaded()
    first_category = next(iter(province.categories.values()))
    first_agency = next(iter(province.agencies.values()))
    rule = province.holidays.rules[0]
    unit = next(iter(province.units.values()))

    entries = (first_category, first_agency, province.menu[0], rule, unit, unit.key)
    for entry, name in zip(entries, ("code", "code", "key", "code", "key", "code"), strict=True):
        with pytest.raises(AttributeError):
            setattr(entry, name, "changed")
    for entry in (first_category, first_agency, province.menu[0], rule):
        with pytest.raises(TypeError):
            entry.names["vi"] = "changed"  # type: ignore[index]
    for texts in province.wording.values():
        with pytest.raises(TypeError):
            texts["greeting"] = "changed"  # type: ignore[index]


def test_a_province_is_found_by_its_key_or_its_folder() -> None:
    assert find_province("bac_lieu") == BAC_LIEU
    assert find_province(str(TINY)) == TINY
    assert "bac_lieu" in built_in_provinces()


def test_an_unknown_province_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ProvinceNotFound, match=r"expected a province \(bac_lieu.*found 'atlantis'"):
        find_province("atlantis")


def test_an_empty_name_is_not_the_current_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(TINY)

    with pytest.raises(ProvinceNotFound):
        find_province("")


def test_a_category_is_found_by_its_code() -> None:
    assert tiny().category("DO01").names["en"] == "Broken ferry"


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(UnknownCode, match="song_xa has no category 'XX99'"):
        tiny().category("XX99")


def test_a_key_off_the_menu_chooses_nothing() -> None:
    assert tiny().menu_choice("7") is None


def test_a_key_on_the_menu_gives_its_choice() -> None:
    choice = tiny().menu_choice("2")

    assert choice is not None
    assert choice.wording_key == "menu_choice_2"


def test_loading_twice_gives_equal_provinces() -> None:
    assert load_province(TINY) == tiny()
