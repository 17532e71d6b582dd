"""A report ends when it comes to its last state; nothing that is added later makes it younger."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from reports.change import Change
from reports.changes import change_report
from reports.ended import ended_at, ended_before
from reports.models import Report, ReportStatus
from reports.purging import old_words
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.hotline.somebody import STAFF
from tests.provinces.packs import bac_lieu

S = ReportStatus
DAY = timedelta(days=1)


def changed(database: Engine, change: Change, at: datetime) -> None:
    with transaction(database) as session:
        change_report(session, bac_lieu(), "r", change, STAFF, at)


@pytest.fixture
def rejected(database: Engine) -> Engine:
    """Filed at noon, rejected a day later, and noted upon after ten."""
    with transaction(database) as session:
        session.add(a_report(id="r", description="ngập"))
    reason = next(iter(bac_lieu().handling.rejected))
    changed(database, Change(status=S.REJECTED, reason=reason, text="không đúng"), NOON + DAY)
    changed(database, Change(internal_text="gọi lại sau"), NOON + 10 * DAY)
    return database


def old(database: Engine, before: datetime) -> list[str]:
    with reading(database) as session:
        found = list(session.scalars(select(Report.id).where(ended_before(before))))
        assert found == list(session.scalars(old_words(before)))
    return found


def test_what_is_added_later_does_not_make_it_younger(rejected: Engine) -> None:
    assert old(rejected, NOON + DAY) == []
    assert old(rejected, NOON + 1.1 * DAY) == ["r"]
    with reading(rejected) as session:
        assert ended_at(session, session.get_one(Report, "r")) == NOON + DAY


def test_what_was_reopened_has_not_ended(rejected: Engine) -> None:
    changed(rejected, Change(status=S.REOPENED), NOON + 11 * DAY)
    assert old(rejected, NOON + 99 * DAY) == []

    changed(rejected, Change(status=S.ASSIGNED, agency="so_xay_dung"), NOON + 12 * DAY)
    changed(rejected, Change(status=S.RESOLVED, text="xong"), NOON + 13 * DAY)
    changed(rejected, Change(internal_text="x"), NOON + 20 * DAY)
    assert old(rejected, NOON + 13 * DAY) == []
    assert old(rejected, NOON + 14 * DAY) == ["r"]

    changed(rejected, Change(status=S.CLOSED), NOON + 30 * DAY)
    assert old(rejected, NOON + 30 * DAY) == []
    assert old(rejected, NOON + 31 * DAY) == ["r"]


def test_reports_without_a_history_ended_when_something_was_last_done(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_report(id="r", status="duplicate", updated_at=NOON + 3 * DAY, address="x"))

    assert old(database, NOON + 3 * DAY) == []
    assert old(database, NOON + 4 * DAY) == ["r"]
