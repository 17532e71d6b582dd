"""The calendar reminds, escalates and closes, each once, however many workers look."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from notifications.models import Message
from reports.models import Report, Update
from reports.reminders import close_silent, escalate, remind
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

HOUR = timedelta(hours=1)
WATCH = ["+84900000001"]


@pytest.fixture
def due(database: Engine) -> Engine:
    """One report whose deadline is near, one whose deadline has passed, and what is exempt."""
    passed: dict[str, Any] = {"remind_at": NOON - 5 * HOUR, "expected_at": NOON - HOUR}
    with transaction(database) as session:
        session.add(a_report(id="near", remind_at=NOON - HOUR, expected_at=NOON + HOUR))
        session.add(a_report(id="late", **passed))
        session.add(a_report(id="solved", status="resolved", **passed, updated_at=NOON))
        session.add(a_report(id="asked", status="waiting_citizen", paused_at=NOON - HOUR, **passed))
        session.add(a_report(id="draft", partial=True, **passed))
    return database


def notes(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        found = session.scalars(select(Update))
        return sorted((update.report_id, update.kind) for update in found)


def test_each_deadline_reminds_and_escalates_once(due: Engine) -> None:
    for _ in range(2):
        remind(due, NOON)
        escalate(due, bac_lieu(), WATCH, NOON)

    assert notes(due) == [("late", "escalated"), ("late", "reminded"), ("near", "reminded")]
    with reading(due) as session:
        told = [(m.text_key, m.to_number) for m in session.scalars(select(Message))]
    assert told == [("report_overdue", WATCH[0])]


def test_workers_that_look_at_the_same_moment_escalate_once(due: Engine) -> None:
    start = threading.Barrier(4)

    def look() -> None:
        start.wait()
        escalate(due, bac_lieu(), WATCH, NOON)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert notes(due) == [("late", "escalated")]


def test_what_nobody_answers_is_closed_after_its_days(database: Engine) -> None:
    handling = bac_lieu().handling
    solved = NOON - timedelta(days=handling.close_resolved_after_days)
    asked = NOON - timedelta(days=handling.close_waiting_after_days)
    with transaction(database) as session:
        session.add(a_report(id="solved", status="resolved", updated_at=solved))
        session.add(a_report(id="fresh", status="resolved", updated_at=solved + HOUR))
        session.add(
            a_report(id="asked", status="waiting_citizen", paused_at=asked, paused_from="assigned")
        )

    assert close_silent(database, bac_lieu(), NOON) == 2
    assert close_silent(database, bac_lieu(), NOON) == 0
    with reading(database) as session:
        states = {report.id: report.status for report in session.scalars(select(Report))}
    assert states == {"solved": "closed", "fresh": "resolved", "asked": "closed"}
