"""The days of series that an indicator's figures are made of, and no others.

A year of all that several sources tell of the same communes is many times what is shown of it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from monitoring.choosing import others_needed
from monitoring.day_values import DayValue, Moment, by_stream, day_values
from monitoring.periods import begin_of, end_of
from monitoring.streams import Stream
from provinces.modules import Indicator

# So many queries are quicker than one of days that nobody asked for.
_MOST_SPANS = 6


def days_needed(
    session: Session,
    indicator: Indicator,
    streams: Collection[Stream],
    begins: Sequence[date],
    last: date,
    moment: Moment,
) -> Mapping[int, Sequence[DayValue]]:
    """Of each series the days until `last` of which those periods' figures are made."""
    period = indicator.period
    own = [each.id for each in streams if each.source == indicator.source]
    days = list(day_values(session, own, begins[0], last, moment)) if own else []
    told = {
        stream: {begin_of(each.day, period) for each in its}
        for stream, its in by_stream(days).items()
    }
    others, missing = others_needed(streams, indicator.source, told, begins)
    ids = [each.id for each in others]
    for first, until in _spans(begins, set(missing)):
        days += day_values(session, ids, first, min(last, end_of(until, period)), moment)
    return by_stream(days)


def _spans(begins: Sequence[date], missing: Collection[date]) -> Iterator[tuple[date, date]]:
    """The first and the last of missing periods that follow one another."""
    spans: list[tuple[date, date]] = []
    before: date | None = None
    for begin in begins:
        if begin in missing:
            spans.append((spans.pop()[0] if before in missing else begin, begin))
        before = begin
    if len(spans) > _MOST_SPANS:
        spans = [(spans[0][0], spans[-1][1])]
    yield from spans
