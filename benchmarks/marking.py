"""What it costs a report that its day is marked: the same work with and without the triggers."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.generated_reports import MARK, NOW
from provinces.schema import Province
from reports.actors import Actor, Party
from reports.alarms import Watch
from reports.change import Change
from reports.changes import change_report
from reports.models import Report
from reports.web_filing import Alert, WebReport, file_from_web
from storage.database import transaction

ROUNDS, AT_ONCE = 30, 10
_STAFF = Actor("benchmark", Party.STAFF)
_NOBODY = Alert(lambda words: None, Watch())


class _Undone(Exception):
    """Nothing of this is kept."""


@dataclass(frozen=True)
class Marking:
    """Milliseconds of one with marks, and by how much that is more than without; no commit."""

    filing_ms: float
    filing_ratio: float
    changing_ms: float
    changing_ratio: float


def marking(engine: Engine, province: Province) -> Marking:
    """Turn and turn about in one transaction, which is rolled back. Of each the quickest round:
    whatever makes one slower is the machine's."""
    times: dict[tuple[str, bool], list[float]] = {}
    try:
        with transaction(engine) as session:
            _measure(session, province, times)
            raise _Undone
    except _Undone:
        pass
    filing, changing = (
        {marks: min(times[name, marks]) for marks in (True, False)} for name in ("file", "change")
    )
    return Marking(
        round(1000 * filing[True], 3),
        round(filing[True] / filing[False], 3),
        round(1000 * changing[True], 3),
        round(changing[True] / changing[False], 3),
    )


def _measure(
    session: Session, province: Province, times: dict[tuple[str, bool], list[float]]
) -> None:
    ids: list[str] = []

    def file() -> None:
        told = WebReport(f"đường ngập nước ({MARK})", category="GT01", place="2025:31942")
        ids.append(file_from_web(session, province, told, _NOBODY, NOW)["report"])

    def change() -> None:
        report_id = ids[len(ids) // 2]
        urgent = not session.get_one(Report, report_id).urgent
        change_report(session, province, report_id, Change(urgent=urgent), _STAFF, NOW)
        ids.insert(0, ids.pop())  # another one the next time

    for number in range(2 * ROUNDS):
        marks = number % 2 == 0
        savepoint = session.begin_nested()
        if not marks:
            _drop_triggers(session)
        ids.clear()
        for name, work in (("file", file), ("change", change)):
            took = _timed(work)
            if number > 1:  # the first of each is for warming up
                times.setdefault((name, marks), []).append(took)
        savepoint.rollback()


def _drop_triggers(session: Session) -> None:
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    for name in ("reports_mark_new", "reports_mark_changed", "reports_mark_gone"):
        of_table = " ON reports" if on_postgresql else ""
        session.execute(text(f"DROP TRIGGER IF EXISTS {name}{of_table}"))


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    for _ in range(AT_ONCE):
        work()
    return (time.perf_counter() - begun) / AT_ONCE
