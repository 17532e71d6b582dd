"""Months of observations on PostgreSQL: each a table of its own, made before it begins.

A query of some days then reads the tables of their months alone, and a month goes in one stroke.
What falls in no month that was made lies in the default partition until `make_months` comes by:
nothing is ever refused for want of a table. Months are those of the province's clocks, so that a
local day never lies in two. Everything here does nothing on SQLite.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from monitoring.numbering import FIRST
from monitoring.periods import begin_of, later, midnight
from provinces.modules import Period
from storage.database import reading, transaction
from storage.locks import alone

log = structlog.get_logger()

AHEAD_MONTHS = 3
_NAME = re.compile(r"observations_(\d{4})_(\d{2})")
_SUBJECT = "months of observations"


def make_months(engine: Engine, now: datetime, zone: ZoneInfo) -> Sequence[str]:
    """Make the tables of this month, the last one and the next ones, and of all months of which
    there is something in the default partition, which moves; the names of those made."""
    if engine.dialect.name != "postgresql":
        return ()
    this = _month_of(now, zone)
    wanted = {later(this, Period.MONTH, -1), this}
    for _ in range(AHEAD_MONTHS):
        this = later(this, Period.MONTH, 1)
        wanted.add(this)
    with reading(engine) as session:
        wanted |= _months_by_default(session, zone)
    return _make(engine, wanted, zone)


def make_months_of(engine: Engine, begin: datetime, end: datetime, zone: ZoneInfo) -> Sequence[str]:
    """Make the tables of the months from `begin` to `end`: before much is stored of a long time."""
    if engine.dialect.name != "postgresql":
        return ()
    month, last = _month_of(begin, zone), _month_of(end, zone)
    wanted = set()
    while month <= last:
        wanted.add(month)
        month = later(month, Period.MONTH, 1)
    return _make(engine, wanted, zone)


def make_months_of_all(
    engine: Engine, moments: Iterable[datetime], now: datetime, zone: ZoneInfo
) -> Sequence[str]:
    """Make the tables of the months of these moments, so that nothing moves while it is stored;
    not of what no sender means: before 2000, or of a time to come."""
    if engine.dialect.name != "postgresql":
        return ()
    return _make(engine, {_month_of(at, zone) for at in moments if FIRST < at <= now}, zone)


def empty_months(engine: Engine, before: datetime, streams: Sequence[int], zone: ZoneInfo) -> int:
    """Take the values of these series out of the months that end by then; how many.

    A month's table is emptied as a whole, and what others have in it put back: nothing has to be
    cleaned up afterwards. Who reads that month waits meanwhile.
    """
    if engine.dialect.name != "postgresql" or not streams:
        return 0
    with reading(engine) as session:
        months = [each for each in _made(session) if _span(each, zone)[1] <= before]
    return sum(_empty(engine, month, streams) for month in months)


def _empty(engine: Engine, month: date, streams: Sequence[int]) -> int:
    name = _name(month)
    with transaction(engine) as session:
        alone(session, _SUBJECT)
        values = {"streams": list(streams)}
        # Whether there is anything is asked before anybody is made to wait.
        if not session.scalar(text(f"SELECT EXISTS (SELECT FROM {name} {_THEIRS})"), values):
            return 0
        session.execute(text(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"))
        count = session.scalar(text(f"SELECT count(*) FROM {name} {_THEIRS}"), values) or 0
        session.execute(
            text(f"CREATE TEMP TABLE others ON COMMIT DROP AS SELECT * FROM {name} {_OTHERS}"),
            values,
        )
        session.execute(text(f"TRUNCATE {name}"))
        session.execute(text(f"INSERT INTO {name} SELECT * FROM others"))
    log.info("month emptied", month=name, count=count)
    return int(count)


_THEIRS = "WHERE datastream = ANY(CAST(:streams AS integer[]))"
_OTHERS = "WHERE datastream <> ALL(CAST(:streams AS integer[]))"


def _make(engine: Engine, wanted: set[date], zone: ZoneInfo) -> Sequence[str]:
    with reading(engine) as session:
        missing = sorted(wanted - set(_made(session)))
    return [_name(month) for month in missing if _make_one(engine, month, zone)]


def _make_one(engine: Engine, month: date, zone: ZoneInfo) -> bool:
    name = _name(month)
    begin, end = (at.isoformat() for at in _span(month, zone))
    within = f"phenomenon_at >= '{begin}' AND phenomenon_at < '{end}'"
    with transaction(engine) as session:
        alone(session, _SUBJECT)
        if month in _made(session):
            return False  # by somebody else, meanwhile
        # What lies there by default moves: until then nobody else may add to it.
        session.execute(text("LOCK TABLE observations_default IN ACCESS EXCLUSIVE MODE"))
        for statement in (
            f"CREATE TABLE {name} (LIKE observations INCLUDING ALL)",
            f"WITH moved AS (DELETE FROM observations_default WHERE {within} RETURNING *) "
            f"INSERT INTO {name} SELECT * FROM moved",
            f"ALTER TABLE observations ATTACH PARTITION {name} FOR VALUES "
            f"FROM ('{begin}') TO ('{end}')",
        ):
            session.execute(text(statement.replace(":", "\\:")))
    log.info("month made", month=name)
    return True


def _made(session: Session) -> Sequence[date]:
    names = session.scalars(
        text(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = to_regclass('observations') ORDER BY 1"
        )
    )
    found = (_NAME.fullmatch(name) for name in names)
    return [date(int(each[1]), int(each[2]), 1) for each in found if each]


def _months_by_default(session: Session, zone: ZoneInfo) -> set[date]:
    """Of which months something lies in the default partition."""
    month = "date_trunc('month', phenomenon_at, :zone)"
    query = text(f"SELECT DISTINCT {month} FROM observations_default")
    return {_month_of(at, zone) for at in session.scalars(query, {"zone": zone.key})}


def _month_of(at: datetime, zone: ZoneInfo) -> date:
    return begin_of(at.astimezone(zone).date(), Period.MONTH)


def _span(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the month begins and when the next one does."""
    return midnight(month, zone), midnight(later(month, Period.MONTH, 1), zone)


def _name(month: date) -> str:
    return f"observations_{month:%Y_%m}"
