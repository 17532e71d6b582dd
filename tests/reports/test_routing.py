"""The right agency by category, place and day: what changed hands on 1 July 2025 too."""

from datetime import date

import pytest

from reports.routing import agency_name, find_agency, receivers
from tests.provinces.packs import bac_lieu

LOCAL = "MT03"  # handled by the communes, then and now
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def ids(category: str | None, place: str | None, day: date) -> list[str | None]:
    return [found.id for found in receivers(bac_lieu(), category, place, day)]


def test_a_pothole_goes_to_todays_department_and_commune() -> None:
    assert ids("GT01", "2025:31942", AFTER) == ["so_xay_dung", "ubnd_xa@2025:31942"]


def test_before_the_reform_it_went_to_those_who_existed_then() -> None:
    found = ids("GT01", "pre2025:31813", BEFORE)

    assert found == ["so_gtvt", "ubnd_huyen@pre2025:954"]


def test_an_old_place_told_today_goes_to_its_commune_of_today() -> None:
    assert "ubnd_xa@2025:31825" in ids("GT01", "pre2025:31813", AFTER)  # Phường 2


def test_a_new_place_on_an_old_day_offers_every_former_unit() -> None:
    found = receivers(bac_lieu(), LOCAL, "2025:31825", BEFORE)

    units = {receiver.unit for receiver in found if receiver.unit is not None}
    assert len(units) > 1 and {unit.edition for unit in units} == {"pre2025"}


def test_without_a_place_the_commune_stays_to_be_asked() -> None:
    assert None in ids("GT01", None, AFTER)


@pytest.mark.parametrize("category", [None, "giao_thong", "XX99"])
def test_without_a_category_staff_choose(category: str | None) -> None:
    assert ids(category, "2025:31942", AFTER) == []


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_every_category_has_a_lead_that_exists_on_both_days(day: date) -> None:
    province = bac_lieu()
    place = "pre2025:31813" if day == BEFORE else "2025:31825"
    for category in province.categories:
        lead = next(r for r in receivers(province, category, place, day) if r.lead)
        assert lead.id is not None and find_agency(province, lead.id, day) is not None


def test_names_are_told_with_their_commune() -> None:
    assert agency_name(bac_lieu(), "ubnd_xa@2025:31942", "vi").endswith("(Phường Giá Rai)")
    assert agency_name(bac_lieu(), "gone", "vi") == "gone"
