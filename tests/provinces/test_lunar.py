"""The lunar calendar, against days on which Tết and the Kings' day were really kept."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provinces.lunar import solar_date

KEPT_ON = """
1985-01-21 1999-02-16 2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29
2007-02-17 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19
2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10
2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02
"""


@pytest.mark.parametrize("kept_on", KEPT_ON.split())
def test_tet_falls_on_the_day_it_was_kept(kept_on: str) -> None:
    assert solar_date(1, 1, int(kept_on[:4])) == date.fromisoformat(kept_on)


@pytest.mark.parametrize("kept_on", ["2023-04-29", "2024-04-18", "2025-04-07", "2026-04-26"])
def test_the_kings_day_falls_on_the_day_it_was_kept(kept_on: str) -> None:
    assert solar_date(10, 3, int(kept_on[:4])) == date.fromisoformat(kept_on)


@pytest.mark.parametrize(
    ("year", "in_china"), [(1985, "1985-02-20"), (2007, "2007-02-18"), (2030, "2030-02-03")]
)
def test_an_hour_further_east_the_new_year_can_be_another_day(year: int, in_china: str) -> None:
    assert solar_date(1, 1, year, utc_offset_h=8) == date.fromisoformat(in_china)


@given(st.integers(1900, 2099), st.integers(1, 11))
def test_months_follow_each_other_by_29_or_30_days_or_a_leap_month(year: int, month: int) -> None:
    length = (solar_date(1, month + 1, year) - solar_date(1, month, year)).days

    assert length in (29, 30, 58, 59, 60)


@given(st.integers(1900, 2099))
def test_the_year_begins_between_20_january_and_21_february(year: int) -> None:
    start = solar_date(1, 1, year)

    assert date(year, 1, 20) <= start <= date(year, 2, 21)


@given(st.integers(1900, 2098))
def test_the_twelfth_month_ends_where_the_next_year_begins(year: int) -> None:
    length = (solar_date(1, 1, year + 1) - solar_date(1, 12, year)).days

    assert length in (29, 30, 58, 59, 60)
