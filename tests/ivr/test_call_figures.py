"""Figures over calls, against a few calls counted by hand, on both databases."""

import ast
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

import ivr.flows
from ivr.call_figures import CallFigures, Spread, StageCount, StepCount, call_figures
from ivr.call_lists import CallFilters, Place, find_calls
from ivr.models import Call
from ivr.stages import STAGES, Stage, stage_of
from ivr.steps import (
    DialEnded,
    Digits,
    Done,
    HungUp,
    NoInput,
    QueueEnded,
    QueueSeen,
    Recorded,
    Result,
)
from ivr.summary_models import CallSummary, Outcome
from ivr.summing import sum_up_calls
from storage.database import reading, transaction
from tests.builders import NOON, a_call, a_journal
from tests.provinces.packs import bac_lieu

ZONE = bac_lieu().timezone
WAITS = ("Gather", "Record", "Hear", "LookAtQueue", "Enqueue", "Dial")
SUNDAY = date(2026, 11, 22)
SPOKEN = Recorded("r-1", 5.0, 80_000, "ab" * 32, False)
TO_STATEMENT = (("Gather:main_menu", Digits("1")), ("Gather:category", Digits("2")))
FILED = (
    *TO_STATEMENT,
    ("Record:statement", SPOKEN),
    ("Gather:contact", Digits("1")),
    ("Gather:confirm_report", Digits("1")),
    ("Do:file_report", Done({"report": "1", "reference": "482173908", "pin": "1234"})),
)
IN_QUEUE = (("Gather:main_menu", Digits("0")), ("LookAtQueue:queue_seen", QueueSeen(1, 2, 60)))

# What happened, and what it comes to.
WORLD: Sequence[tuple[dict[str, object], Sequence[tuple[str, Result]], Outcome]] = (
    ({}, (*FILED, ("Gather:anything_else", NoInput())), Outcome.REPORT),
    ({}, (*FILED, ("Gather:anything_else", HungUp())), Outcome.REPORT),
    (
        {"started_at": NOON + timedelta(hours=3)},
        (
            *TO_STATEMENT,
            ("Record:statement", SPOKEN),
            ("Gather:contact", HungUp()),
            ("Do:file_partial", Done({"report": "1", "reference": "4", "pin": "1"})),
        ),
        Outcome.PARTIAL,
    ),
    (
        {"started_at": NOON - timedelta(hours=13)},
        (("Gather:main_menu", HungUp()),),
        Outcome.NOTHING,
    ),
    (
        {},
        (*IN_QUEUE, ("Enqueue:queue", QueueEnded("answered", 40, talked_s=90))),
        Outcome.PERSON,
    ),
    (
        {},
        (
            *IN_QUEUE,
            ("Enqueue:queue", QueueEnded("timeout", 60)),
            ("LookAtQueue:queue_seen", QueueSeen(0, 2, 30)),
            ("Enqueue:queue", QueueEnded("answered", 20, talked_s=300)),
        ),
        Outcome.PERSON,
    ),
    ({}, (*IN_QUEUE, ("Enqueue:queue", HungUp())), Outcome.NOTHING),
    (
        {},
        (
            *IN_QUEUE,
            ("Enqueue:queue", QueueEnded("key", 15, "2")),
            ("Gather:callback_number", Digits("1")),
            ("Do:promise_callback", Done({"ahead": 0})),
        ),
        Outcome.CALLBACK,
    ),
    (
        {},
        (
            ("Gather:main_menu", Digits("2")),
            ("Gather:enter_reference", Digits("482173908")),
            ("Do:find_report", Done({"report": "1", "status": "new"})),
            ("Gather:enter_pin", HungUp()),
        ),
        Outcome.ANSWER,
    ),
    (
        {},
        (
            ("Gather:main_menu", Digits("2")),
            ("Gather:enter_reference", Digits("482173900")),
            ("Do:find_report", Done({"problem": "unknown"})),
            ("Gather:enter_reference", HungUp()),
        ),
        Outcome.NOTHING,
    ),
    (
        {},
        (
            ("Gather:main_menu", Digits("8")),
            ("Gather:danger_menu", Digits("1")),
            ("Dial:danger_line", DialEnded("answered", 60)),
        ),
        Outcome.PERSON,
    ),
    ({"status": "failed", "rescued_from": 1}, (("Gather:main_menu", Digits("1")),), Outcome.FAILED),
    ({"flow": "outgoing"}, (("Gather:survey", Digits("5")),), Outcome.NOTHING),  # we rang
    (
        {"flow": "rescued", "rescued_from": 1},
        (("Gather:callback_greeting", Digits("1")), ("rescued", Done({"fault": "KeyError"}))),
        Outcome.FAILED,
    ),  # we rang, too
    (
        {"started_at": NOON - timedelta(days=40)},
        (*IN_QUEUE, ("Enqueue:queue", HungUp()), ("Do:file_partial", Done({"report": "1"}))),
        Outcome.PARTIAL,
    ),
    ({"started_at": NOON - timedelta(days=30)}, FILED, Outcome.REPORT),  # another month
)


def keep(database: Engine) -> list[str]:
    ids = []
    with transaction(database) as session:
        for given, answers, _ in WORLD:
            call: Call = a_call(**given)
            ids.append(call.id)
            session.add(call)
            session.flush()
            journal = a_journal(call, *answers)
            for (_, result), entry, after in zip(answers, journal, journal[1:], strict=False):
                if result == HungUp():  # what is filed then is filed at once
                    after.entered_at = entry.entered_at
            session.add_all(journal)
        session.add(a_call(ended_at=None, status="in-progress"))
        session.add(a_call())  # its journal was erased
    return ids


def figures(database: Engine, first: date = SUNDAY, last: date = SUNDAY) -> CallFigures:
    with reading(database) as session:
        return call_figures(session, first, last)


def test_figures_over_calls_are_those_counted_by_hand(database: Engine) -> None:
    ids = keep(database)

    assert sum_up_calls(database, ZONE) == len(WORLD)
    assert sum_up_calls(database, ZONE) == 0

    with reading(database) as session:
        outcomes = {row.call_id: row.outcome for row in session.scalars(select(CallSummary))}
    assert [outcomes[each] for each in ids] == [outcome for _, _, outcome in WORLD]
    found = figures(database, SUNDAY - timedelta(days=1))
    assert found.total == 12
    assert found.days == {"2026-11-21": 1, "2026-11-22": 11}
    assert {hour: n for hour, n in found.hours.items() if n} == {12: 10, 15: 1, 23: 1}
    assert found.outcomes == {
        Outcome.PERSON: 3, Outcome.CALLBACK: 1, Outcome.REPORT: 2, Outcome.ANSWER: 1,
        Outcome.PARTIAL: 1, Outcome.FAILED: 1, Outcome.NOTHING: 3,
    }  # fmt: skip
    assert found.contained == 3
    assert (found.queued, found.answered) == (4, 2)
    assert found.waits == Spread(2, 40, 80, 80)
    assert found.talks == Spread(2, 90, 300, 300)
    assert found.lengths == Spread(12, 120, 120, 120)
    assert list(found.funnel) == [
        StageCount(Stage.MENU, 12, 1), StageCount(Stage.KIND, 3, 0),
        StageCount(Stage.STATEMENT, 3, 0), StageCount(Stage.PLACE, 0, 0),
        StageCount(Stage.CONTACT, 3, 1), StageCount(Stage.CONFIRM, 2, 0),
        StageCount(Stage.REFERENCE, 2, 1),
    ]  # fmt: skip
    assert list(found.stages) == [
        StageCount(Stage.FOLLOW_UP, 2, 2), StageCount(Stage.PERSON, 4, 1),
        StageCount(Stage.INSTEAD, 1, 0), StageCount(Stage.DANGER, 1, 0),
    ]  # fmt: skip
    assert StepCount("Enqueue:queue", Stage.PERSON, 1) in found.steps
    assert sum(each.left for each in found.steps) == 6
    assert found.read_from == NOON - timedelta(days=40)
    assert found.read_until == NOON + timedelta(hours=3)
    with reading(database) as session:
        (left,) = find_calls(session, CallFilters(last=SUNDAY - timedelta(days=35)), 2)
    assert (left.queued, left.answered, left.waited_s) == (True, False, 10)


def test_a_day_without_calls_has_no_figures_and_no_errors(database: Engine) -> None:
    found = figures(database)

    assert (found.total, found.contained, found.read_until) == (0, 0, None)
    assert found.waits == Spread(0, None, None, None)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (CallFilters(), 14),
        (CallFilters(first=SUNDAY, last=SUNDAY), 11),
        (CallFilters(first=SUNDAY, hour=15), 1),
        (CallFilters(first=SUNDAY, outcomes=[Outcome.REPORT, Outcome.ANSWER]), 3),
        (CallFilters(first=SUNDAY, stage=Stage.CONTACT), 3),
        (CallFilters(first=SUNDAY, left_stage=Stage.FOLLOW_UP), 2),
        (CallFilters(left_at="Gather:main_menu"), 1),
        (CallFilters(queued=True), 5),
        (CallFilters(queued=True, answered=False), 3),
        (CallFilters(answered=True, waited_s=80), 1),
    ],
)
def test_a_list_has_as_many_calls_as_its_figure(
    database: Engine, filters: CallFilters, count: int
) -> None:
    keep(database)
    sum_up_calls(database, ZONE)

    with reading(database) as session:
        found = find_calls(session, filters, 100)
        first = find_calls(session, filters, 5)
        after = Place(first[-1].started_at, first[-1].call_id)
        rest = find_calls(session, filters, 100, after)

    assert len(found) == count
    assert [each.call_id for each in [*first, *rest]] == [each.call_id for each in found]
    assert found == sorted(found, key=lambda c: (c.started_at, c.call_id), reverse=True)


def test_calls_that_end_later_are_added_to_their_day(database: Engine) -> None:
    keep(database)
    sum_up_calls(database, ZONE)
    with transaction(database) as session:
        call = a_call(started_at=NOON + timedelta(hours=4))
        session.add(call)
        session.flush()
        session.add_all(a_journal(call, ("Gather:area", HungUp())))

    assert sum_up_calls(database, ZONE, since=NOON + timedelta(hours=5)) == 0
    assert sum_up_calls(database, ZONE, since=NOON) == 1

    found = figures(database)
    assert found.total == 12
    assert StepCount("Gather:area", Stage.PLACE, 1) in found.steps


def test_every_step_of_the_flows_has_a_stage() -> None:
    asked = set()
    for file in Path(ivr.flows.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            asked |= set(_asked(node))

    assert {step for step in asked if stage_of(f"Gather:{step}") is Stage.OTHER} == set()
    assert set(STAGES) - asked == {"file_report"}


def _asked(node: ast.AST) -> Iterator[str]:
    """The keys of steps that wait for the caller, as they stand in the code of a flow."""
    at: ast.expr | None = None
    match node:
        case ast.Call(ast.Name("menu"), [_, key, *_]):
            at = key
        case ast.Call(ast.Name(name), [key, *_]) if name in WAITS:
            at = key
        case ast.Assign([ast.Name("question")], key) | ast.Call(ast.Name("_say_more"), [_, key]):
            at = key
    for part in ast.walk(at) if at is not None else ():
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
