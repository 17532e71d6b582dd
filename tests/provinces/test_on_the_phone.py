"""What callers may key in, when somebody is on duty, and the words that need not be written."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import get_args

import pytest

from ivr.commands import Danger
from provinces.schema import LOWEST_KINDS, Province, UnitKey
from tests.provinces.packs import bac_lieu, tiny

PROVINCES = [pytest.param(bac_lieu, id="bac_lieu"), pytest.param(tiny, id="tiny")]


@pytest.mark.parametrize("loaded", PROVINCES)
def test_every_commune_of_today_can_be_keyed_in(loaded: Callable[[], Province]) -> None:
    province = loaded()

    keyed = [unit for area in province.areas for unit in area.units]

    here = {
        key
        for key, unit in province.units.items()
        if unit.kind in LOWEST_KINDS and key.edition == province.current_edition
    }
    assert sorted(keyed) == sorted(here)


def test_the_second_level_ends_with_what_lies_above_it() -> None:
    roads = bac_lieu().menu[0]

    assert [sub.key for sub in roads.sub] == ["1", "2", "3", "4", "5"]
    assert roads.sub[0].target.code == "GT01"
    assert roads.sub[4].target == roads.target
    assert roads.sub[4].wording_key == "menu_choice_1_5"


def test_diverted_matters_can_be_reached_by_key() -> None:
    province = bac_lieu()

    reached = {sub.target.code for choice in province.menu for sub in choice.sub}

    assert {"DV01", "DD01"} <= reached
    assert province.diverted == {
        "DV01": "info_procedure",
        "DV02": "info_complaint",
        "DD01": "info_land",
    }


def test_dangers_are_keyed_in_the_order_of_the_numbers_that_help() -> None:
    dangers = bac_lieu().dangers

    assert [(d.key, d.code, d.number) for d in dangers] == [
        ("1", "police", "113"),
        ("2", "fire", "114"),
        ("3", "medical", "115"),
        ("4", "rescue", "112"),
        ("5", "child", "111"),
    ]
    assert {d.code for d in dangers} == set(get_args(Danger))


def test_nothing_is_invented_about_agencies() -> None:
    for agency in bac_lieu().agencies.values():
        assert agency.number is None
        assert not agency.addresses


@pytest.mark.parametrize(
    ("local", "why"),
    [
        ("2026-11-23 06:00", None),  # a Monday
        ("2026-11-23 05:59", "closed_hours"),
        ("2026-11-22 21:59", None),  # a Sunday: offices are closed, operators are not
        ("2026-11-22 22:00", "closed_hours"),
        ("2026-02-17 10:00", "closed_holiday"),  # first day of the year of the Horse
        ("2026-04-26 10:00", "closed_holiday"),  # 10/3 of the lunar calendar
        ("2026-04-27 10:00", "closed_holiday"),  # which was a Sunday: the day in its place
        ("2026-09-02 23:00", "closed_holiday"),
        ("2026-01-02 10:00", None),  # a bridging day of offices
    ],
)
def test_operators_keep_their_own_hours_and_the_holidays(local: str, why: str | None) -> None:
    province = bac_lieu()
    moment = datetime.fromisoformat(local).replace(tzinfo=province.timezone)

    assert province.closed_why(moment.astimezone(UTC)) == why


def test_operators_may_work_on_holidays() -> None:
    province = tiny()
    ferry_day = datetime(2027, 6, 5, 9, tzinfo=province.timezone)

    assert province.openings_on(ferry_day.date()) == ()
    assert province.closed_why(ferry_day) is None


@pytest.mark.parametrize(
    ("language", "key", "words"),
    [
        ("vi", "number_0", "không"),
        ("vi", "number_10", "mười"),
        ("vi", "number_14", "mười bốn"),
        ("vi", "number_15", "mười lăm"),
        ("vi", "number_20", "hai mươi"),
        ("vi", "number_21", "hai mươi mốt"),
        ("vi", "number_25", "hai mươi lăm"),
        ("vi", "number_31", "ba mươi mốt"),
        ("vi", "number_99", "chín mươi chín"),
        ("en", "number_21", "twenty-one"),
        ("vi", "unit_31900", "xã Vĩnh Lợi"),
        ("en", "unit_31942", "Gia Rai ward"),
        ("vi", "old_unit_31900", "thị trấn Châu Hưng cũ"),
        ("vi", "old_unit_31942", "phường 1 cũ của thị xã Giá Rai"),
        ("vi", "old_unit_31813", "phường 2 cũ"),
        ("en", "old_unit_31825", "the former ward 1 of Bac Lieu"),
        ("en", "old_unit_31984", "the former Long Dien Tay commune"),
        ("vi", "kind_GT01", "Đường hư, ổ gà, sụt lún"),
        ("vi", "kind_DT03", "Nắp cống, hố ga mất, hư"),
        ("vi", "kind_YT01", "Dịch bệnh"),
        ("en", "kind_moi_truong", "Rubbish, pollution and flooding"),
    ],
)
def test_names_and_amounts_are_worded_without_being_written(
    language: str, key: str, words: str
) -> None:
    assert bac_lieu().wording[language][key] == words


@pytest.mark.parametrize("loaded", PROVINCES)
def test_whatever_can_be_chosen_or_understood_can_be_said(loaded: Callable[[], Province]) -> None:
    province = loaded()

    for language, texts in province.wording.items():
        for code in (*province.categories, *province.groups):
            assert texts[f"kind_{code}"], language
        for key, unit in province.units.items():
            if unit.kind in LOWEST_KINDS:
                now = key.edition == province.current_edition
                assert texts[f"unit_{key.code}" if now else f"old_unit_{key.code}"], language


def test_a_code_that_was_reused_is_said_by_its_edition() -> None:
    province, texts = bac_lieu(), bac_lieu().wording["vi"]

    assert province.units[UnitKey("pre2025", "31894")].name == "Vĩnh Hưng"
    assert texts["old_unit_31894"] == "xã Vĩnh Hưng cũ"
    assert texts["unit_31894"] == "xã Châu Thới"


def test_english_and_vietnamese_say_the_same_prompts() -> None:
    wording = bac_lieu().wording

    assert set(wording["en"]) == set(wording["vi"])
