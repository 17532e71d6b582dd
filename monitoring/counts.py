"""How many reports came in, by category, unit and hour: from the days' tallies (`reports.days`).

Turned down ones are left out: nobody says that there was something. Partial ones count: whoever
hung up in the middle of a report had seen something. So do duplicates: others saw it too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitoring.demo import MADE_UP_SOURCE
from monitoring.periods import midnight
from monitoring.subjects import communes
from provinces.schema import Province
from reports.days import Span, read_tallies
from reports.models import Report, ReportStatus
from reports.spread import unit_today
from reports.tally import Codes, Tallies

_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class HourCount:
    """So many reports of a category, received in the hour that begins then.

    `module` is None where the category counts for none; `unit_key` where no place was told.
    """

    hour_at: datetime
    module: str | None
    category: str | None
    unit_key: str | None
    count: int


@dataclass(frozen=True)
class DailyCounts:
    """Reports by local day, the oldest first, for each category and commune that has any.

    No day lies before the hotline's first report: what came before is unknown, not nothing.
    """

    days: Sequence[date]
    counts: Mapping[tuple[str, str], Sequence[int]]

    def of_module(self, categories: Collection[str]) -> Mapping[str, Sequence[int]]:
        """Those of these categories together, for each commune that has any."""
        found: dict[str, list[int]] = {}
        for (category, unit_key), counts in self.counts.items():
            if category in categories:
                sums = found.setdefault(unit_key, [0] * len(self.days))
                found[unit_key] = [one + other for one, other in zip(sums, counts, strict=True)]
        return found


def hour_counts(
    session: Session,
    province: Province,
    since: datetime,
    until: datetime,
    as_today: bool = True,
    categories: Collection[str] | None = None,
) -> Sequence[HourCount]:
    """The reports that came in from `since` on and before `until`, in order of their hours.

    `as_today`: by the commune of today's map that a former one became; else by the unit that was
    told, of either edition. `session` sees one moment of the database.
    """
    tallies, codes = _counted(session, since, until)
    modules = _modules(province)
    names = codes.names()
    found: dict[tuple[int, str | None, str | None], int] = {}
    for (hour, category, place), count in _grouped(tallies, tallies["hour"].astype(np.int64)):
        name, unit_key = names[category], names[place]
        if categories is not None and name not in categories:
            continue
        if as_today and unit_key is not None:
            unit_key = unit_today(province, unit_key)
        key = (hour, name, unit_key)
        found[key] = found.get(key, 0) + count
    rows = sorted(found.items(), key=lambda row: (row[0][0], row[0][1] or "", row[0][2] or ""))
    return [
        HourCount(datetime.fromtimestamp(3600 * hour, UTC), modules.get(name or ""), name, unit, n)
        for (hour, name, unit), n in rows
    ]


def daily_counts(
    session: Session, province: Province, last: date, days: int, made_up: bool | None = None
) -> DailyCounts:
    """The reports of so many local days up to `last` at most, in the communes of today.

    What was told of a district, or of a commune that was split, belongs to no commune, and is
    left out. `made_up`: whether only made-up reports count, or only real ones; None: all.
    """
    first = last - (days - 1) * _DAY
    since, until = midnight(first, province.timezone), midnight(last + _DAY, province.timezone)
    tallies, codes = _counted(session, since, until)
    earliest = select(func.min(Report.requested_at))
    if made_up is not None:
        sources = [n for n, code in codes.names().items() if code == MADE_UP_SOURCE]
        tallies = tallies[np.isin(tallies["source"], sources, invert=not made_up)]
        marked = Report.source == MADE_UP_SOURCE
        earliest = earliest.where(marked if made_up else ~marked)
    # Where nothing was counted it does not matter, and would be looked for in all reports.
    begun_at = session.scalar(earliest) if len(tallies) else None
    begun = last if begun_at is None else begun_at.astimezone(province.timezone).date()
    first = min(max(begun, first), last)
    days = (last - first).days + 1
    ahead_h = _ahead_h(since, province.timezone)
    local = (tallies["hour"].astype(np.int64) + ahead_h) // 24 + _EPOCH - first.toordinal()
    known, names = set(communes(province)), codes.names()
    today = {place: unit_today(province, place) for place in names.values() if place is not None}
    counts: dict[tuple[str, str], list[int]] = {}
    for (day, category, place), count in _grouped(tallies, local):
        name, told = names[category], names[place]
        if name is None or told is None or not 0 <= day < days:
            continue
        unit_key = today[told]
        if unit_key in known:
            counts.setdefault((name, unit_key), [0] * days)[day] += count
    return DailyCounts([first + n * _DAY for n in range(days)], counts)


def _counted(session: Session, since: datetime, until: datetime) -> tuple[Tallies, Codes]:
    tallies, codes = read_tallies(session, Span(since, until))
    rejected = [n for n, code in codes.names().items() if code == ReportStatus.REJECTED]
    return tallies[~np.isin(tallies["status"], rejected)], codes


def _grouped(tallies: Tallies, times: Tallies) -> Iterable[tuple[tuple[int, int, int], int]]:
    """(time, category, place) and how many have these; the numbers are of `Codes`."""
    if not len(tallies):
        return
    columns = (times, tallies["category"].astype(np.int64), tallies["place"].astype(np.int64))
    rows, counts = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)
    yield from zip(map(tuple, rows.tolist()), counts.tolist(), strict=True)


def _modules(province: Province) -> Mapping[str, str]:
    return {code: module.code for module in province.modules for code in module.report_categories}


def _ahead_h(moment: datetime, zone: tzinfo) -> int:
    """How many hours local time is ahead: one number for all, as Việt Nam changes no clocks."""
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None  # of an aware moment
    return int(offset.total_seconds() // 3600)
