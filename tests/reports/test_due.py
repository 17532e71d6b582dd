"""Deadlines count when offices work."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from provinces.loader import find_province, load_province
from provinces.schema import Deadline, Province
from reports.due import due_at, expected_at

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province(find_province("bac_lieu"))


def local(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("deadline", "received", "due"),
    [
        # Wednesday, 07-11 and 13-17.
        ("4 hours", "18/11/2026 07:00", "18/11/2026 11:00"),
        ("4 hours", "18/11/2026 09:00", "18/11/2026 15:00"),
        ("4 hours", "18/11/2026 12:00", "18/11/2026 17:00"),
        ("4 hours", "18/11/2026 16:00", "19/11/2026 10:00"),
        ("8 hours", "18/11/2026 17:00", "19/11/2026 17:00"),
        # Over the weekend, and over Culture Day on Tuesday.
        ("4 hours", "20/11/2026 16:00", "23/11/2026 10:00"),
        ("9 hours", "22/11/2026 12:00", "25/11/2026 08:00"),
        ("3 days", "18/11/2026 09:00", "23/11/2026 17:00"),
        ("3 days", "18/11/2026 18:00", "25/11/2026 17:00"),
        ("1 days", "22/11/2026 12:00", "25/11/2026 17:00"),
        ("1 days", "21/11/2026 12:00", "25/11/2026 17:00"),
        # Over Tết of 2027: off from Friday 5 to Tuesday 9 February, and two days for its weekend.
        ("1 days", "04/02/2027 09:00", "12/02/2027 17:00"),
    ],
)
def test_hours_and_days_are_those_of_the_offices(
    province: Province, deadline: str, received: str, due: str
) -> None:
    amount, _, unit = deadline.partition(" ")
    assert unit in ("hours", "days")
    wanted = Deadline(int(amount), "hours" if unit == "hours" else "days")

    found = due_at(province, wanted, local(received))

    assert found is not None
    assert found.astimezone(ZONE).strftime("%d/%m/%Y %H:%M") == due
    assert found.tzinfo is UTC


def test_at_once_is_at_once_by_night_too(province: Province) -> None:
    night = local("22/11/2026 02:00")

    assert due_at(province, Deadline(0, "hours"), night) == night


@pytest.mark.parametrize("category", [None, "giao_thong", "DV01", "no such code"])
def test_where_nobody_has_promised_anything_nothing_is_due(
    province: Province, category: str | None
) -> None:
    assert expected_at(province, category, local("18/11/2026 09:00")) is None


def test_every_category_with_a_deadline_is_due_some_day(province: Province) -> None:
    now = local("18/11/2026 09:00")
    for category in province.categories.values():
        if category.deadline is not None:
            found = expected_at(province, category.code, now)
            assert found is not None and found >= now
