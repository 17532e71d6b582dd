"""The Bạc Liêu pack: complete, and the same as the facts it was made from."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from provinces.schema import DISTRICT_KINDS, LOWEST_KINDS, Priority, UnitKey
from tests.provinces.packs import bac_lieu

FACTS = Path(__file__).parents[3] / "shared" / "data"
facts_needed = pytest.mark.skipif(
    not FACTS.is_dir(), reason="the folder of facts ../shared/data is not here"
)

OLD = date(2025, 6, 30)
NEW = date(2025, 7, 1)


def facts(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_has_7_districts_64_old_communes_and_25_new_ones() -> None:
    units = bac_lieu().units.values()

    districts = [unit for unit in units if unit.kind in DISTRICT_KINDS]
    communes = Counter(unit.key.edition for unit in units if unit.kind in LOWEST_KINDS)

    assert len(districts) == 7
    assert communes == {"pre2025": 64, "2025": 25}


def test_every_old_commune_went_to_exactly_one_new_one() -> None:
    province = bac_lieu()

    for unit in province.units.values():
        if unit.key.edition == "pre2025" and unit.kind in LOWEST_KINDS:
            (successor,) = province.successors[unit.key]
            assert province.units[successor].kind in LOWEST_KINDS
    assert len(set(province.successors.values())) == 25 + 1  # and the province itself


def test_a_reused_code_means_another_unit_in_each_edition() -> None:
    province = bac_lieu()

    assert province.units[UnitKey("pre2025", "31894")].name == "Vĩnh Hưng"
    assert province.units[UnitKey("2025", "31894")].name == "Châu Thới"


def test_the_old_commune_phuoc_long_is_not_the_new_one() -> None:
    province = bac_lieu()

    (successor,) = province.successors[UnitKey("pre2025", "31876")]

    assert province.units[UnitKey("pre2025", "31876")].full_name == "Xã Phước Long"
    assert province.units[successor].full_name == "Xã Vĩnh Phước"


def test_a_ward_named_by_a_number_keeps_its_kind_in_its_name() -> None:
    assert bac_lieu().units[UnitKey("pre2025", "31813")].name == "Phường 2"


def test_it_has_48_categories_in_groups_that_exist() -> None:
    province = bac_lieu()

    assert len(province.categories) == 48
    assert {category.group for category in province.categories.values()} == set(province.groups)


def test_a_category_changes_hands_with_the_reform() -> None:
    category = bac_lieu().category("GT01")

    assert category.agencies_on(OLD) == ("so_gtvt", "ubnd_huyen")
    assert category.agencies_on(NEW) == ("so_xay_dung", "ubnd_xa")


def test_every_emergency_names_a_number_to_ring() -> None:
    for category in bac_lieu().categories.values():
        if category.priority is Priority.EMERGENCY:
            assert category.numbers, category.code
            assert category.deadline is not None
            assert category.deadline.at_once


def test_complaints_are_diverted_without_a_deadline() -> None:
    for code in ("DV01", "DV02", "DD01"):
        category = bac_lieu().category(code)

        assert category.priority is Priority.DIVERTED
        assert category.deadline is None


def test_the_last_menu_choice_takes_whatever_is_left() -> None:
    choice = bac_lieu().menu[-1]

    assert (choice.key, choice.target.kind, choice.target.code) == ("5", "category", "KH99")


def test_every_menu_choice_is_worded() -> None:
    province = bac_lieu()

    for choice in province.menu:
        assert province.wording["vi"][choice.wording_key]


@facts_needed
def test_old_units_agree_with_the_facts() -> None:
    rows = [row for row in facts("communes_pre2025.csv") if row["province_code"] == "95"]
    province = bac_lieu()

    given = {(row["commune_code"], row["commune"], row["district_code"]) for row in rows}
    ours = {
        (unit.key.code, unit.full_name, unit.parent.code)
        for unit in province.units.values()
        if unit.key.edition == "pre2025" and unit.kind in LOWEST_KINDS and unit.parent
    }

    assert ours == given


@facts_needed
def test_new_units_agree_with_the_facts() -> None:
    rows = [row for row in facts("communes_2025.csv") if row["in_former_bac_lieu"] == "1"]
    province = bac_lieu()

    # Both spellings of "hòa" are official; ours is the one of the older edition.
    given = {(row["code"], row["full_name"].replace("Hoà", "Hòa")) for row in rows}
    ours = {
        (unit.key.code, unit.full_name)
        for unit in province.units.values()
        if unit.key.edition == "2025" and unit.kind in LOWEST_KINDS
    }

    assert ours == given


@facts_needed
def test_new_units_lie_where_the_facts_put_them() -> None:
    province = bac_lieu()

    for row in facts("communes_2025.csv"):
        unit = province.units.get(UnitKey("2025", row["code"]))
        if unit is None or row["in_former_bac_lieu"] != "1":
            continue
        # A tenth of a degree is 11 km: two ways to put one point into a commune.
        assert abs(unit.latitude - float(row["label_lat"])) < 0.1, unit.full_name
        assert abs(unit.longitude - float(row["label_lon"])) < 0.1, unit.full_name


@facts_needed
def test_successions_agree_with_the_facts() -> None:
    rows = [row for row in facts("old_to_new.csv") if row["old_province_code"] == "95"]
    province = bac_lieu()

    given = {(row["old_commune_code"], row["new_code"]) for row in rows}
    ours = {
        (old.code, new.code)
        for old, successors in province.successors.items()
        for new in successors
        if province.units[old].kind in LOWEST_KINDS
    }

    assert ours == given


MODULES = {
    "an_ninh": "security",
    "giao_thong": "traffic",
    "y_te": "health",
    "giao_duc": "education",
    "khong_gian_mang": "cyberspace",
    "dich_vu_cong": "public_services",
    "": "hotline",
}


@facts_needed
def test_categories_agree_with_the_facts() -> None:
    words = {"cap_cuu": "emergency", "khan": "urgent", "binh_thuong": "normal"}
    words |= {"phuc_tap": "complex", "chuyen_kenh": "diverted"}
    province = bac_lieu()

    for row in facts("categories.csv"):
        category = province.category(row["service_code"])

        assert category.names["vi"] == row["name"]
        assert category.module == MODULES[row["ioc_module"]]
        assert category.priority == words[row["priority"]]
        assert set(category.keywords) == {word for word in row["keywords"].split("|") if word}


@facts_needed
def test_streets_agree_with_the_facts() -> None:
    given = {(row["district_code"], row["street"]) for row in facts("streets_bac_lieu.csv")}

    assert {(street.district.code, street.name) for street in bac_lieu().streets} == given
