"""Counting wrong references and PINs, across calls: by report and by who asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from reports.models import LookupTry

WITHHELD = "withheld"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class TryLimits:
    """Wrong tries after which no more are taken."""

    per_report_day: int
    per_caller_hour: int


@dataclass(frozen=True)
class Asker:
    """Who asks: the keyed hash of the caller's number, if it is known."""

    call_id: str
    caller_hash: str | None

    @property
    def key(self) -> str:
        return self.caller_hash or WITHHELD


def note_try(
    session: Session, asker: Asker, report_id: str | None, ok: bool, now: datetime
) -> None:
    session.add(
        LookupTry(asker=asker.key, call_id=asker.call_id, report_id=report_id, at=now, ok=ok)
    )
    session.flush()


def asker_locked(session: Session, asker: Asker, limits: TryLimits, now: datetime) -> bool:
    """Whether this number has tried wrongly too often in the last hour.

    All who withhold theirs share one allowance: else withholding would be the way around it.
    """
    wrong = _wrong(session, LookupTry.asker == asker.key, now - HOUR)
    return wrong >= limits.per_caller_hour


def report_locked(session: Session, report_id: str, limits: TryLimits, now: datetime) -> bool:
    """Whether this report was tried wrongly too often in the last day, by whomever."""
    wrong = _wrong(session, LookupTry.report_id == report_id, now - DAY)
    return wrong >= limits.per_report_day


def forget_tries(session: Session, now: datetime) -> None:
    """Erase what no limit looks at any more."""
    session.execute(delete(LookupTry).where(LookupTry.at < now - DAY))


def _wrong(session: Session, whose: ColumnElement[bool], since: datetime) -> int:
    query = select(func.count()).select_from(LookupTry)
    found = session.scalar(query.where(whose, LookupTry.at > since, LookupTry.ok.is_(False)))
    return found or 0
