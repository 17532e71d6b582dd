"""A call whose server died is seen within seconds; one that needs no server is not."""

import threading
import time
from datetime import timedelta

import pytest

from ivr.drivers.heartbeat import Heartbeat
from ivr.engine import Pending
from ivr.orphans import SILENT_AFTER, orphaned
from ivr.steps import Digits, QueueSeen
from tests.ivr.conftest import House
from tests.ivr.test_sweep import begin, bring

A_MOMENT = timedelta(milliseconds=100)


def a_heart(house: House, name: str) -> Heartbeat:
    return Heartbeat(house.database, name, house.clock)


def orphans(house: House) -> tuple[str, ...]:
    return orphaned(house.database, "agi", house.clock.now)


def held_by(house: House, server: str, unique_id: str = "1795000000.1") -> Pending:
    return begin(house, unique_id, holder=f"{server}-7")


def test_a_call_is_an_orphan_three_seconds_after_its_servers_last_sign_of_life(
    house: House,
) -> None:
    at = held_by(house, "alive")
    for _ in range(5):
        house.clock.pass_by(timedelta(seconds=1))
        a_heart(house, "alive").beat()
        assert orphans(house) == ()

    house.clock.pass_by(SILENT_AFTER - A_MOMENT)
    assert orphans(house) == ()
    house.clock.pass_by(A_MOMENT)
    assert orphans(house) == (at.call_id,)


def test_another_servers_life_does_not_count(house: House) -> None:
    at = held_by(house, "dead")
    house.clock.pass_by(SILENT_AFTER)
    a_heart(house, "alive").beat()

    assert orphans(house) == (at.call_id,)


def test_a_call_that_is_taken_over_is_no_orphan_any_more(house: House) -> None:
    held_by(house, "dead")
    house.clock.pass_by(SILENT_AFTER)
    a_heart(house, "alive").beat()

    held_by(house, "alive")

    assert orphans(house) == ()


def test_a_server_that_leaves_on_purpose_leaves_orphans_at_once(house: House) -> None:
    heart = a_heart(house, "alive")
    heart.beat()
    at = held_by(house, "alive")
    house.clock.pass_by(SILENT_AFTER)
    heart.beat()

    heart.leave()

    assert orphans(house) == (at.call_id,)


def test_a_call_in_the_queue_needs_no_server(house: House) -> None:
    bring(house, begin(house), ("main_menu", Digits("0")), ("queue_seen", QueueSeen(0, 1, 0)))
    house.clock.pass_by(SILENT_AFTER)

    assert orphans(house) == ()


def test_an_ended_call_is_no_orphan(house: House) -> None:
    house.hotline.conversations.end(begin(house).call_id)
    house.clock.pass_by(SILENT_AFTER)

    assert orphans(house) == ()


@pytest.mark.slow
def test_a_heart_beats_until_its_server_stops(house: House) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=a_heart(house, "alive").run, args=(stop,))
    thread.start()
    deadline = time.monotonic() + 5
    at = held_by(house, "alive")
    house.clock.pass_by(SILENT_AFTER)
    while orphans(house):  # the beat that follows the clock's leap
        assert time.monotonic() < deadline
        time.sleep(0.05)

    stop.set()
    thread.join(5)

    assert orphans(house) == (at.call_id,)
