"""From the database of the story to the real one: what shall be seen, each row with its mark.

What is not named here stays behind: messages, webhooks, jobs, alarms, callbacks, audit entries.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from ivr.models import Call, JournalEntry
from monitoring.alert_models import Alert, AlertBaseline, AlertEvent, AlertReport
from monitoring.models import DemoMark
from reports.models import Recording, Report, ReportSearch, Transcript, Update
from storage.database import Base

AT_ONCE = 500
Row = dict[str, Any]


@dataclass(frozen=True)
class _Moved:
    """`numbered`: its keys are given anew where it goes. `marked`: by its key, with its children
    found by that."""

    table: type[Base]
    numbered: bool = False
    marked: bool = False


_TABLES = (
    _Moved(Call, marked=True),
    _Moved(JournalEntry),
    _Moved(Report, marked=True),
    _Moved(ReportSearch, numbered=True),
    _Moved(Recording, marked=True),
    _Moved(Transcript),
    _Moved(Update, numbered=True),
    _Moved(Alert, marked=True),
    _Moved(AlertEvent, numbered=True),
    _Moved(AlertReport),
)


def key_of(table: Table, row: Mapping[str, Any]) -> str:
    """As a mark has it."""
    return "|".join(str(row[column.name]) for column in table.primary_key.columns)


def move(source: Session, target: Session) -> Mapping[str, int]:
    """Copy the rows, and mark them; how many of each table."""
    counts: dict[str, int] = {}
    alerts = _alerts_left_out(source, target)
    first = target.scalar(select(func.max(Alert.number))) or 0
    change: Mapping[str, Callable[[Row], Row | None]] = {
        "reports": _settled,
        "alerts": lambda row: (
            None if row["id"] in alerts else row | {"number": row["number"] + first}
        ),
        "alert_events": lambda row: None if row["alert_id"] in alerts else row,
        "alert_reports": lambda row: None if row["alert_id"] in alerts else row,
    }
    for each in _TABLES:
        table = _table(each.table)
        columns = [c for c in table.columns if not (each.numbered and c.primary_key)]
        query = select(*columns)
        if each.numbered:
            query = query.order_by(*[c for c in table.columns if c.primary_key])
        changed = change.get(table.name, _same)
        rows = (changed(dict(row)) for row in source.execute(query).mappings())
        counts[table.name] = put(target, table, filter(None, rows), each.marked)
    baseline = _table(AlertBaseline)
    known = {key_of(baseline, dict(row)) for row in target.execute(select(baseline)).mappings()}
    days = (dict(row) for row in source.execute(select(baseline)).mappings())
    new = (row for row in days if key_of(baseline, row) not in known)
    counts[baseline.name] = put(target, baseline, new, marked=True)
    return counts


def put(target: Session, table: Table, rows: Iterable[Row], marked: bool) -> int:
    """Insert them, with their marks; how many."""
    count, left = 0, iter(rows)
    while some := list(islice(left, AT_ONCE)):
        target.execute(insert(table), some)
        if marked:
            mark(target, table.name, [key_of(table, row) for row in some])
        count += len(some)
    return count


def mark(target: Session, kind: str, keys: Sequence[str]) -> None:
    """These rows are made up."""
    if keys:
        target.execute(insert(DemoMark), [{"kind": kind, "row_id": key} for key in keys])


def move_sounds(source: Path, target: Path) -> int:
    """The recordings of calls that were held; how many."""
    target.mkdir(parents=True, exist_ok=True)
    found = sorted(source.glob("*.wav"))
    for path in found:
        (target / path.name).write_bytes(path.read_bytes())
    return len(found)


def _same(row: Row) -> Row | None:
    return row


def _settled(row: Row) -> Row:
    """Nobody is reminded of it or told that it is late, and no deadline's SMS goes out."""
    return row | {
        "remind_at": None,
        "reminded_at": row["requested_at"],
        "escalated_at": row["requested_at"],
    }


def _alerts_left_out(source: Session, target: Session) -> frozenset[str]:
    """Those still open of what a real one is open of: that one stays what it is."""
    taken = set(target.scalars(select(Alert.open_key).where(Alert.open_key.is_not(None))))
    open_ones = source.execute(select(Alert.id, Alert.open_key).where(Alert.open_key.is_not(None)))
    return frozenset(alert_id for alert_id, key in open_ones if key in taken)


def _table(mapped: type[Base]) -> Table:
    table = mapped.__table__
    assert isinstance(table, Table)
    return table
