"""A report's deadline: it runs in working hours, and stands while a citizen is waited for."""

from datetime import datetime, timedelta

from provinces.schema import Province
from reports.due import expected_at, later_by, worked_between
from reports.models import Report


def start_clock(report: Report, province: Province, now: datetime) -> None:
    """Count from `now`, by the report's category; nothing is due where it promises nothing."""
    report.clock_since = now
    report.paused_at = None
    _set_due(report, province, now)


def count_anew(report: Report, province: Province) -> None:
    """The category was corrected: its deadline counts from when the clock was started."""
    _set_due(report, province, report.clock_since or report.requested_at)


def stop_clock(report: Report, now: datetime) -> None:
    """Nothing passes from now on."""
    report.paused_at = now


def go_on(report: Report, province: Province, now: datetime) -> None:
    """What was left when the clock was stopped is left now; what was overdue stays overdue."""
    paused_at, due = report.paused_at, report.expected_at
    report.paused_at = None
    if paused_at is None:
        return
    # The wait does not count for another category's deadline either.
    waited = worked_between(province, paused_at, now)
    since = report.clock_since or report.requested_at
    report.clock_since = later_by(province, since, waited) if waited else since
    if due is None or due <= paused_at:
        return
    report.expected_at = later_by(province, now, worked_between(province, paused_at, due))
    if report.remind_at is not None and report.remind_at > paused_at:
        left = worked_between(province, paused_at, report.remind_at)
        report.remind_at = later_by(province, now, left)


def _set_due(report: Report, province: Province, since: datetime) -> None:
    report.reminded_at = report.escalated_at = report.remind_at = None
    report.expected_at = expected_at(province, report.category, since)
    if report.expected_at is None or report.expected_at == since:  # at once
        return
    whole = worked_between(province, since, report.expected_at)
    part = timedelta(seconds=whole.total_seconds() * province.handling.remind_at / 100)
    report.remind_at = later_by(province, since, part)
