"""What becomes of a made-up report: who does what to it, and how long after it came."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from hotline.demo.marks import STAFF
from hotline.demo.plan import MadeUp
from hotline.demo.sayings import ANSWERED, ASKED, WORKING
from provinces.schema import Province
from reports.actors import SYSTEM, Actor
from reports.change import Change
from reports.models import ReportStatus
from reports.routing import receivers

S = ReportStatus
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PRESSING = 8 * _HOUR
_FORGOTTEN = 0.006  # nobody does anything
_REJECTED = 0.03
_JOINED = 0.15  # of an outbreak's
_ASKED_BACK = 0.04
_REOPENED = 0.03
_RATED = 0.45
_SCORES = {5: 0.42, 4: 0.34, 3: 0.13, 2: 0.06, 1: 0.05}


@dataclass(frozen=True)
class Step:
    """`what`: a change, or a rating of 1 to 5."""

    after: timedelta
    what: Change | int
    actor: Actor = STAFF


def fate(
    province: Province, chance: random.Random, made_up: MadeUp, original: str | None
) -> Iterator[Step]:
    """All that is done, in order; `original` is an earlier report of the same."""
    drawn = chance.random()
    allowed = _allowed(province, made_up)
    pace = 0.2 if allowed <= _PRESSING else 1.0
    after = pace * chance.lognormvariate(0, 0.8) * _HOUR
    if drawn < _FORGOTTEN:
        return
    if drawn < _FORGOTTEN + _REJECTED and province.handling.rejected:
        reason = chance.choice(sorted(province.handling.rejected))
        yield Step(after, Change(status=S.REJECTED, reason=reason, text=ASKED[0]))
        return
    if original is not None and chance.random() < _JOINED:
        yield Step(after, Change(status=S.DUPLICATE, original=original))
        return
    day = made_up.at.astimezone(province.timezone).date()
    leads = receivers(province, made_up.category, made_up.place, day)
    lead = next((each.id for each in leads if each.lead and each.id), None)
    if lead is not None:
        yield Step(after, Change(status=S.ASSIGNED, agency=lead))
        after += pace * chance.lognormvariate(1, 0.7) * _HOUR
        yield Step(after, Change(status=S.IN_PROGRESS, text=chance.choice(WORKING)))
    if chance.random() < _ASKED_BACK:
        after += 2 * _HOUR
        yield Step(after, Change(status=S.WAITING_CITIZEN, text=chance.choice(ASKED)))
        after += chance.uniform(1, 30) * _HOUR
        yield Step(after, Change(status=S.IN_PROGRESS if lead else S.NEW))
    # Mostly less than the time that there is for it.
    after += allowed * min(chance.lognormvariate(-1.2, 0.6), 3.0)
    yield from _solved(chance, after)
    if chance.random() < _REOPENED:
        after += _DAY
        yield Step(after, Change(status=S.REOPENED, internal_text="Người dân báo chưa xong."))
        after += chance.uniform(0.5, 3) * _DAY
        yield from _solved(chance, after)
    if chance.random() < _RATED:
        score = chance.choices([*_SCORES], [*_SCORES.values()])[0]
        yield Step(after + 5 * _HOUR, score)
    yield Step(after + 7 * _DAY, Change(status=S.CLOSED), SYSTEM)


def _solved(chance: random.Random, after: timedelta) -> Iterator[Step]:
    yield Step(after, Change(status=S.RESOLVED, text=chance.choice(ANSWERED)))


def _allowed(province: Province, made_up: MadeUp) -> timedelta:
    """The time that there is for such a report."""
    deadline = province.categories[made_up.category].deadline
    assert deadline is not None  # no other is made up
    return max(1, deadline.amount) * (_DAY if deadline.unit == "days" else _HOUR)
