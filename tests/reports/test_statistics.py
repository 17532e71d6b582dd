"""Figures over reports are the same on both databases, and right."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from reports.models import ReportStatus
from reports.search import index_report
from reports.search_filters import Filters
from reports.search_words import read_query
from reports.statistics import Deadlines, statistics
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

S = ReportStatus
HOUR = timedelta(hours=1)


def solved(after_h: float, due_h: float = 8, **given: Any) -> dict[str, Any]:
    times = {"resolved_at": NOON + after_h * HOUR, "expected_at": NOON + due_h * HOUR}
    return {"status": S.CLOSED, **times, **given}


def keep(database: Engine) -> None:
    with transaction(database) as session:
        reports = [
            a_report(category="GT01", place="2025:31942", **solved(1)),
            a_report(category="GT01", place="2025:31942", **solved(4.5)),
            a_report(category="DT01", agency="so_xay_dung", **solved(9)),
            a_report(category="giao_thong", status=S.NEW, expected_at=NOON - HOUR, urgent=True,
                     requested_at=NOON - timedelta(hours=13)),
            a_report(category=None, status=S.ASSIGNED, source="web", partial=True,
                     description="ngập", requested_at=NOON + 12.25 * HOUR),
        ]  # fmt: skip
        session.add_all(reports)
        session.flush()
        for report in reports:
            index_report(session, bac_lieu(), report)


def test_figures_tell_what_there_is_of_each_kind(database: Engine) -> None:
    keep(database)

    with reading(database) as session:
        found = statistics(session, bac_lieu(), Filters(), NOON)

    assert (found.total, found.urgent, found.partial) == (5, 1, 1)
    assert found.statuses == {"closed": 3, "assigned": 1, "new": 1}
    assert found.categories == {"GT01": 2, None: 1, "DT01": 1, "giao_thong": 1}
    assert found.places == {None: 3, "2025:31942": 2}
    assert found.agencies == {None: 4, "so_xay_dung": 1}
    assert found.sources == {"phone": 4, "web": 1}
    assert sum(found.modules.values()) == 5 and found.modules["traffic"] >= 2
    # Local days and hours: noon there is five o'clock of UTC.
    assert found.days == {"2026-11-21": 1, "2026-11-22": 3, "2026-11-23": 1}
    assert found.hours == {0: 1, 12: 3, 23: 1}
    assert found.deadlines == Deadlines(kept=2, missed=1, overdue=1)
    assert found.resolve_median_s == 4.5 * 3600


def test_figures_are_of_what_was_asked_for(database: Engine) -> None:
    keep(database)

    with reading(database) as session:
        late = statistics(session, bac_lieu(), Filters(categories=("GT01",)), NOON)
        said = statistics(session, bac_lieu(), Filters(words=read_query("ngap")), NOON)
        none = statistics(session, bac_lieu(), Filters(statuses=()), NOON)

    assert (late.total, late.resolve_median_s) == (2, 3600.0)
    assert (said.total, said.sources, said.resolve_median_s) == (1, {"web": 1}, None)
    assert (none.total, none.deadlines) == (0, Deadlines(0, 0, 0))
