"""Rows of observations and of their days, many at a time, on both databases.

What both have in common is written once; a batch on PostgreSQL goes as arrays, one for each column,
so that a statement is as long for ten thousand rows as for one.
"""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    FromClause,
    Integer,
    Row,
    bindparam,
    case,
    func,
    insert,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitoring.merging import Known, Merged, Version
from monitoring.models import Observation, ObservationDay, ObservationVersion
from monitoring.numbering import FIRST
from storage.database import Base
from storage.prepared import Prepared
from storage.types import UtcDateTime

Key = tuple[int, datetime]  # a series and a moment
DayKey = tuple[int, date]

# SQLite takes 32,766 values in a statement.
_AT_ONCE = 5000


@dataclass(frozen=True, order=True)
class DayRow:
    """Values of a local day of a series, added up."""

    datastream: int
    day: date
    count: int
    sum: float
    lowest: float
    highest: float
    last: float
    last_at: datetime


_DAY_COLUMNS = tuple(each.name for each in fields(DayRow))


def add_new(session: Session, rows: Mapping[Key, Known]) -> Collection[Key]:
    """Insert those of which nothing is known yet; their keys. Others stay as they are.

    Two that insert the same key at once: the second waits, and does not insert it.
    """
    if not rows:
        return ()
    if session.get_bind().dialect.name == "postgresql":
        keys = sorted(rows)  # everybody in the same order: nobody waits for one who waits for them
        known = [rows[key] for key in keys]
        found = session.execute(
            _ADD,
            {
                "streams": [key[0] for key in keys],
                "moments": [key[1] for key in keys],
                "known": [each.known_at for each in known],
                "values": [each.value for each in known],
                "makers": [each.by for each in known],
            },
        )
        return [(stream, at) for stream, at in found]
    new = sorted(rows.keys() - current_values(session, rows).keys())
    if new:
        _INSERT.run_each(session.connection(), [_row(key, rows[key]) for key in new])
    return new


def current_values(session: Session, keys: Collection[Key]) -> dict[Key, float]:
    """What is known now of those keys of which anything is."""
    return {
        (each.datastream, each.phenomenon_at): each.value
        for some in _some(sorted(keys))
        for each in _of_keys(session, Observation, some)
    }


def held(session: Session, keys: Collection[Key]) -> dict[Key, Known]:
    """What is known now of those keys. Until the transaction ends nobody else changes it."""
    return {
        (each.datastream, each.phenomenon_at): _known(each)
        for some in _some(sorted(keys))
        for each in _of_keys(session, Observation, some, hold=True)
    }


def versions_of(session: Session, keys: Collection[Key]) -> dict[Key, list[Version]]:
    """What was known before of those keys."""
    found: dict[Key, list[Version]] = {}
    for some in _some(sorted(keys)):
        for each in _of_keys(session, ObservationVersion, some):
            version = Version(_known(each), each.superseded_at)
            found.setdefault((each.datastream, each.phenomenon_at), []).append(version)
    return found


def put_merged(
    session: Session,
    merged: Mapping[Key, Merged],
    before: Mapping[Key, Collection[Version]] = MappingProxyType({}),
) -> None:
    """What is known now, and what was before; of keys that are there. Versions of `before` are
    there already."""
    current = [_row(key, each.current) for key, each in sorted(merged.items(), key=_by_key)]
    _CORRECT.run_each(
        session.connection(), [{f"new_{k}": v for k, v in r.items()} for r in current]
    )
    versions = [
        {**_row(key, version.known), "superseded_at": version.superseded_at}
        for key, each in merged.items()
        for version in each.versions
        if version not in before.get(key, ())
    ]
    _upsert(session, ObservationVersion, ("datastream", "phenomenon_at", "known_at"), versions)


def add_to_days(
    session: Session, rows: Collection[DayRow], others: Collection[DayKey] = ()
) -> None:
    """Add to days what is new of them. Nobody else changes these days, nor `others`, until the
    transaction ends; `others` are there already, or their sums are put afterwards.

    All are taken in one order: two that share days never wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        nothing = [DayRow(*key, 0, 0.0, math.inf, -math.inf, 0.0, FIRST) for key in others]
        if all_rows := sorted([*rows, *nothing]):
            columns = {name: [getattr(row, name) for row in all_rows] for name in _DAY_COLUMNS}
            session.execute(_ADD_DAYS, columns)
    elif rows:  # nobody else writes
        _ADD_DAY.run_each(session.connection(), [vars(row) for row in sorted(rows)])


def values_between(
    session: Session, streams: Sequence[int], begin: datetime, end: datetime
) -> Iterator[tuple[int, datetime, float]]:
    """What is known now of those series from `begin` on and before `end`, in order."""
    for some in _some(sorted(streams)):
        query = (
            select(Observation.datastream, Observation.phenomenon_at, Observation.value)
            .where(
                Observation.datastream.in_(some),
                Observation.phenomenon_at >= begin,
                Observation.phenomenon_at < end,
            )
            .order_by(Observation.datastream, Observation.phenomenon_at)
        )
        yield from ((stream, at, value) for stream, at, value in session.execute(query))


def put_days(session: Session, rows: Sequence[DayRow]) -> None:
    """The days are so afterwards."""
    _upsert(session, ObservationDay, ("datastream", "day"), [vars(row) for row in rows])


def _row(key: Key, known: Known) -> dict[str, Any]:
    return {
        "datastream": key[0],
        "phenomenon_at": key[1],
        "known_at": known.known_at,
        "value": known.value,
        "made_by": known.by,
    }


def _known(row: Row[Any]) -> Known:
    return Known(row.known_at, row.value, row.made_by)


def _of_keys(
    session: Session,
    table: type[Observation | ObservationVersion],
    keys: Sequence[Key],
    hold: bool = False,
) -> Iterable[Row[Any]]:
    """The rows of these keys; with `hold` nobody else changes them until the transaction ends."""
    columns = [table.datastream, table.phenomenon_at, table.known_at, table.value, table.made_by]
    if table is ObservationVersion:
        columns.append(ObservationVersion.superseded_at)
    first, last = min(at for _, at in keys), max(at for _, at in keys)
    dialect = session.get_bind().dialect
    if dialect.name != "postgresql":
        pairs, stream, at = _as_json(dialect, keys)
        there = (table.datastream == stream) & (table.phenomenon_at == at)
        return session.execute(select(*columns).select_from(pairs).join(table, there))
    pairs, stream, at = _as_arrays(keys)
    # A step into the index for each key, one after the other: left to itself, PostgreSQL reads the
    # whole month for a batch whose moments are newer than what it knows of the table.
    each = select(*columns).where(
        table.datastream == stream,
        table.phenomenon_at == at,
        table.phenomenon_at.between(first, last),  # that names few partitions
    )
    each = each.offset(0)
    if hold:
        each = each.with_for_update()
    found = each.lateral("found")
    return session.execute(select(*found.c).select_from(pairs).join(found, true()))


_Pairs = tuple[FromClause, ColumnElement[Any], ColumnElement[Any]]


def _as_arrays(keys: Sequence[Key]) -> _Pairs:
    pairs = func.unnest(
        bindparam("streams", [stream for stream, _ in keys], ARRAY(Integer), unique=True),
        bindparam("moments", [at for _, at in keys], ARRAY(UtcDateTime), unique=True),
    ).table_valued("stream", "at", name="wanted")
    named = pairs.render_derived()
    return named, named.c.stream, named.c.at


def _as_json(dialect: Dialect, keys: Sequence[Key]) -> _Pairs:
    """SQLite reads all of the table for `(a, b) IN (…)`, but steps to each row for a join."""
    written = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    assert written is not None
    told = json.dumps([(stream, written(at)) for stream, at in keys])
    pairs = func.json_each(told).table_valued("value", name="wanted")
    stream, at = (func.json_extract(pairs.c.value, f"$[{n}]") for n in range(2))
    return pairs, stream, at


def _upsert(
    session: Session, table: type[Base], key: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    if not rows:
        return
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql if on_postgresql else sqlite).insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    session.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=changed), list(rows)
    )


def _by_key(item: tuple[Key, object]) -> Key:
    return item[0]


def _some(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(keys), _AT_ONCE):
        yield keys[begin : begin + _AT_ONCE]


_ADD = text(
    """
    INSERT INTO observations (datastream, phenomenon_at, known_at, value, made_by)
    SELECT * FROM unnest(
        CAST(:streams AS integer[]), CAST(:moments AS timestamptz[]),
        CAST(:known AS timestamptz[]), CAST(:values AS double precision[]),
        CAST(:makers AS text[])
    )
    ON CONFLICT (datastream, phenomenon_at) DO NOTHING
    RETURNING datastream, phenomenon_at
    """
)
_INSERT = Prepared(
    insert(Observation).values(
        {
            name: bindparam(name)
            for name in ("datastream", "phenomenon_at", "known_at", "value", "made_by")
        }
    )
)

_CORRECT = Prepared(
    update(Observation)
    .where(
        Observation.datastream == bindparam("new_datastream"),
        Observation.phenomenon_at == bindparam("new_phenomenon_at"),
    )
    .values({name: bindparam(f"new_{name}") for name in ("known_at", "value", "made_by")})
)


def _added_day() -> sqlite.Insert:
    new = sqlite.insert(ObservationDay).values({name: bindparam(name) for name in _DAY_COLUMNS})
    old, told = ObservationDay.__table__.c, new.excluded
    later = told.last_at >= old.last_at
    return new.on_conflict_do_update(
        index_elements=["datastream", "day"],
        set_={
            "count": old.count + told.count,
            "sum": old.sum + told.sum,
            "lowest": func.min(old.lowest, told.lowest),
            "highest": func.max(old.highest, told.highest),
            "last": case((later, told.last), else_=old.last),
            "last_at": case((later, told.last_at), else_=old.last_at),
        },
    )


_ADD_DAY = Prepared(_added_day())
_ADD_DAYS = text(
    """
    INSERT INTO observation_days AS d
        (datastream, day, count, sum, lowest, highest, last, last_at)
    SELECT * FROM unnest(
        CAST(:datastream AS integer[]), CAST(:day AS date[]), CAST(:count AS integer[]),
        CAST(:sum AS double precision[]), CAST(:lowest AS double precision[]),
        CAST(:highest AS double precision[]), CAST(:last AS double precision[]),
        CAST(:last_at AS timestamptz[])
    )
    ON CONFLICT (datastream, day) DO UPDATE SET
        count = d.count + excluded.count,
        sum = d.sum + excluded.sum,
        lowest = least(d.lowest, excluded.lowest),
        highest = greatest(d.highest, excluded.highest),
        last = CASE WHEN excluded.last_at >= d.last_at THEN excluded.last ELSE d.last END,
        last_at = greatest(d.last_at, excluded.last_at)
    """
)
