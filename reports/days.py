"""Tallies of all reports, day by day of UTC, so that figures over many of them need not read them.

Triggers mark a day in the transaction that changes anything counted of its reports, whoever does
it and however. Packing a day takes its marks away first: what is committed later marks it anew.
A day without a mark is therefore as it was packed; days with one are read from the reports.
Hence figures are right at every moment, and quick once `pack_days` has been by.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog
from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from reports.day_models import COUNTED, ReportCode, ReportDay, ReportDayMark
from reports.models import Report
from reports.tally import Codes, Tallies, pack, unpack
from storage.batches import in_batches
from storage.database import reading, transaction
from storage.locks import alone

log = structlog.get_logger()

DAY = timedelta(days=1)
# As many days of reports are read in the time that the database itself takes for a few years.
MOST_LIVE = 60

_COLUMNS = [getattr(Report, name) for name in COUNTED]


@dataclass(frozen=True)
class Span:
    """From one moment on, and before another; None: from the first, or until the last."""

    since: datetime | None = None
    until: datetime | None = None

    def of(self, day: str) -> "tuple[datetime, datetime] | None":
        """What of it lies in that day; None where nothing does."""
        begin = datetime.combine(date.fromisoformat(day), time(), UTC)
        since = max(begin, self.since or begin)
        until = min(begin + DAY, self.until or begin + DAY)
        return (since, until) if since < until else None


def tallies_of(session: Session, span: Span) -> tuple[Tallies, Codes] | None:
    """The tallies of all reports received in `span`; None where too many days are not packed.

    `session` sees one moment of the database (`storage.database.reading`).
    """
    live = {day: part for day in _unpacked(session, span) if (part := span.of(day)) is not None}
    if len(live) > MOST_LIVE:
        return None
    query = select(ReportDay.tallies).where(ReportDay.day.not_in(list(live)))
    if span.since is not None:
        query = query.where(ReportDay.day >= _day(span.since))
    if span.until is not None:
        query = query.where(ReportDay.day < _day(span.until))
    codes = _codes(session)
    days = [*session.scalars(query)]
    days += [_live(session, *part, codes).tobytes() for part in live.values()]
    return unpack(days), codes


def read_tallies(session: Session, span: Span) -> tuple[Tallies, Codes]:
    """The same, however many days are not packed: then from the reports, which takes seconds."""
    found = tallies_of(session, span)
    if found is not None:
        return found
    codes = _codes(session)
    since = span.since or datetime.min.replace(tzinfo=UTC)
    return _live(session, since, span.until or datetime.max.replace(tzinfo=UTC), codes), codes


def pack_days(engine: Engine) -> int:
    """Pack the days that have changed; how many. Others write in between."""
    with reading(engine) as session:
        marked = session.scalars(select(ReportDayMark.day).distinct()).all()
    done = sum(len(days) for days in in_batches(engine, marked, _pack, first=1))
    if done:
        log.info("days packed", count=done)
    return done


def pack_all_days(engine: Engine) -> int:
    """Pack every day anew; how many."""
    with transaction(engine) as session:
        first, last = session.execute(
            select(func.min(Report.requested_at), func.max(Report.requested_at))
        ).one()
        days = set(session.scalars(select(ReportDay.day)))
        if first is not None:
            days |= {_day(first + n * DAY) for n in range((last.date() - first.date()).days + 1)}
        if days:
            session.execute(insert(ReportDayMark), [{"day": day} for day in sorted(days)])
    return pack_days(engine)


def _pack(session: Session, days: Sequence[str]) -> Sequence[str]:
    # Two that pack one day: the slower one would put back what it had read before.
    alone(session, "report days")
    codes = _codes(session)
    for day in days:
        # First the marks, then the reports, each as they are at that moment: a change that is
        # not seen by the second has not had its mark taken by the first.
        session.execute(delete(ReportDayMark).where(ReportDayMark.day == day))
        begin = datetime.combine(date.fromisoformat(day), time(), UTC)
        tallies = _live(session, begin, begin + DAY, codes)
        session.execute(delete(ReportDay).where(ReportDay.day == day))
        if len(tallies):
            session.execute(insert(ReportDay), {"day": day, "tallies": tallies.tobytes()})
    if codes.added:
        rows = [{"number": number, "code": code} for code, number in codes.added.items()]
        session.execute(insert(ReportCode), rows)
    return days


def _unpacked(session: Session, span: Span) -> Iterator[str]:
    """Days that have changed, and those of which the span has a part only."""
    yield from session.scalars(select(ReportDayMark.day).distinct())
    for moment in (span.since, span.until):
        if moment is not None and moment.astimezone(UTC).time() != time():
            yield _day(moment)


def _live(session: Session, since: datetime, until: datetime, codes: Codes) -> Tallies:
    """From the reports themselves."""
    query = select(*_COLUMNS).where(Report.requested_at >= since, Report.requested_at < until)
    return pack(session.execute(query), codes)


def _codes(session: Session) -> Codes:
    known = session.execute(select(ReportCode.code, ReportCode.number))
    return Codes({code: number for code, number in known})


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
