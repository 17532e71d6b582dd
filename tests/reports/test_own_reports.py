"""A number finds its own open reports and the draft of a dropped line, and no secret."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ivr.flows.call import Draft, draft_from
from reports.own_reports import OwnReports, own_reports
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report

MINE = "h" * 64
SINCE = NOON - timedelta(minutes=30)


def mine(**given: Any) -> Any:
    return a_report(**({"caller_hash": MINE} | given))


def found(engine: Engine, *rows: Any) -> OwnReports:
    with transaction(engine) as session:
        session.add_all(rows)
    with reading(engine) as session:
        return own_reports(session, MINE, SINCE)


def test_the_three_newest_open_reports_are_offered(database: Engine) -> None:
    rows = [mine(id=f"r{n}", requested_at=NOON - timedelta(hours=n)) for n in range(5)]
    rows.append(mine(status="closed", requested_at=NOON))
    rows.append(a_report(caller_hash="x" * 64))

    own = found(database, *rows)

    assert [row["report"] for row in own.open_reports] == ["r0", "r1", "r2"]
    assert own.open_reports[0] == {"report": "r0", "status": "new"}
    assert own.dropped is None


def test_a_dropped_line_goes_on_where_it_broke(database: Engine) -> None:
    recordings = [
        a_recording(name="c1-2", call_id="c1", position=2),
        a_recording(name="c1-4", call_id="c1", position=4, kind="place", silent=True),
    ]

    own = found(
        database,
        mine(recordings=recordings, id="r1", partial=True, category="giao_thong", urgent=True),
    )

    assert own.dropped is not None
    assert draft_from(own.dropped) == Draft(
        category="giao_thong",
        kind_asked=True,
        recording="c1-2",
        heard=True,
        place_recording="c1-4",
        place_asked=True,
        urgent=True,
        continues="r1",
    )
    assert set(own.dropped) == set(Draft.__dataclass_fields__) - {"anew"}


@pytest.mark.parametrize(
    "given",
    [
        {"partial": False},
        {"requested_at": SINCE},
        {"status": "triaged"},
        {"status": "closed"},
        {"caller_hash": "x" * 64},
    ],
)
def test_what_is_whole_old_or_taken_up_is_no_draft(database: Engine, given: dict[str, Any]) -> None:
    assert found(database, mine(**({"partial": True} | given))).dropped is None


def test_a_whole_report_after_the_broken_one_means_that_the_line_is_forgotten(
    database: Engine,
) -> None:
    broken = mine(partial=True, requested_at=NOON - timedelta(minutes=9))

    assert found(database, broken, mine(id="r2")).dropped is None


def test_an_anonymous_report_goes_on_but_is_never_named_to_whoever_calls(
    database: Engine,
) -> None:
    own = found(database, mine(partial=True, anonymous=True, contact="nobody"))

    assert own.open_reports == []
    assert own.dropped is not None and own.dropped["contact"] == "nobody"


def test_a_number_that_was_keyed_in_does_not_get_into_the_facts(database: Engine) -> None:
    own = found(database, mine(partial=True, contact="other", contact_number="+84987654321"))

    assert "987654321" not in str(own)
    assert own.dropped is not None and own.dropped["contact"] is None
