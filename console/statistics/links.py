"""Where the lists lie that figures lead to; nowhere for whoever may not see them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from console.statistics.period import Period
from console.statistics.sheet import Cell, Row
from console.statistics.shown import day_shown

MOST_DAYS_SHOWN = 92


@dataclass(frozen=True)
class Links:
    """`calls` and `reports` are the addresses of the lists, None for whoever may not go there."""

    period: Period
    calls: str | None = None
    reports: str | None = None

    def to_calls(self, **asked: object) -> str | None:
        """The calls of the period that are as asked."""
        return self._to(self.calls, asked)

    def to_reports(self, **asked: object) -> str | None:
        """The reports received in the period, in whatever state unless one is asked for."""
        return self._to(self.reports, {"status": "any", **asked})

    def _to(self, address: str | None, asked: dict[str, object]) -> str | None:
        if address is None:
            return None
        days = {"since": self.period.first.isoformat(), "until": self.period.last.isoformat()}
        return f"{address}?{urlencode({**days, **asked})}"


def day_rows(
    links: Links, counts: Mapping[str, int], to: Callable[[Links], str | None]
) -> Sequence[Row]:
    """A line for each day of the period, of a long one for each month, those without any too; `to`
    leads to what is counted."""
    by_day = links.period.days <= MOST_DAYS_SHOWN
    found: dict[date, list[tuple[date, int]]] = {}
    for number in range(links.period.days):
        day = links.period.first + timedelta(days=number)
        told = (day, counts.get(day.isoformat(), 0))
        found.setdefault(day if by_day else day.replace(day=1), []).append(told)
    return [
        Row(
            day_shown(begin) if by_day else begin.strftime("%m/%Y"),
            [
                Cell(
                    sum(count for _, count in days),
                    href=to(replace(links, period=Period(days[0][0], days[-1][0]))),
                )
            ],
        )
        for begin, days in found.items()
    ]
