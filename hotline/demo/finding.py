"""Whether early warning found the outbreaks, after how many days, and its false alarms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hotline.demo.outbreaks import Outbreak
from monitoring.alert_kinds import Level, Rule
from monitoring.alert_models import Alert
from monitoring.subjects import units_of
from provinces.schema import Province

_AFTERWARDS = timedelta(days=2)
"""What ends today may still be seen the day after tomorrow: bursts are looked for in two days."""


@dataclass(frozen=True)
class FoundOutbreak:
    """`delay_days`: from its first day to the alert, 0 on that day itself; None: not found.

    `alarm_days`: the same until the level was `alert`; `rule`: which was first.
    """

    name: str
    units: Sequence[str]
    begin: date
    end: date
    reports: int
    delay_days: int | None
    rule: str | None
    alarm_days: int | None
    alerts: int


@dataclass(frozen=True)
class FalseAlarms:
    """Alerts of a rule and level that no outbreak explains; by 100 days of the whole province.

    `per_series`: of each series; None of scans, which look at all of them together.
    """

    rule: str
    level: str
    count: int
    per_100_days: float
    per_series: float | None


@dataclass(frozen=True)
class Finding:
    """`watched_days`: on which there was a look; before that, what is usual was being learnt.

    `series`: of a category, or a module, in a commune.
    """

    outbreaks: Sequence[FoundOutbreak]
    false_alarms: Sequence[FalseAlarms]
    watched_days: int
    series: int


def judge(
    province: Province,
    breaks: Iterable[Outbreak],
    alerts: Iterable[Alert],
    members: Mapping[str, Sequence[str]],
    alarmed: Mapping[str, date],
    reports: Mapping[str, int],
    watched_days: int,
    series: int,
) -> Finding:
    """`members`: by alert the outbreaks that its reports are of; `alarmed`: since when its level
    was `alert`; `reports`: how many each outbreak had."""
    zone = province.timezone
    rows = list(alerts)
    explained: set[str] = set()
    found = []
    for each in breaks:
        own = [row for row in rows if _is_of(province, each, row, members, zone)]
        explained |= {row.id for row in own}
        first = min(own, key=lambda row: row.opened_at, default=None)
        began = min((alarmed[row.id] for row in own if row.id in alarmed), default=None)
        found.append(
            FoundOutbreak(
                each.name,
                each.units,
                each.begin,
                each.end,
                reports.get(each.name, 0),
                None if first is None else (_day(first, zone) - each.begin).days,
                None if first is None else first.rule,
                None if began is None else (began - each.begin).days,
                len(own),
            )
        )
    false = []
    for rule in (Rule.BURST, Rule.CLUSTER, Rule.SCAN):
        for level in Level:
            count = sum(
                row.rule == rule and row.level == level and row.id not in explained for row in rows
            )
            rate = round(100 * count / watched_days, 2) if watched_days else 0.0
            each_series = None if rule is Rule.SCAN else round(rate / series, 5)
            false.append(FalseAlarms(rule, level, count, rate, each_series))
    return Finding(found, false, watched_days, series)


def _is_of(
    province: Province,
    outbreak: Outbreak,
    alert: Alert,
    members: Mapping[str, Sequence[str]],
    zone: ZoneInfo,
) -> bool:
    """It tells of its kind and of one of its communes, while it lasts, and of its reports."""
    if not outbreak.begin <= _day(alert, zone) <= outbreak.end + _AFTERWARDS:
        return False
    subjects = set(outbreak.categories) | {
        module.code
        for module in province.modules
        if set(module.report_categories) & set(outbreak.categories)
    }
    units = set(units_of(alert.unit_key, alert.why))
    return (
        alert.subject in subjects
        and bool(units & set(outbreak.units))
        and outbreak.name in members.get(alert.id, ())
    )


def _day(alert: Alert, zone: ZoneInfo) -> date:
    return alert.opened_at.astimezone(zone).date()
