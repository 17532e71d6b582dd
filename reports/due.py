"""When an answer is due: deadlines count in the hours in which offices work."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from provinces.schema import Deadline, Province

# The longest closure is Tết with its exchanged days. Who has no openings at all promises nothing.
LONGEST_CLOSURE_DAYS = 60

Span = tuple[datetime, datetime]


def expected_at(province: Province, category: str | None, received_at: datetime) -> datetime | None:
    """When the reporter may expect an answer; None where nobody has promised one.

    A group of categories, which the phone's menu may choose, has no deadline before staff have
    picked one of them.
    """
    found = province.categories.get(category) if category else None
    if found is None or found.deadline is None:
        return None
    return due_at(province, found.deadline, received_at)


def due_at(province: Province, deadline: Deadline, received_at: datetime) -> datetime | None:
    """The end of `deadline`, counted from `received_at` in the province's working hours.

    Days end with the last opening of a working day, and the day of receipt is not counted; what
    comes after hours was received on the next working day.
    """
    if deadline.at_once:
        return received_at
    if deadline.unit == "days":
        days = _working_days(province, received_at)
        last = next(islice(days, deadline.amount, None), None)
        return None if last is None else last[-1][1]
    return later_by(province, received_at, timedelta(hours=deadline.amount))


def later_by(province: Province, since: datetime, worked: timedelta) -> datetime | None:
    """When that much working time has passed from `since` on; None where nobody works."""
    left = worked
    for spans in _working_days(province, since):
        for opens, closes in spans:
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
    return None


def worked_between(province: Province, since: datetime, until: datetime) -> timedelta:
    """How much working time lies between two moments; nothing where `until` comes first."""
    worked = timedelta()
    for spans in _working_days(province, since):
        for opens, closes in spans:
            if opens >= until:
                return worked
            worked += min(closes, until) - opens
    return worked


def _working_days(province: Province, since: datetime) -> Iterator[list[Span]]:
    """What is left of each working day's openings from `since` on, in UTC."""
    day = since.astimezone(province.timezone).date()
    closed = 0
    while closed < LONGEST_CLOSURE_DAYS:
        spans = [span for span in _spans(province, day) if span[1] > since]
        if spans:
            closed = 0
            yield [(max(opens, since), closes) for opens, closes in spans]
        else:
            closed += 1
        day += timedelta(days=1)


def _spans(province: Province, day: date) -> list[Span]:
    def moment(at: time) -> datetime:
        return datetime.combine(day, at, province.timezone).astimezone(UTC)

    return [(moment(each.opens), moment(each.closes)) for each in province.openings_on(day)]
