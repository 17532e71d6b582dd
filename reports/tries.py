"""Counting wrong references and PINs, across calls: by report and by who asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from reports.models import LookupTry

WITHHELD = "withheld"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# So many people as this may try wrongly at one address: a network's customers, or one who changes
# the browser's name at each try.
SHARED_BY = 5


@dataclass(frozen=True)
class TryLimits:
    """Wrong tries after which no more are taken."""

    per_report_day: int
    per_caller_hour: int


@dataclass(frozen=True)
class Asker:
    """Who asks: the keyed hash of the caller's number, if it is known.

    `place` is a key of where they are, an address on the web, which others may share.
    """

    call_id: str
    caller_hash: str | None
    place: str | None = None

    @property
    def key(self) -> str:
        return self.caller_hash or WITHHELD


def note_try(
    session: Session, asker: Asker, report_id: str | None, ok: bool, now: datetime
) -> None:
    """Count a try; of a wrong one, where it came from as well."""
    found = [(asker.key, report_id)]
    if asker.place is not None and not ok:
        found.append((asker.place, None))  # without the report: it was tried once, not twice
    for who, what in found:
        session.add(LookupTry(asker=who, call_id=asker.call_id, report_id=what, at=now, ok=ok))
    session.flush()


def asker_locked(
    session: Session, asker: Asker, limits: TryLimits, now: datetime
) -> datetime | None:
    """Until when nothing is taken of who has tried wrongly too often in the last hour.

    All who withhold theirs share one allowance: else withholding would be the way around it.
    """
    most = limits.per_caller_hour
    freed = [_freed(session, LookupTry.asker == asker.key, HOUR, most, now)]
    if asker.place is not None:
        there = LookupTry.asker == asker.place
        freed.append(_freed(session, there, HOUR, SHARED_BY * most, now))
    return max((each for each in freed if each is not None), default=None)


def report_locked(
    session: Session, report_id: str, limits: TryLimits, now: datetime
) -> datetime | None:
    """Until when a report is shown to nobody that was tried wrongly too often in the last day."""
    return _freed(session, LookupTry.report_id == report_id, DAY, limits.per_report_day, now)


def forget_tries(session: Session, now: datetime) -> None:
    """Erase what no limit looks at any more."""
    session.execute(delete(LookupTry).where(LookupTry.at < now - DAY))


def _freed(
    session: Session, whose: ColumnElement[bool], window: timedelta, most: int, now: datetime
) -> datetime | None:
    """When there are fewer than `most` wrong tries within the window; None: now."""
    oldest_that_counts = (
        select(LookupTry.at)
        .where(whose, LookupTry.at > now - window, LookupTry.ok.is_(False))
        .order_by(LookupTry.at.desc())
        .offset(most - 1)
        .limit(1)
    )
    oldest = session.scalar(oldest_that_counts)
    return oldest + window if oldest is not None else None
