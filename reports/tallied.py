"""Figures over tallies: which are meant, and how many there are of each kind."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

import numpy as np

from reports.search_filters import Filters
from reports.tally import NOT_RESOLVED, PARTIAL, URGENT, Codes, Tallies

_EPOCH_DAY = date(1970, 1, 1).toordinal()


def are_tallied(filters: Filters) -> bool:
    """Whether tallies tell which reports are meant."""
    others = (
        filters.officer,
        filters.overdue,
        filters.reference,
        filters.updated_from,
        filters.updated_to,
        filters.words,
        filters.near,
        filters.deadline,
        filters.scores,
        filters.checked,
    )
    return all(each is None for each in others)


def chosen_tallies(filters: Filters, tallies: Tallies, codes: Codes) -> Tallies:
    """Those that the filters mean; `received_from` and `received_to` are looked at before."""
    numbers = {code: number for number, code in codes.names().items() if code is not None}
    for name, values in (
        ("status", filters.statuses),
        ("category", filters.categories),
        ("place", filters.places),
        ("agency", filters.agencies),
        ("source", filters.sources),
    ):
        if values is not None:
            meant = [numbers[value] for value in values if value in numbers]
            tallies = tallies[np.isin(tallies[name], meant)]
    for flag, wanted in ((URGENT, filters.urgent), (PARTIAL, filters.partial)):
        if wanted is not None:
            tallies = tallies[((tallies["flags"] & flag) != 0) == wanted]
    return tallies


def counts_by(tallies: Tallies, name: str, codes: Codes) -> Mapping[str | None, int]:
    """How many have each code."""
    found = np.bincount(tallies[name])
    names = codes.names()
    return {names[int(number)]: int(found[number]) for number in found.nonzero()[0]}


def counts_by_hour(tallies: Tallies) -> Mapping[int, int]:
    """How many were received in each hour of UTC since 1970."""
    if not len(tallies):
        return {}
    first = int(tallies["hour"].min())
    found = np.bincount(tallies["hour"] - first)
    return {first + int(hour): int(found[hour]) for hour in found.nonzero()[0]}


def flagged(tallies: Tallies, flag: int) -> int:
    return int(np.count_nonzero(tallies["flags"] & flag))


def median_wait_s(tallies: Tallies) -> float | None:
    """Of an even number the lower of the two in the middle: one that somebody did wait."""
    waited = tallies["waited_us"]
    waited = waited[waited != NOT_RESOLVED]
    if not len(waited):
        return None
    middle = (len(waited) - 1) // 2
    return round(int(np.partition(waited, middle)[middle]) / 1e6, 3)


def local_times(
    hours: Mapping[int, int], timezone: tzinfo
) -> tuple[Mapping[str, int], Mapping[int, int]]:
    """Counts by hours of UTC, by local day and by local hour of the day.

    (Zones that differ by half hours would be told half an hour wrong; Việt Nam's does not.)
    """
    days: Counter[int] = Counter()
    times: Counter[int] = Counter()
    for hour, count in hours.items():
        day, time = divmod(hour + _offset_h(hour, timezone), 24)
        days[day] += count
        times[time] += count
    return (
        {date.fromordinal(_EPOCH_DAY + day).isoformat(): days[day] for day in sorted(days)},
        dict(sorted(times.items())),
    )


def _offset_h(hour: int, timezone: tzinfo) -> int:
    """How many hours local time is ahead then; asked once for most days."""
    begin = hour - hour % 24
    offset = _offset_at_h(begin, timezone)
    if offset == _offset_at_h(begin + 24, timezone):
        return offset
    return _offset_at_h(hour, timezone)


@lru_cache(maxsize=50_000)
def _offset_at_h(hour: int, timezone: tzinfo) -> int:
    offset = datetime.fromtimestamp(3600 * hour, UTC).astimezone(timezone).utcoffset()
    assert offset is not None  # of an aware moment
    return int(offset.total_seconds() // 3600)
