"""Deadlines run in working hours only, and stand while a citizen is waited for."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from provinces.schema import Province
from reports.clock import count_anew, go_on, start_clock, stop_clock
from reports.due import later_by, worked_between
from reports.models import Report
from tests.builders import a_report
from tests.provinces.packs import bac_lieu

HOURS = timedelta(hours=1)


def local(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def province() -> Province:
    return bac_lieu()


@pytest.fixture
def report() -> Report:
    """A pothole: five working days."""
    return a_report(category="GT01")


def test_staff_are_reminded_when_seven_tenths_of_the_working_time_have_passed(
    province: Province, report: Report
) -> None:
    start_clock(report, province, local("16/11/2026 07:00"))  # a Monday, at opening

    assert report.expected_at == local("23/11/2026 17:00")
    assert report.remind_at is not None
    whole = worked_between(province, local("16/11/2026 07:00"), local("23/11/2026 17:00"))
    passed = worked_between(province, local("16/11/2026 07:00"), report.remind_at)
    assert passed / whole == pytest.approx(0.7)


def test_the_clock_stands_while_a_citizen_is_waited_for(province: Province, report: Report) -> None:
    start_clock(report, province, local("16/11/2026 07:00"))
    due, remind = report.expected_at, report.remind_at
    assert due is not None and remind is not None

    stop_clock(report, local("17/11/2026 09:00"))
    go_on(report, province, local("19/11/2026 09:00"))  # two working days later

    assert report.expected_at == later_by(province, due, timedelta(hours=16))
    assert report.remind_at == later_by(province, remind, timedelta(hours=16))
    assert report.paused_at is None


def test_what_was_overdue_stays_so(province: Province, report: Report) -> None:
    start_clock(report, province, local("16/11/2026 07:00"))
    due = report.expected_at

    stop_clock(report, local("27/11/2026 09:00"))
    go_on(report, province, local("30/11/2026 09:00"))

    assert report.expected_at == due


def test_tet_is_no_working_time(province: Province) -> None:
    before, after = local("05/02/2027 17:00"), local("12/02/2027 07:00")

    assert worked_between(province, before, after) < timedelta(hours=16)


def test_another_category_counts_from_the_same_moment(province: Province, report: Report) -> None:
    start_clock(report, province, local("16/11/2026 07:00"))
    report.category = "AN01"

    count_anew(report, province)

    assert report.clock_since == local("16/11/2026 07:00")
    assert report.expected_at is not None and report.expected_at < local("23/11/2026 17:00")


@pytest.mark.parametrize("worked_h", [0, 1, 3.5, 8, 17, 40])
def test_later_by_and_worked_between_agree(province: Province, worked_h: float) -> None:
    since = local("20/11/2026 10:13")
    worked = worked_h * HOURS

    until = later_by(province, since, worked)

    assert until is not None and worked_between(province, since, until) == worked


def test_a_wait_does_not_count_for_a_category_that_is_corrected_after_it(
    province: Province, report: Report
) -> None:
    start_clock(report, province, local("16/11/2026 07:00"))
    stop_clock(report, local("16/11/2026 08:00"))
    go_on(report, province, local("27/11/2026 08:00"))
    report.category = "MT01"

    count_anew(report, province)

    assert report.expected_at is not None and report.expected_at > local("27/11/2026 08:00")
