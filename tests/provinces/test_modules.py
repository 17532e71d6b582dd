"""The monitoring modules of the pack: what is watched, and in which measure."""

import pytest

from provinces.errors import UnknownCode, UnlikeMeasures
from provinces.measures import MEASURES, convert, measure_written
from provinces.modules import SYSTEM, SYSTEM_FIGURES, Period
from tests.provinces.packs import BAC_LIEU, bac_lieu, copied, problems_of, tiny

MODULES = (
    "security",
    "traffic",
    "health",
    "education",
    "cyberspace",
    "public_services",
    "hotline",
)


def test_there_are_seven_in_their_order() -> None:
    assert tuple(module.code for module in bac_lieu().modules) == MODULES


def test_each_category_counts_for_one_module_which_names_it() -> None:
    province = bac_lieu()

    named = [(code, m.code) for m in province.modules for code in m.report_categories]

    assert sorted(named) == sorted((c.code, c.module) for c in province.categories.values())


@pytest.mark.parametrize("code", MODULES)
def test_a_module_has_reports_headlines_and_something_that_raises_an_alert(code: str) -> None:
    module = bac_lieu().module(code)

    assert f"{code}.reports" in {each.code for each in module.indicators}
    assert 3 <= len(module.headlines) <= 4
    assert any(each.thresholds for each in module.indicators)
    assert all(each.code.startswith(f"{code}.") for each in module.indicators)


def test_every_figure_that_the_system_can_tell_is_asked_for() -> None:
    figures = {each.from_system for each in bac_lieu().indicators.values()} - {None}

    assert figures == set(SYSTEM_FIGURES)


def test_whoever_is_asked_by_telephone_keys_in_a_whole_number() -> None:
    for each in bac_lieu().indicators.values():
        if each.question is not None:
            assert each.source != SYSTEM and each.lowest >= 0, each.code
            assert each.period is not Period.HOUR or each.code == "traffic.jams", each.code


def test_a_target_is_met_on_its_good_side() -> None:
    indicator = bac_lieu().indicator

    assert indicator("security.fires").met(0) and indicator("security.fires").met(1) is False
    assert indicator("education.attendance").met(95.5)
    assert indicator("education.attendance").met(94) is False
    assert indicator("traffic.flow").met(1) is None


def test_an_unknown_code_is_told() -> None:
    with pytest.raises(UnknownCode, match=r"security\.dogs"):
        bac_lieu().indicator("security.dogs")
    with pytest.raises(UnknownCode, match="dogs"):
        bac_lieu().module("dogs")


def test_a_pack_may_have_no_modules() -> None:
    assert tiny().modules == ()
    assert {category.module for category in tiny().categories.values()} == {None}


def test_a_new_module_is_one_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    pack = copied(BAC_LIEU, tmp_path_factory.mktemp("pack") / "pack")
    health = (pack / "modules" / "health.toml").read_text(encoding="utf-8")
    categories = 'report_categories = ["YT01", "YT02", "YT03"]\n'
    new = health.replace("order = 3", "order = 8").replace(categories, "")
    (pack / "modules" / "environment.toml").write_text(new, encoding="utf-8")

    assert problems_of(pack) == ()


@pytest.mark.parametrize(
    ("value", "given", "wanted", "told"),
    [
        (0.5, "ratio", "percent", 50),
        (5, "permille", "percent", 0.5),
        (2, "phút", "s", 120),
        (1.5, "Giờ", "min", 90),
        (10, "m/s", "km/h", 36),
        (3, "xe/phút", "vehicles_h", 180),
        (2_500_000, "đồng", "triệu đồng", 2.5),
        (140, "cm", "m", 1.4),
        (7, "vụ", "cases", 7),
    ],
)
def test_a_value_is_told_in_another_measure(
    value: float, given: str, wanted: str, told: float
) -> None:
    before, after = measure_written(given), measure_written(wanted)

    assert before is not None and after is not None
    assert convert(value, before, after) == pytest.approx(told)


def test_what_is_counted_cannot_be_told_as_something_else() -> None:
    with pytest.raises(UnlikeMeasures, match="expected cases, found people"):
        convert(1, MEASURES["people"], MEASURES["cases"])
    assert measure_written("furlong") is None


def test_a_measure_is_known_by_all_its_ways_of_being_written() -> None:
    for measure in MEASURES.values():
        assert measure_written(measure.code) == measure
        if measure.symbol:
            assert measure_written(measure.symbol.upper()) == measure, measure.symbol
