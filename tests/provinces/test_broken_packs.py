"""Every mistake in a pack is told with its file and line."""

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provinces.errors import ProvinceBroken
from provinces.loader import load_province
from tests.provinces.packs import BAC_LIEU, TINY, broken_copy, copied, problems_of


class Mistake(NamedTuple):
    """In `file`, the first `old` becomes `new`; the problem lies in the line holding `at`."""

    name: str
    file: str
    old: str
    new: str
    at: str
    message: str


MISTAKES = [
    Mistake(
        "unknown_agency",
        "categories.toml",
        'codes = ["so_xay_dung", "csgt"]',
        'codes = ["so_xd2", "csgt"]',
        'agencies = [\n    { codes = ["so_gtvt", "cong_an_tinh"] },\n    { from = 2025-07-01, '
        'codes = ["so_xd2"',
        'category GT03: agency "so_xd2" is not in agencies.toml',
    ),
    Mistake(
        "unknown_group",
        "categories.toml",
        'group = "dat_dai"',
        'group = "dat"',
        'group = "dat"',
        'category DD01: group "dat" is not in this file',
    ),
    Mistake(
        "unknown_category_of_a_module",
        "modules/health.toml",
        '"YT02"',
        '"YT09"',
        '"YT09"',
        'report_categories: category "YT09" is not in categories.toml',
    ),
    Mistake(
        "category_of_two_modules",
        "modules/traffic.toml",
        '"GT06"',
        '"AN01"',
        '"AN01"',
        'report_categories: "AN01" counts for security already',
    ),
    Mistake(
        "two_modules_of_one_order",
        "modules/traffic.toml",
        "order = 2",
        "order = 1",
        "order = 1",
        "order: security has the order 1 already",
    ),
    Mistake(
        "unknown_measure",
        "modules/health.toml",
        'unit = "visits"',
        'unit = "visitors"',
        'unit = "visitors"',
        "indicator outpatients: expected a unit of cases, patients",
    ),
    Mistake(
        "unknown_source",
        "modules/health.toml",
        'source = "so_y_te"',
        'source = "so_y"',
        'source = "so_y"',
        'indicator outpatients: agency "so_y" is not in agencies.toml, nor is it "system"',
    ),
    Mistake(
        "unknown_system_figure",
        "modules/hotline.toml",
        'from_system = "wait_s"',
        'from_system = "wait"',
        'from_system = "wait"',
        "indicator wait: expected a figure of calls_in",
    ),
    Mistake(
        "same_indicator_twice",
        "modules/security.toml",
        'code = "fires"',
        'code = "cases"',
        'code = "cases"\nname.vi = "Vụ cháy"',
        "indicator security.cases: this code is already used",
    ),
    Mistake(
        "target_that_cannot_be",
        "modules/education.toml",
        "target = 95",
        "target = 950",
        "target = 950",
        "indicator attendance: expected 0.0 to 100.0, found 950.0",
    ),
    Mistake(
        "bounds_in_the_wrong_order",
        "modules/education.toml",
        "watch = 90",
        "watch = 70",
        "[[indicator.threshold]]\nwatch = 70",
        "indicator attendance: threshold: expected release, watch, alert falling",
    ),
    Mistake(
        "bounds_of_what_is_neither_good_nor_bad",
        "modules/traffic.toml",
        'worse = "higher"',
        "",
        "[[indicator.threshold]]\nwatch = 2500",
        'indicator flow: threshold: expected worse = "higher" or "lower"',
    ),
    Mistake(
        "question_in_one_language",
        "modules/health.toml",
        'question.en = "How many consultations',
        'question.vi2 = "How many consultations',
        'question.vi2 = "How many',
        'indicator: question in "vi2", which is not among the languages',
    ),
    Mistake(
        "unknown_number",
        "categories.toml",
        'numbers = ["113", "115"]',
        'numbers = ["113", "116"]',
        'numbers = ["113", "116"]',
        'category GT05: number "116" is not in numbers.toml',
    ),
    Mistake(
        "agency_gone",
        "categories.toml",
        '{ from = 2025-07-01, codes = ["so_nnmt"] }',
        '{ from = 2025-07-01, codes = ["so_tnmt"] }',
        'agencies = [\n    { codes = ["so_tnmt"] },\n    { from = 2025-07-01, codes = ["so_tnmt"]',
        'category MT02: agency "so_tnmt" is named after its last day, 2025-06-30',
    ),
    Mistake(
        "agency_not_yet",
        "categories.toml",
        '{ codes = ["so_tnmt"] }',
        '{ codes = ["so_nnmt"] }',
        'agencies = [\n    { codes = ["so_nnmt"] },\n    { from = 2025-07-01, '
        'codes = ["so_nnmt"] },\n]\npriority = "normal"',
        'category MT02: agency "so_nnmt" is named before its first day, 2025-07-01',
    ),
    Mistake(
        "first_period_dated",
        "categories.toml",
        '{ codes = ["so_tnmt"] }',
        '{ from = 2020-01-01, codes = ["so_tnmt"] }',
        "agencies = [\n    { from = 2020-01-01",
        "category MT02: agencies: expected the first list without a date, then rising dates",
    ),
    Mistake(
        "duplicate_category",
        "categories.toml",
        'code = "GT02"',
        'code = "GT01"',
        '[[category]]\ncode = "GT01"\ngroup = "giao_thong"\nname.vi = "Cầu',
        "category GT01: this code is already used in line ",
    ),
    Mistake(
        "category_named_as_a_group",
        "categories.toml",
        'code = "DD01"',
        'code = "dat_dai"',
        'code = "dat_dai"\ngroup',
        "category dat_dai: a group has this code too",
    ),
    Mistake(
        "empty_group",
        "categories.toml",
        'group = "dat_dai"',
        'group = "khac"',
        '[[group]]\ncode = "dat_dai"',
        "group dat_dai: no category belongs to it",
    ),
    Mistake(
        "duplicate_keyword",
        "categories.toml",
        '"kẹt xe", "ùn tắc"',
        '"kẹt xe", "kẹt xe"',
        '"kẹt xe", "kẹt xe"',
        'category GT04: keyword "kẹt xe" is there twice',
    ),
    Mistake(
        "deadline_not_understood",
        "categories.toml",
        'deadline = "4 working hours"',
        'deadline = "4h"',
        'deadline = "4h"',
        'category GT02: deadline: expected "at once", "none", "N working hours" or '
        '"N working days", found "4h"',
    ),
    Mistake(
        "emergency_may_not_wait",
        "categories.toml",
        'deadline = "at once"',
        'deadline = "4 working hours"',
        'deadline = "4 working hours"\nbasis = "emergency number"',
        'category GT05: deadline: expected "at once" for emergency, found "4 working hours"',
    ),
    Mistake(
        "diverted_has_no_deadline",
        "categories.toml",
        'deadline = "none"',
        'deadline = "3 working days"',
        'deadline = "3 working days"\nbasis = "ND20/2008"',
        'category DV01: deadline: expected "none" for diverted, found "3 working days"',
    ),
    Mistake(
        "unknown_priority",
        "categories.toml",
        'priority = "urgent"',
        'priority = "khan"',
        'priority = "khan"',
        "category.priority: Input should be 'emergency', 'urgent', 'normal', 'complex' or "
        "'diverted', found 'khan'",
    ),
    Mistake(
        "name_without_english",
        "categories.toml",
        'name.en = "Traffic jam"\n',
        "",
        'name.vi = "Ùn tắc, kẹt xe"',
        'category: name has no "en"',
    ),
    Mistake(
        "misspelt_key",
        "categories.toml",
        'basis = "HN1207"',
        'bassis = "HN1207"',
        'bassis = "HN1207"',
        "category.bassis: Extra inputs are not permitted",
    ),
    Mistake(
        "missing_value",
        "agencies.toml",
        'code = "ioc"\n',
        "",
        "[[agency]]\nname.vi",
        "agency.code: Field required",
    ),
    Mistake(
        "not_toml",
        "agencies.toml",
        'code = "ioc"',
        'code = "ioc',
        'code = "ioc',
        "not TOML: Illegal character",
    ),
    Mistake(
        "menu_gap",
        "menu.toml",
        'key = "4"\ngroup',
        'key = "6"\ngroup',
        'key = "6"\ngroup',
        'choice 4: expected key "4", found "6": keys go up from 1 without gaps',
    ),
    Mistake(
        "menu_to_nowhere",
        "menu.toml",
        'group = "an_ninh"',
        'group = "antt"',
        'group = "antt"',
        'choice 4: group "antt" is not in categories.toml',
    ),
    Mistake(
        "menu_without_target",
        "menu.toml",
        'group = "giao_thong"\n',
        "",
        '[[choice]]\nkey = "1"',
        "choice 1: expected either group or category",
    ),
    Mistake(
        "unit_outside_the_box",
        "units.csv",
        "Thành phố Bạc Liêu,9.27492,105.71751",
        "Thành phố Bạc Liêu,105.71751,9.27492",
        "pre2025,31813,",
        "unit 31813 of edition pre2025: 105.71751, 9.27492 lies outside the province's box",
    ),
    Mistake(
        "unit_without_degrees",
        "units.csv",
        "9.27492,105.71751",
        "?,105.71751",
        "pre2025,31813,",
        'unit 31813 of edition pre2025: expected degrees, found "?" and "105.71751"',
    ),
    Mistake(
        "duplicate_unit",
        "units.csv",
        "pre2025,31816,",
        "pre2025,31813,",
        "pre2025,31813,Phường 3",
        "unit 31813 of edition pre2025: this key is already used in line ",
    ),
    Mistake(
        "unit_of_no_edition",
        "units.csv",
        "\n2025,31825,",
        "\n2026,31825,",
        "2026,31825,",
        'unit 31825 of edition 2026: edition "2026" is not in province.toml',
    ),
    Mistake(
        "unit_kind",
        "units.csv",
        "Phường 2,ward,",
        "Phường 2,phuong,",
        "pre2025,31813,",
        "unit 31813 of edition pre2025: expected a kind of province, city, town, district, ward, "
        'commune, township, found "phuong"',
    ),
    Mistake(
        "submenu_to_nowhere",
        "menu.toml",
        'category = "GT02"',
        'category = "GT99"',
        'category = "GT99"',
        'sub 1 2: category "GT99" is not in categories.toml',
    ),
    Mistake(
        "submenu_twice_the_same",
        "menu.toml",
        'key = "2"\ncategory = "GT02"',
        'key = "2"\ncategory = "GT01"',
        '[[choice.sub]]\nkey = "2"\ncategory = "GT01"',
        'sub 1 2: "GT01" is there twice',
    ),
    Mistake(
        "submenu_gap",
        "menu.toml",
        'key = "3"\ncategory = "DT03"',
        'key = "7"\ncategory = "DT03"',
        'key = "7"\ncategory = "DT03"',
        'sub 3: expected key "3", found "7": keys go up from 1 without gaps',
    ),
    Mistake(
        "area_of_no_commune",
        "areas.toml",
        '"31957",  # Xã Phong Thạnh',
        '"39999",  # Xã Phong Thạnh',
        'units = [\n    "31942",  # Phường Giá Rai',
        "area 2: 39999 is no commune of edition 2025",
    ),
    Mistake(
        "unit_in_two_areas",
        "areas.toml",
        '"31957",  # Xã Phong Thạnh',
        '"31957", "31825",',
        'units = [\n    "31942",  # Phường Giá Rai',
        "area 2: unit 31825 is already in area 1",
    ),
    Mistake(
        "danger_with_unknown_number",
        "danger.toml",
        'number = "115"',
        'number = "116"',
        'number = "116"',
        'danger medical: number "116" is not in numbers.toml',
    ),
    Mistake(
        "danger_twice",
        "danger.toml",
        'code = "medical"',
        'code = "fire"',
        'code = "fire"\nnumber = "115"',
        "danger fire is there twice",
    ),
    Mistake(
        "unknown_danger",
        "danger.toml",
        'code = "child"',
        'code = "children"',
        'code = "children"',
        "danger.code: Input should be 'police', 'fire', 'medical', 'rescue' or 'child'",
    ),
    Mistake(
        "diverted_is_filed",
        "info.toml",
        "DV02 =",
        "GT01 =",
        "GT01 =",
        "diverted: GT01 is not diverted in categories.toml",
    ),
    Mistake(
        "diverted_to_nowhere",
        "info.toml",
        'DD01 = "info_land"\n',
        "",
        "[diverted]",
        "diverted: nothing says where DD01 belongs",
    ),
    Mistake(
        "limits_not_graded",
        "limits.toml",
        "record_only_calls_hour = 12",
        "record_only_calls_hour = 5",
        "record_only_calls_hour = 5",
        "record_only_calls_hour: expected more than warn_calls_hour, 6; found 5",
    ),
    Mistake(
        "limit_below_one",
        "limits.toml",
        "resume_minutes = 30",
        "resume_minutes = 0",
        "resume_minutes = 0",
        "resume_minutes: Input should be greater than or equal to 1, found 0",
    ),
    Mistake(
        "callbacks_at_no_hour",
        "limits.toml",
        "callback_until = 21:00:00",
        "callback_until = 06:00:00",
        "callback_until = 06:00:00",
        "callback_until: expected more than callback_from, 07:00:00; found 06:00:00",
    ),
    Mistake(
        "reason_without_a_language",
        "handling.toml",
        'name.en = "The place is unclear',
        'name.fr = "The place is unclear',
        'name.fr = "The place is unclear',
        'rejected: name has no "en"',
    ),
    Mistake(
        "reminded_after_the_end",
        "handling.toml",
        "remind_at = 70",
        "remind_at = 170",
        "remind_at = 170",
        "remind_at: Input should be less than or equal to 99, found 170",
    ),
    Mistake(
        "kept_for_no_time",
        "retention.toml",
        "days = 730",
        "days = 0",
        "days = 0",
        "words.days: Input should be greater than or equal to 1, found 0",
    ),
    Mistake(
        "kept_for_no_reason",
        "retention.toml",
        'reason.en = "To find faults of a call',
        'reason.fr = "To find faults of a call',
        'reason.fr = "To find faults of a call',
        'journals: reason has no "en"',
    ),
    Mistake(
        "gone_before_it_may_be_reopened",
        "retention.toml",
        "days = 180",
        "days = 59",
        "days = 59",
        "recordings: expected at least the 60 days in which a report may be reopened, found 59",
    ),
    Mistake(
        "operators_hours",
        "hours.toml",
        'open = ["06:00-22:00"]',
        'open = ["22:00-06:00"]',
        'open = ["22:00-06:00"]',
        'expected times in order such as "07:00-11:00", found "22:00-06:00"',
    ),
    Mistake(
        "address_in_one_language",
        "agencies.toml",
        'code = "ioc"\n',
        'code = "ioc"\naddress.vi = "số 1"\n',
        "address.vi",
        'agency: address has no "en"',
    ),
    Mistake(
        "unit_parent",
        "units.csv",
        "Phường 2,ward,954,",
        "Phường 2,ward,955,",
        "pre2025,31813,",
        'unit 31813 of edition pre2025: parent "955" is not in this file',
    ),
    Mistake(
        "unit_parent_name",
        "units.csv",
        "Phường 2,ward,954,Thành phố Bạc Liêu",
        "Phường 2,ward,954,Huyện Hồng Dân",
        "pre2025,31813,",
        'unit 31813 of edition pre2025: parent 954 is "Thành phố Bạc Liêu", found "Huyện Hồng Dân"',
    ),
    Mistake(
        "columns",
        "units.csv",
        "edition,code,",
        "code,edition,",
        "code,edition,",
        "expected columns edition,code,name,",
    ),
    Mistake(
        "cells",
        "units.csv",
        "pre2025,31813,Phường 2,Phường 2,",
        "pre2025,31813,Phường 2,",
        "pre2025,31813,",
        "expected 9 cells, found 8",
    ),
    Mistake(
        "successor_unknown",
        "units_map.csv",
        "pre2025,31813,Phường 2,2025,31825,",
        "pre2025,31813,Phường 2,2025,39999,",
        "pre2025,31813,",
        "unit 39999 of edition 2025 is not in units.csv",
    ),
    Mistake(
        "successor_of_another_name",
        "units_map.csv",
        "pre2025,31813,Phường 2,2025,31825,Phường Bạc Liêu",
        "pre2025,31813,Phường 2,2025,31825,Phường Vĩnh Trạch",
        "pre2025,31813,",
        'unit 31825 of edition 2025 is "Phường Bạc Liêu", found "Phường Vĩnh Trạch"',
    ),
    Mistake(
        "successor_backwards",
        "units_map.csv",
        "pre2025,31834,Xã Vĩnh Trạch,2025,31834,Phường Vĩnh Trạch",
        "2025,31834,Phường Vĩnh Trạch,pre2025,31834,Xã Vĩnh Trạch",
        "2025,31834,Phường Vĩnh Trạch,pre2025",
        "unit 31834 of edition 2025: expected a later edition than 2025, found pre2025",
    ),
    Mistake(
        "street_in_no_district",
        "streets.csv",
        "pre2025,959,Quốc lộ 1A",
        "pre2025,955,Quốc lộ 1A",
        "pre2025,955,Quốc lộ 1A",
        "street Quốc lộ 1A: unit 955 of edition pre2025 is not in units.csv",
    ),
    Mistake(
        "street_twice",
        "streets.csv",
        "pre2025,954,23/8,vietnam_dataset",
        "pre2025,954,19/5,wiki",
        "pre2025,954,19/5,wiki",
        "street 19/5 is there twice in unit 954 of edition pre2025",
    ),
    Mistake(
        "landmark_in_no_unit",
        "landmarks.csv",
        "2025,31942,thanhnien",
        "2025,39999,thanhnien",
        "2025,39999,thanhnien",
        "landmark Chợ Giá Rai: unit 39999 of edition 2025 is not in units.csv",
    ),
    Mistake(
        "holiday_not_understood",
        "hours.toml",
        'on = "lunar 10/3"',
        'on = "lunar 10-3"',
        'on = "lunar 10-3"',
        'holiday hung_kings: expected "solar D/M" or "lunar D/M", a day of every year; '
        'found "lunar 10-3"',
    ),
    Mistake(
        "holiday_on_no_day",
        "hours.toml",
        'on = "solar 30/4"',
        'on = "solar 31/4"',
        'on = "solar 31/4"',
        'holiday reunification: expected "solar D/M" or "lunar D/M", a day of every year; '
        'found "solar 31/4"',
    ),
    Mistake(
        "holiday_code_twice",
        "hours.toml",
        'code = "labour_day"',
        'code = "reunification"',
        'code = "reunification"\nname.vi = "Ngày Quốc tế Lao động"',
        "holiday reunification: this code is already used",
    ),
    Mistake(
        "exchange_of_a_rest_day",
        "hours.toml",
        "off = 2026-01-02",
        "off = 2026-01-03",
        "off = 2026-01-03",
        "exchange: off: expected a day with office hours, found Sat 03/01/2026",
    ),
    Mistake(
        "openings_out_of_order",
        "hours.toml",
        '"07:00-11:00", "13:00-17:00"',
        '"13:00-17:00", "07:00-11:00"',
        '"13:00-17:00", "07:00-11:00"',
        'expected times in order such as "07:00-11:00", found "07:00-11:00"',
    ),
    Mistake(
        "weekday",
        "hours.toml",
        '"mon", "tue"',
        '"mon", "tues"',
        '"mon", "tues"',
        'expected a day of mon, tue, wed, thu, fri, sat, sun, found "tues"',
    ),
    Mistake(
        "timezone",
        "province.toml",
        '"Asia/Ho_Chi_Minh"',
        '"Asia/Bac_Lieu"',
        '"Asia/Bac_Lieu"',
        'timezone: expected a name such as "Asia/Ho_Chi_Minh", found "Asia/Bac_Lieu"',
    ),
    Mistake(
        "area_code",
        "province.toml",
        'area_codes = ["0291"',
        'area_codes = ["291"',
        'area_codes = ["291"',
        "area_codes: String should match pattern",
    ),
    Mistake(
        "editions_with_a_gap",
        "province.toml",
        "from = 2025-07-01",
        "from = 2025-07-02",
        '[[edition]]\nkey = "2025"',
        "edition 2025: expected to begin the day after pre2025 ends",
    ),
    Mistake(
        "wording_braces",
        "wording/vi.toml",
        "{reference}.",
        "{reference.",
        "{reference.",
        "braces do not pair",
    ),
    Mistake(
        "wording_placeholder",
        "wording/vi.toml",
        "{reference}.",
        "{0}.",
        "{0}.",
        "expected a placeholder such as {reference}, found {0}",
    ),
    Mistake(
        "wording_empty",
        "wording/vi.toml",
        'digit_0 = "không"',
        'digit_0 = " "',
        'digit_0 = " "',
        "digit_0: expected words, found ' '",
    ),
    Mistake(
        "wording_key",
        "wording/vi.toml",
        "digit_0 =",
        "Digit-0 =",
        "Digit-0 =",
        "Digit-0: keys are small letters, digits and _",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_with_its_file_and_line(mistake: Mistake, tmp_path: Path) -> None:
    pack = broken_copy(BAC_LIEU, tmp_path / "pack", mistake.file, mistake.old, mistake.new)

    problems = problems_of(pack)

    text = (pack / mistake.file).read_text(encoding="utf-8")
    before, found, after = text.partition(mistake.at)
    assert found
    assert mistake.at not in after, "the place to look for is not plain"
    line = before.count("\n") + 1
    assert [p for p in problems if mistake.message in p.message], problems
    assert {(p.file, p.line) for p in problems if mistake.message in p.message} == {
        (mistake.file, line)
    }


def test_a_category_that_counts_for_no_module_is_told(tmp_path: Path) -> None:
    others = "other_categories = true\n"
    pack = broken_copy(BAC_LIEU, tmp_path / "pack", "modules/hotline.toml", others, "")

    problems = problems_of(pack)

    assert {p.file for p in problems} == {"modules"}
    assert any(p.message.startswith("category MT01: no module counts its") for p in problems)


def test_a_problem_reads_as_file_line_and_message(tmp_path: Path) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "menu.toml", 'group = "do"', 'group = "bo"')

    with pytest.raises(ProvinceBroken) as raised:
        load_province(pack)

    assert str(raised.value) == 'menu.toml:3: choice 1: group "bo" is not in categories.toml'


def test_an_agency_of_the_second_category_is_told_in_its_own_line(tmp_path: Path) -> None:
    pack = copied(TINY, tmp_path / "pack")
    path = pack / "categories.toml"
    start, end = path.read_text(encoding="utf-8").rsplit("toa_thi_chinh", 1)
    path.write_text(f"{start}nobody{end}", encoding="utf-8")

    (problem,) = problems_of(pack)

    told = 'categories.toml:26: category DO02: agency "nobody" is not in agencies.toml'
    assert str(problem) == told


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "menu.toml", 'group = "do"', 'group = "bo"')
    units = pack / "units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("20.4", "2.4"), encoding="utf-8")
    (pack / "hours.toml").write_text("make_up = maybe\n", encoding="utf-8")
    (pack / "streets.csv").unlink()

    problems = problems_of(pack)

    files = ["areas.toml", "hours.toml", "landmarks.csv", "menu.toml", "streets.csv", "units.csv"]
    assert [problem.file for problem in problems] == files


def test_a_file_that_cannot_be_read_is_not_blamed_on_those_that_refer_to_it(
    tmp_path: Path,
) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "agencies.toml", "[[agency]]", "[[agency")
    (pack / "units.csv").unlink()

    problems = problems_of(pack)

    assert [problem.file for problem in problems] == ["agencies.toml", "units.csv"]


def test_a_menu_of_six_is_too_long(tmp_path: Path) -> None:
    more = "".join(
        f'\n[[choice]]\nkey = "{key}"\ngroup = "do"\nname.vi = "Đò"\nname.en = "Boat"\n'
        for key in range(3, 7)
    )
    pack = copied(TINY, tmp_path / "pack")
    with (pack / "menu.toml").open("a", encoding="utf-8") as file:
        file.write(more)
    with (pack / "wording/vi.toml").open("a", encoding="utf-8") as file:
        file.writelines(f'menu_choice_{key} = "Đò."\n' for key in range(3, 7))
    (pack / "wording/en.toml").unlink()

    (problem,) = problems_of(pack)

    told = "menu.toml:42: the menu has 6 choices, expected at most 5"
    assert str(problem) == told


def test_a_menu_key_without_wording_is_told_for_each_language(tmp_path: Path) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "wording/en.toml", "menu_choice_2", "choice_2")

    (problem,) = problems_of(pack)

    told = 'wording/en.toml: key "menu_choice_2" is missing: menu.toml has key 2'
    assert str(problem) == told


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("menu_choice_1_2", "menu.toml has key 2 under 1"),
        ("area_1", "areas.toml has key 1"),
        ("info_choice_1", "info.toml has key 1"),
        ("info_ferries", "info.toml answers key 1 with it"),
    ],
)
def test_words_that_another_file_speaks_of_are_missed(key: str, told: str, tmp_path: Path) -> None:
    pack = broken_copy(TINY, tmp_path / "pack", "wording/vi.toml", f"{key} =", "unused =")

    (problem,) = problems_of(pack)

    assert str(problem) == f'wording/vi.toml: key "{key}" is missing: {told}'


def test_a_commune_that_cannot_be_keyed_in_is_told(tmp_path: Path) -> None:
    line = '    "31957",  # Xã Phong Thạnh\n'
    pack = broken_copy(BAC_LIEU, tmp_path / "pack", "areas.toml", line, "")

    (problem,) = problems_of(pack)

    assert str(problem) == "areas.toml: unit 31957 Xã Phong Thạnh is in no area"


def test_a_pack_without_wording_is_refused(tmp_path: Path) -> None:
    pack = copied(TINY, tmp_path / "pack")
    for file in (pack / "wording").iterdir():
        file.unlink()

    (problem,) = problems_of(pack)

    assert str(problem) == "wording/vi.toml: the file is missing"


def test_an_old_commune_that_went_nowhere_is_told(tmp_path: Path) -> None:
    line = "pre2025,31813,Phường 2,2025,31825,Phường Bạc Liêu\n"
    pack = broken_copy(BAC_LIEU, tmp_path / "pack", "units_map.csv", line, "")

    (problem,) = problems_of(pack)

    told = "units_map.csv: unit 31813 of edition pre2025 Phường 2 has no successor"
    assert str(problem) == told


def test_decomposed_accents_are_told_with_their_line(tmp_path: Path) -> None:
    composed = "Bến Đợi"
    decomposed = unicodedata.normalize("NFD", composed)
    pack = broken_copy(TINY, tmp_path / "pack", "units.csv", composed, decomposed)

    (problem,) = problems_of(pack)

    told = "units.csv:3: accents are not in composed form (Unicode NFC)"
    assert str(problem) == told


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    pack = copied(TINY, tmp_path / "pack")
    (pack / "menu.toml").write_bytes(b'[[choice]]\nkey = "\xff"\n')

    (problem,) = problems_of(pack)

    assert str(problem) == "menu.toml:2: not UTF-8: byte 0xff"


def test_a_folder_without_province_toml_is_a_broken_pack(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path)

    assert str(problem) == "province.toml: the file is missing"


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    pack = copied(TINY, tmp_path / "pack")
    text = (pack / "units.csv").read_text(encoding="utf-8")
    (pack / "units.csv").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))

    assert problems_of(pack) == ()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    file=st.sampled_from(sorted(path.relative_to(TINY) for path in TINY.rglob("*.*"))),
    start=st.floats(0, 1),
    length=st.integers(0, 40),
    text=st.one_of(st.text(max_size=20), st.sampled_from(["=", "[[x]]", '"', "{", "0", "\n", ","])),
)
def test_whatever_is_in_the_files_a_pack_loads_or_tells_its_problems(
    file: Path, start: float, length: int, text: str
) -> None:
    with TemporaryDirectory() as folder:
        pack = copied(TINY, Path(folder) / "pack")
        path = pack / file
        data = path.read_bytes()
        at = int(start * len(data))
        path.write_bytes(data[:at] + text.encode() + data[at + length :])

        for problem in problems_of(pack):
            assert (pack / problem.file).parent.is_dir()
            assert problem.message
