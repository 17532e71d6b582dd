"""No path breaks the table, the clock or the history, whoever does what in whatever order."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from accounts.audit import verify
from reports.actors import CITIZEN, SYSTEM, Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.errors import ReportsError
from reports.lifecycle import ENDED, MOVES, NEEDS, NEXT, may_move
from reports.models import Report, ReportSearch, ReportStatus, Update
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

S = ReportStatus
AGENCIES = ("ubnd_xa@2025:31942", "so_xay_dung")
ACTORS = (
    CITIZEN,
    SYSTEM,
    Actor("u1", Party.STAFF),
    *(Actor(f"officer-of-{agency}", Party.AGENCY, agency) for agency in AGENCIES),
)
REASONS = (None, "place_unclear", "not_ours", "info_land", "made up")
TEXTS = (None, "Đã xử lý.")

changes = st.builds(
    Change,
    status=st.sampled_from([None, *S]),
    category=st.sampled_from([None, "GT01", "AN01", "DD01", "XX99"]),
    agency=st.sampled_from([None, *AGENCIES, "so_gtvt"]),
    officer=st.sampled_from([None, "", "u7"]),
    original=st.sampled_from([None, "r1", "r2", "r9"]),
    reason=st.sampled_from(REASONS),
    text=st.sampled_from(TEXTS),
)
steps = st.lists(
    st.tuples(st.sampled_from(ACTORS), changes, st.integers(0, 100)), min_size=1, max_size=25
)


def test_everything_that_has_ended_can_be_reopened_and_nothing_else() -> None:
    assert {state for state in NEXT if S.REOPENED in NEXT[state]} - {S.WAITING_CITIZEN} == ENDED


def test_every_state_can_be_reached_and_left() -> None:
    assert set(MOVES) == set(S)
    assert all(MOVES.values())
    assert {after for moves in MOVES.values() for after in moves} == set(S)


@pytest.mark.parametrize("after", S)
def test_agencies_neither_reject_nor_assign_nor_close(after: ReportStatus) -> None:
    officer = ACTORS[-1]
    ways = [before for before in S if may_move(officer, before, after)]

    forbidden = {S.ASSIGNED, S.REJECTED, S.DUPLICATE, S.DIVERTED, S.CLOSED, S.REOPENED}
    assert not ways or after not in forbidden or ways == [S.WAITING_CITIZEN]


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_no_path_breaks_table_clock_or_history(
    engine: Engine, path: list[tuple[Actor, Change, int]]
) -> None:
    with transaction(engine) as session:
        session.execute(delete(Update))
        session.execute(delete(ReportSearch))
        session.execute(delete(Report))
        session.add(a_report(id="r1", category="GT01", clock_since=NOON))
        session.add(a_report(id="r2"))
    now = NOON
    for actor, change, hours in path:
        now += timedelta(hours=hours)
        before = _state(engine)
        try:
            with transaction(engine) as session:
                update = change_report(session, bac_lieu(), "r1", change, actor, now)
                told = update.id if update else None
        except ReportsError:
            assert _state(engine) == before  # what is refused changes nothing
            continue
        _check_step(engine, before, actor, told, now)
    with reading(engine) as session:
        assert verify(session).broken is None


State = tuple[str, int, datetime | None, datetime | None, int]


def _state(engine: Engine) -> State:
    with reading(engine) as session:
        report = session.get_one(Report, "r1")
        updates = len(session.scalars(select(Update.id)).all())
        return report.status, report.version, report.expected_at, report.paused_at, updates


def _check_step(
    engine: Engine, before: State, actor: Actor, told: int | None, now: datetime
) -> None:
    after = _state(engine)
    was, is_now = S(before[0]), S(after[0])
    if told is None:
        assert after == before
        return
    assert (after[1], after[4]) == (before[1] + 1, before[4] + 1)  # each change: one update
    assert was is is_now or may_move(actor, was, is_now)
    with reading(engine) as session:
        report, update = session.get_one(Report, "r1"), session.get_one(Update, told)
    assert (update.author, update.at, update.status or is_now) == (actor.id, now, is_now)
    assert (report.paused_at is not None) == (is_now is S.WAITING_CITIZEN)
    assert (report.closed_at is not None) == (is_now is S.CLOSED)
    assert (report.original_id is not None) == (is_now is S.DUPLICATE)
    assert report.agency is not None or is_now not in (S.ASSIGNED, S.IN_PROGRESS)
    if report.remind_at is not None and report.expected_at is not None:
        assert report.remind_at < report.expected_at
    for needed in NEEDS.get(is_now, ()):
        if was is not is_now and needed in ("agency", "reason"):
            assert getattr(report, needed) is not None
