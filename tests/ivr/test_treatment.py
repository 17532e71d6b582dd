"""A number that floods is met by degrees, told why, and free again by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.models import Block
from ivr.treatment import (
    Situation,
    block_caller,
    lift_block,
    note_objection,
    situation,
)
from provinces.limits import Limits
from provinces.loader import find_province, load_province
from storage.database import reading, transaction
from tests.builders import NOON, a_call

MINE = "h" * 64
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def limits() -> Limits:
    pack = load_province(find_province("bac_lieu")).limits
    return replace(
        pack,
        warn_calls_hour=3,
        record_only_calls_hour=5,
        blocked_calls_hour=7,
        block_minutes=30,
        express_calls=4,
    )


def met(engine: Engine, limits: Limits, caller: str | None = MINE, after: timedelta = HOUR / 4,
        ) -> Situation:  # fmt: skip
    with transaction(engine) as session:
        return situation(session, caller, limits, "outgoing", NOON + after)


def called(engine: Engine, times: int, at: timedelta = timedelta(0), **given: object) -> None:
    with transaction(engine) as session:
        for _ in range(times):
            given = {"caller_hash": MINE, "started_at": NOON + at} | given
            session.add(a_call(**given))


@pytest.mark.parametrize(
    ("before", "treatment"),
    [(0, "normal"), (1, "normal"), (2, "warned"), (3, "warned"), (4, "record_only"),
     (5, "record_only"), (6, "blocked"), (20, "blocked")],
)  # fmt: skip
def test_the_answer_is_graded_by_calls_in_the_last_hour(
    database: Engine, limits: Limits, before: int, treatment: str
) -> None:
    called(database, before)
    called(database, 9, -HOUR)  # longer ago
    called(database, 9, caller_hash="x" * 64)
    called(database, 9, flow="outgoing")

    assert met(database, limits).treatment == treatment


def test_a_block_by_the_system_has_a_reason_and_an_end_and_then_all_begins_anew(
    database: Engine, limits: Limits
) -> None:
    called(database, 6)
    assert met(database, limits).treatment == "blocked"

    with reading(database) as session:
        block = session.scalars(select(Block)).one()
    assert (block.level, block.by, block.until - block.since) == ("blocked", "system", HOUR / 2)
    called(database, 3, HOUR / 2)  # while blocked
    assert met(database, limits, after=HOUR / 4 + HOUR / 2).treatment == "normal"
    with reading(database) as session:
        assert len(session.scalars(select(Block)).all()) == 1


@pytest.mark.parametrize("level", ["record_only", "blocked"])
def test_staff_block_and_lift(database: Engine, limits: Limits, level: str) -> None:
    assert level in ("record_only", "blocked")
    with transaction(database) as session:
        block = block_caller(
            session,
            MINE,
            "blocked" if level == "blocked" else "record_only",
            "threatened an operator",
            "user-1",
            NOON + timedelta(days=1),
            NOON,
        )
    assert met(database, limits).treatment == level
    assert met(database, limits, "x" * 64).treatment == "normal"
    assert met(database, limits, after=timedelta(days=1)).treatment == "normal"

    with transaction(database) as session:
        lift_block(session, block, "user-2", NOON)

    assert met(database, limits).treatment == "normal"


def test_the_stricter_of_two_blocks_holds(database: Engine, limits: Limits) -> None:
    with transaction(database) as session:
        for level in ("record_only", "blocked"):
            until = NOON + timedelta(days=1)
            assert level in ("record_only", "blocked")
            block_caller(
                session, MINE, "blocked" if level == "blocked" else "record_only", "x", "u",
                until, NOON,
            )  # fmt: skip

    assert met(database, limits).treatment == "blocked"


def test_what_a_blocked_caller_says_lies_with_the_block_once(database: Engine) -> None:
    with transaction(database) as session:
        block_caller(session, MINE, "blocked", "x", "u", NOON + HOUR, NOON)
        note_objection(session, MINE, "r1", NOON)
        note_objection(session, MINE, "r2", NOON)
        note_objection(session, "x" * 64, "r3", NOON)

    with reading(database) as session:
        block = session.scalars(select(Block)).one()
    assert (block.appeal_report_id, block.appealed_at) == ("r1", NOON)


@pytest.mark.parametrize("caller", [None, MINE])
@pytest.mark.parametrize(("in_progress", "busy"), [(3, False), (4, True)])
def test_above_so_many_calls_everybody_gets_the_short_conversation(
    database: Engine, limits: Limits, caller: str | None, in_progress: int, busy: bool
) -> None:
    called(database, in_progress, status="in-progress", caller_hash=None)
    called(database, 9, status="completed", caller_hash=None)

    assert met(database, limits, caller).busy is busy


def test_a_withheld_number_is_met_like_any_other(database: Engine, limits: Limits) -> None:
    called(database, 50, caller_hash=None)

    assert met(database, limits, None).treatment == "normal"
