"""Office hours and days off, against the calendar that the government announced for 2026."""

from datetime import date, time, timedelta

import pytest

from provinces.hours import Holiday, Holidays, Hours, Opening
from provinces.schema import Province
from tests.provinces.packs import bac_lieu, tiny

MORNING = Opening(time(7), time(11))
AFTERNOON = Opening(time(13), time(17))


def closed_weekdays(province: Province, year: int) -> list[str]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    closed = [d for d in days if d.year == year and d.weekday() < 5 and not province.openings_on(d)]
    return [f"{day:%d/%m}" for day in closed]


def test_the_days_off_of_2026_are_the_announced_ones() -> None:
    announced = "01/01 02/01 16/02 17/02 18/02 19/02 20/02 27/04 30/04 01/05 31/08 01/09 02/09"

    assert closed_weekdays(bac_lieu(), 2026) == [*announced.split(), "24/11"]


def test_the_exchanged_saturdays_of_2026_are_worked() -> None:
    province = bac_lieu()
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))

    worked = [day for day in days if day.weekday() >= 5 and province.openings_on(day)]

    assert worked == [date(2026, 1, 10), date(2026, 8, 22)]


def test_an_ordinary_day_has_a_morning_and_an_afternoon() -> None:
    assert bac_lieu().openings_on(date(2026, 11, 23)) == (MORNING, AFTERNOON)


def test_tet_of_2027_on_a_weekend_closes_the_days_after_it() -> None:
    closed = closed_weekdays(bac_lieu(), 2027)

    assert [day for day in closed if day.endswith("/02")] == [
        "05/02", "08/02", "09/02", "10/02", "11/02",
    ]  # fmt: skip


def test_a_day_off_says_which_holiday_it_is() -> None:
    province = bac_lieu()

    why = province.holidays.on(date(2026, 4, 27), province.hours)

    assert isinstance(why, Holiday)
    assert why.names["en"] == "Hung Kings' Commemoration Day"


def test_a_holiday_is_not_kept_before_its_first_year() -> None:
    assert bac_lieu().openings_on(date(2025, 11, 24)) == (MORNING, AFTERNOON)


def test_without_make_up_a_holiday_on_a_rest_day_is_lost() -> None:
    friday_holiday = date(2026, 6, 5)
    province = tiny()

    assert province.holidays.on(friday_holiday, province.hours) is not None
    assert province.openings_on(date(2026, 6, 6)) == (Opening(time(8), time(12)),)


@pytest.mark.parametrize("days", [5, 15])
def test_a_holiday_at_the_turn_of_the_year_is_made_up_for_in_the_next(days: int) -> None:
    hours = Hours(((MORNING,),) * 5 + ((), ()))
    rule = Holiday("long", {}, "solar", 30, 12, 0, days, None)
    holidays = Holidays((rule,), (), make_up=True, utc_offset_h=7)

    in_january = [
        day
        for day in (date(2023, 1, 1) + timedelta(days=n) for n in range(31))
        if hours.on(day) and holidays.on(day, hours) is not None
    ]

    # 30 December 2022 is a Friday; the weekends within are given back as weekdays.
    assert len(in_january) == days - 1
