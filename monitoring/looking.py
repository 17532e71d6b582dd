"""What early warning looks at, read once: counts of the weeks before, and the days in alarm."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitoring.alert_models import AlertBaseline
from monitoring.counts import DailyCounts, daily_counts
from monitoring.demo import demo_rows
from monitoring.early.burst import BURSTS
from monitoring.early.scan import SCANS
from provinces.modules import Module
from provinces.schema import Province

JUDGED_DAYS = 2
"""Today and yesterday: a report's category may be told a day after the report."""
HISTORY_DAYS = max(BURSTS.history_days, SCANS.history_days) + JUDGED_DAYS


@dataclass(frozen=True)
class Look:
    """All that is known at `now`; `today` is the local day of it.

    `demo`: it is of made-up reports alone, else of real ones alone. Neither says what is usual, or
    what is not, among the other.
    """

    province: Province
    now: datetime
    today: date
    counts: DailyCounts
    alarms: Mapping[tuple[str, str], frozenset[date]]  # by subject and commune
    demo: bool = False

    def in_alarm(self, subjects: Collection[str], unit_key: str) -> Sequence[bool]:
        """Of each counted day, whether one of the subjects was in alarm there."""
        days = {day for each in subjects for day in self.alarms.get((each, unit_key), ())}
        return [day in days for day in self.counts.days]

    def module_of(self, category: str) -> Module | None:
        """The module that reports of the category count for."""
        modules = self.province.modules
        return next((each for each in modules if category in each.report_categories), None)


def look_at(session: Session, province: Province, now: datetime, demo: bool = False) -> Look:
    """What there is to look at. `session` sees one moment of the database."""
    today = now.astimezone(province.timezone).date()
    first = today - timedelta(days=HISTORY_DAYS)
    alarms: dict[tuple[str, str], set[date]] = {}
    made_up = demo_rows(session, "alert_baseline")
    for row in session.scalars(select(AlertBaseline).where(AlertBaseline.day >= first)):
        if not demo and f"{row.rule}|{row.subject}|{row.unit_key}|{row.day}" in made_up:
            continue
        alarms.setdefault((row.subject, row.unit_key), set()).add(row.day)
    return Look(
        province,
        now,
        today,
        daily_counts(session, province, today, HISTORY_DAYS, made_up=demo),
        {key: frozenset(days) for key, days in alarms.items()},
        demo,
    )
