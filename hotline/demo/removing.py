"""Taking it all away again: what was made up, and all that anybody has done to it since."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Column, ColumnElement, Engine, Table, delete, select
from sqlalchemy.orm import Session

from hotline.demo.aside import take_up_again
from hotline.demo.tallies import forget_codes, take_out_calls, taken_out
from ivr.summary_models import CallSummary
from monitoring.models import (
    Alert,
    AlertBaseline,
    Datastream,
    DemoMark,
    Observation,
    ObservationDay,
    ObservationVersion,
)
from provinces.schema import Province
from reports.actors import Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.days import pack_days
from reports.models import Attachment, Recording, Report, ReportStatus
from storage.database import Base, reading, transaction

_Key = TypeVar("_Key")
_AT_ONCE = 500
# By which columns rows belong to what is made up; also where no foreign key says so.
_BELONGS: Mapping[str, str] = {
    "report_id": "reports",
    "call_id": "calls",
    "recording_name": "recordings",
    "alert_id": "alerts",
    "attachment_id": "attachments",
}
_APART = Change(
    status=ReportStatus.REOPENED,
    internal_text="Phản ánh gốc thuộc dữ liệu trình diễn, đã được gỡ bỏ.",
)
_BY_US = Actor("system", Party.STAFF)  # the table lets staff alone do it
_OBSERVED = (Observation, ObservationVersion, ObservationDay)


def remove_demo(
    engine: Engine, province: Province, recordings: Path, attachments: Path, now: datetime
) -> Mapping[str, int]:
    """Remove everything that carries a mark; how many rows of each table. Nothing else changes,
    but that real reports which were joined to made-up ones begin anew.

    Marks go last: what is interrupted is finished by calling it again.
    """
    _set_apart(engine, province, now)
    counts: Counter[str] = Counter()
    with reading(engine) as session:
        marked = _with_recordings(session, _marked(session))
        files = _files(session, marked, recordings, attachments)
    for stream in sorted(marked.get("datastreams", ()), key=int):
        with transaction(engine) as session:
            for table in _OBSERVED:
                gone = delete(table).where(table.datastream == int(stream))
                counts[table.__tablename__] += taken_out(session, gone)
    with transaction(engine) as session:
        summaries = session.scalars(
            select(CallSummary).where(CallSummary.call_id.in_(_ids(session, "calls")))
        ).all()
        take_out_calls(session, summaries)
    with transaction(engine) as session:
        alerts = session.scalars(select(Alert).where(Alert.demo.is_(True))).all()
        counts["alert_baseline"] += _days_in_alarm(session, alerts, marked)
        wanted = {**marked, "alerts": [each.id for each in alerts]}
        session.expunge_all()
        for table in reversed(Base.metadata.sorted_tables):
            counts[table.name] += _remove(session, table, wanted)
        take_up_again(session)
    pack_days(engine)
    with transaction(engine) as session:
        counts["codes"] += forget_codes(session, marked)
        session.execute(delete(DemoMark))
    for path in files:
        path.unlink(missing_ok=True)
    counts["files"] = len(files)
    return {name: count for name, count in sorted(counts.items()) if count}


def _marked(session: Session) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for kind, row_id in session.execute(select(DemoMark.kind, DemoMark.row_id)):
        found.setdefault(kind, []).append(row_id)
    return found


def _with_recordings(
    session: Session, marked: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[str]]:
    """Also what real callers have added to made-up reports."""
    names = set(marked.get("recordings", ()))
    for some in _some(marked.get("reports", ())):
        names |= set(session.scalars(select(Recording.name).where(Recording.report_id.in_(some))))
    return {**marked, "recordings": sorted(names)}


def _set_apart(engine: Engine, province: Province, now: datetime) -> None:
    """Whoever joined a real report to a made-up one did so in a rehearsal: it is open again."""
    with transaction(engine) as session:
        joined = session.scalars(
            select(Report.id).where(
                Report.status == ReportStatus.DUPLICATE,
                Report.original_id.in_(_ids(session, "reports")),
                Report.id.not_in(_ids(session, "reports")),
            )
        ).all()
        for report_id in sorted(joined):
            change_report(session, province, report_id, _APART, _BY_US, now)


def _ids(session: Session, kind: str) -> ColumnElement[str]:
    return select(DemoMark.row_id).where(DemoMark.kind == kind).scalar_subquery()


def _files(
    session: Session, marked: Mapping[str, Sequence[str]], recordings: Path, attachments: Path
) -> Sequence[Path]:
    """Sounds and photos; also those that somebody has added to a made-up report."""
    found = []
    for some in _some(marked.get("reports", ())):
        names = select(Recording.name).where(Recording.report_id.in_(some))
        found += [recordings / f"{name}.wav" for name in session.scalars(names)]
        ids = select(Attachment.id).where(Attachment.report_id.in_(some))
        found += [attachments / each for each in session.scalars(ids)]
    found += [recordings / f"{name}.wav" for name in marked.get("recordings", ())]
    return sorted(set(found))


def _days_in_alarm(
    session: Session, alerts: Sequence[Alert], marked: Mapping[str, Sequence[str]]
) -> int:
    """Those that were marked, and those of alerts that were opened of made-up reports since."""
    rows = session.scalars(select(AlertBaseline)).all()
    ours = set(marked.get("alert_baseline", ()))
    spans: dict[tuple[str, str], list[Alert]] = {}
    for alert in alerts:
        for unit_key in [alert.unit_key] if alert.unit_key else alert.why.get("members", ()):
            spans.setdefault((alert.rule, f"{alert.subject}|{unit_key}"), []).append(alert)
    gone = 0
    for row in rows:
        key = f"{row.rule}|{row.subject}|{row.unit_key}|{row.day}"
        own = spans.get((row.rule, f"{row.subject}|{row.unit_key}"), ())
        if key in ours or any(row.day.isoformat() == each.why.get("day") for each in own):
            session.delete(row)
            gone += 1
    session.flush()
    return gone


def _remove(session: Session, table: Table, wanted: Mapping[str, Sequence[str]]) -> int:
    """Rows that are made up themselves, or belong to such a one."""
    gone = 0
    for column in table.columns:
        kind = _BELONGS.get(column.name)
        if column.primary_key and table.name in ("calls", "reports", "recordings", "alerts"):
            kind = table.name
        if kind is not None:
            gone += _remove_by(session, table, column, wanted.get(kind, ()))
    if table.name == Datastream.__tablename__:
        ids = [int(each) for each in wanted.get(table.name, ())]
        gone += _remove_by(session, table, table.c.id, ids)
    return gone


def _remove_by(
    session: Session, table: Table, column: Column[object], keys: Sequence[object]
) -> int:
    if table.name == Report.__tablename__ and column.name == "call_id":
        return 0  # a real one that staff wrote down in a made-up call stays
    return sum(taken_out(session, delete(table).where(column.in_(some))) for some in _some(keys))


def _some(keys: Sequence[_Key]) -> Iterator[Sequence[_Key]]:
    for begin in range(0, len(keys), _AT_ONCE):
        yield keys[begin : begin + _AT_ONCE]
