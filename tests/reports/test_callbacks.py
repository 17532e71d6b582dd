"""Promised calls are made in order, in decent hours, not for ever, and never twice at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from reports.callbacks import (
    Order,
    Promise,
    RingRules,
    answered,
    due_callbacks,
    forget_number,
    promise,
    settle_callback,
)
from reports.models import Callback, CallbackKind
from storage.database import reading, transaction
from tests.builders import NOON, a_report

RULES = RingRules(
    time(7), time(21), 3, timedelta(minutes=20), ZoneInfo("Asia/Ho_Chi_Minh"),
    within=timedelta(days=7),
)  # fmt: skip
KIND = CallbackKind.CALLBACK
MINUTE = timedelta(minutes=1)


def owe(
    engine: Engine,
    number: str,
    now: datetime = NOON,
    position: int = 1,
    waited_s: int = 0,
    call: str | None = None,
    kind: CallbackKind = KIND,
    report: str | None = None,
) -> int:
    with transaction(engine) as session:
        owed = Promise(kind, number, "vi", waited_s, report, call or f"c{number}", position)
        return promise(session, owed, now)


def take(engine: Engine, now: datetime = NOON, at_once: int = 1) -> list[Order]:
    with transaction(engine) as session:
        return list(due_callbacks(session, KIND, RULES, at_once, now))


def settle(engine: Engine, order: Order, reached: bool, now: datetime = NOON) -> None:
    with transaction(engine) as session:
        settle_callback(session, order.outgoing, reached, RULES, now)


def states(engine: Engine) -> list[str]:
    with reading(engine) as session:
        rows = session.scalars(select(Callback).order_by(Callback.queued_since, Callback.asked_at))
        return [row.state for row in rows]


def test_the_place_in_the_queue_is_kept(database: Engine) -> None:
    assert owe(database, "0912000001") == 0
    assert owe(database, "0912000002", NOON + MINUTE) == 1
    # Waited five minutes before asking, so before both.
    assert owe(database, "0912000003", NOON + 2 * MINUTE, waited_s=300) == 0
    assert owe(database, "0912000004", NOON + 3 * MINUTE) == 3

    orders = take(database, NOON + 4 * MINUTE, at_once=9)

    assert [order.number[-1] for order in orders] == ["3", "1", "2", "4"]


def test_one_number_is_owed_one_call_and_keeps_its_first_place(database: Engine) -> None:
    owe(database, "0912000001")
    owe(database, "0912000002", NOON + MINUTE)

    assert owe(database, "+84 912 000 001", NOON + 9 * MINUTE, position=5, call="c9") == 0
    assert len(states(database)) == 2


def test_a_repeated_answer_promises_nothing_more(database: Engine) -> None:
    assert [owe(database, "0912000001", call="c1") for _ in range(3)] == [0, 0, 0]
    assert states(database) == ["waiting"]


def test_no_more_are_rung_than_there_are_people_to_talk_to(database: Engine) -> None:
    for digit in range(4):
        owe(database, f"091200000{digit}", NOON + digit * MINUTE)

    now = NOON + 9 * MINUTE
    first = take(database, now, at_once=2)
    assert [order.number[-1] for order in first] == ["0", "1"]
    assert take(database, now, at_once=2) == []
    settle(database, first[0], reached=True, now=now)
    assert [order.number[-1] for order in take(database, now, at_once=2)] == ["2"]


@pytest.mark.parametrize(
    ("hour_utc", "rings"),
    [(23, 0), (0, 1), (13, 1), (14, 0)],  # 06:00, 07:00, 20:00 and 21:00 in Việt Nam
)
def test_nobody_is_rung_in_their_sleep(database: Engine, hour_utc: int, rings: int) -> None:
    owe(database, "0912000001")

    now = NOON.replace(day=23, hour=hour_utc, minute=0)
    assert len(take(database, now)) == rings


def test_who_does_not_answer_is_tried_again_and_then_no_more(database: Engine) -> None:
    owe(database, "0912000001")
    now = NOON
    outgoing = []
    for _ in range(3):
        [order] = take(database, now)
        outgoing.append(order.outgoing)
        settle(database, order, reached=False, now=now)
        assert take(database, now + 19 * MINUTE) == []
        now += 20 * MINUTE

    assert states(database) == ["given_up"] and take(database, now) == []
    assert len(set(outgoing)) == 3  # each try has an id of its own


def test_late_news_of_an_earlier_try_changes_nothing(database: Engine) -> None:
    owe(database, "0912000001")
    [first] = take(database)
    settle(database, first, reached=False)
    [second] = take(database, NOON + 20 * MINUTE)

    settle(database, first, reached=False, now=NOON + 21 * MINUTE)
    assert states(database) == ["ringing"]
    settle(database, second, reached=True)
    settle(database, second, reached=False)
    assert states(database) == ["reached"]


def test_a_try_of_which_nothing_is_heard_is_made_again(database: Engine) -> None:
    owe(database, "0912000001")
    [first] = take(database)

    assert take(database, NOON + 2 * MINUTE) == []
    [second] = [*take(database, NOON + 4 * MINUTE), *take(database, NOON + 25 * MINUTE)]
    assert second.outgoing != first.outgoing


def test_who_has_picked_up_is_not_rung_while_they_talk(database: Engine) -> None:
    owe(database, "0912000001")
    [order] = take(database)
    with transaction(database) as session:
        assert answered(session, order.outgoing, NOON) is not None

    assert take(database, NOON + timedelta(hours=1)) == []
    assert states(database) == ["ringing"]


def test_a_survey_that_was_picked_up_is_done(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_report(id="r1"))
    owe(database, "0912000001", kind=CallbackKind.SURVEY, report="r1")
    with transaction(database) as session:
        [order] = due_callbacks(session, CallbackKind.SURVEY, RULES, 1, NOON)
        answered(session, order.outgoing, NOON)

    assert states(database) == ["reached"]


def test_what_comes_too_late_is_not_made_any_more(database: Engine) -> None:
    owe(database, "0912000001")

    assert take(database, NOON + timedelta(days=8)) == []
    assert states(database) == ["given_up"]


@pytest.mark.parametrize(
    "number", ["19001234", "00881234567890", "+12025550123", "113", "", "0123"]
)
def test_a_number_that_could_cost_anything_is_left_to_staff(database: Engine, number: str) -> None:
    owe(database, number)

    assert take(database) == [] and states(database) == ["by_hand"]


def test_a_number_that_is_wiped_is_not_rung(database: Engine) -> None:
    owe(database, "0912000001", call="c1")

    with transaction(database) as session:
        forget_number(session, "c1", [], NOON)

    with reading(database) as session:
        callback = session.scalars(select(Callback)).one()
    assert (callback.number, callback.number_hash, callback.state) == (None, None, "given_up")
    assert take(database) == []


def test_workers_that_look_at_the_same_moment_ring_nobody_twice(database: Engine) -> None:
    for digit in range(6):
        owe(database, f"091200000{digit}", NOON + digit * MINUTE)

    with ThreadPoolExecutor(6) as workers:
        taken = list(workers.map(lambda _: take(database, NOON + 9 * MINUTE, 4), range(6)))

    rung = [order.number for orders in taken for order in orders]
    assert len(rung) == len(set(rung)) == 4
