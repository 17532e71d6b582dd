"""Callers wait for an operator in the dialplan, and come back to whichever server answers."""

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from baresip.call import Call

from hotline.telephony.installation import Installation
from hotline.telephony.kept_secrets import operator_secret
from tests.asterisk.fake_agi import FakeAgi, Visit
from tests.asterisk.people import eventually, telephones
from tests.asterisk.running import RunningAsterisk, running_asterisk, until

pytestmark = pytest.mark.asterisk

CALLER = "0912345678"


def log_the_queue(etc: Path) -> None:
    """Turn the queue's log on, which we leave off: to see what it would say."""
    path = etc / "logger.conf"
    path.write_text(path.read_text().replace("queue_log = no", "queue_log = yes"))


@pytest.fixture(scope="module")
def staffed(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    with running_asterisk(
        installation,
        tmp_path_factory.mktemp("queue"),
        agi_servers=1,
        operators=("101", "102"),
        weaken=log_the_queue,
    ) as asterisk:
        yield asterisk


@pytest.fixture(autouse=True)
def quiet(staffed: RunningAsterisk) -> Iterator[None]:
    yield
    staffed.hang_up()
    until(lambda: not staffed.channels())
    for name in staffed.ended:
        (staffed.telephony.ended_calls / name).unlink()


class Waits:
    """Sends the caller to the queue once, and keeps what came back."""

    def __init__(self, wait_s: int = 20, anonymous: bool = False) -> None:
        self.outcomes: list[str] = []
        self.seen: list[str] = []
        self.callers: list[str] = []
        self._wait_s = wait_s
        self._anonymous = anonymous

    def __call__(self, visit: Visit) -> None:
        self.callers.append(visit.environment["agi_callerid"])
        if told := visit.environment["agi_arg_2"]:
            self.outcomes.append(told)
            visit.done()
            return
        look = "${QUEUE_WAITING_COUNT(hotline)}:${QUEUE_MEMBER(hotline,logged)}"
        self.seen.append(visit.command(f'GET FULL VARIABLE "{look}"'))
        if self._anonymous:
            for name in ("CALLERID(all)", "CALLERID(ANI-all)", "CALLERID(RDNIS)"):
                visit.command(f'SET VARIABLE "{name}" ""')
        visit.command("SET VARIABLE HOTLINE_AT 4")
        visit.command('SET VARIABLE "__HOTLINE_CALL" "0123abcd"')
        visit.command(f"SET VARIABLE HOTLINE_WAIT_S {self._wait_s}")
        visit.command("SET VARIABLE QUEUE_PRIO 0")
        visit.command("SET VARIABLE HOTLINE_NEXT queue")


def target(asterisk: RunningAsterisk) -> str:
    return f"127.0.0.1:{asterisk.sip_port}"


def signed_in(asterisk: RunningAsterisk) -> bool:
    return "Not in use" in asterisk.rx("queue show hotline")


def test_nobody_waits_where_nobody_is_signed_in(staffed: RunningAsterisk) -> None:
    waits = Waits()
    with FakeAgi(staffed.agi_port, waits):
        began = time.monotonic()
        staffed.call()
        until(lambda: waits.outcomes)

    assert waits.outcomes == ["4:JOINEMPTY:0:"]
    assert waits.seen == ["200 result=1 (0:0)"]
    assert time.monotonic() - began < 2


def test_an_operator_takes_the_call_sees_its_id_and_the_caller_comes_back(
    staffed: RunningAsterisk,
) -> None:
    waits = Waits()
    headers: dict[str, str] = {}

    async def talk() -> None:
        async with telephones(target(staffed)) as phones:
            operator = await phones.operator("101", operator_secret(staffed.data, "101"))
            await eventually(lambda: signed_in(staffed))
            rung: list[Call] = []
            operator.on_incoming(rung.append)
            staffed.call()
            await eventually(lambda: rung)
            (call,) = rung
            headers.update(call.headers)
            await call.answer()
            await asyncio.sleep(1.2)
            await call.hangup()
            await eventually(lambda: waits.outcomes)
            await operator.unregister()

    with FakeAgi(staffed.agi_port, waits):
        asyncio.run(talk())

    position, outcome, seconds, key, talked = waits.outcomes[0].split(":")
    assert (position, outcome, key) == ("4", "CONTINUE", "")
    assert int(seconds) <= 2, "the wait, not the talk"
    assert 1 <= int(talked) <= 3, "the talk, not the wait"
    assert waits.seen == ["200 result=1 (0:1)"]
    assert headers == {"X-Hotline-Call": "0123abcd"}


def test_a_key_leaves_the_queue(staffed: RunningAsterisk) -> None:
    waits = Waits()

    async def leave() -> None:
        async with telephones(target(staffed)) as phones:
            operator = await phones.operator("101", operator_secret(staffed.data, "101"))
            await eventually(lambda: signed_in(staffed))
            rung: list[Call] = []
            operator.on_incoming(rung.append)
            caller = await phones.caller(CALLER, staffed.secret)
            call = await caller.dial(f"sip:19009120@{target(staffed)}")
            await eventually(lambda: rung)
            await call.send_dtmf("5")
            await asyncio.sleep(0.5)
            assert waits.outcomes == [], "a key that means nothing changes nothing"
            await call.send_dtmf("2")
            await eventually(lambda: waits.outcomes)
            await operator.unregister()

    with FakeAgi(staffed.agi_port, waits):
        asyncio.run(leave())

    assert waits.outcomes[0].startswith("4:KEY:") and waits.outcomes[0].endswith(":2")


def test_the_end_of_the_wait_brings_the_caller_back(staffed: RunningAsterisk) -> None:
    waits = Waits(wait_s=2)

    async def wait() -> None:
        async with telephones(target(staffed)) as phones:
            operator = await phones.operator("101", operator_secret(staffed.data, "101"))
            await eventually(lambda: signed_in(staffed))
            staffed.call()
            await eventually(lambda: waits.outcomes)
            await operator.unregister()

    with FakeAgi(staffed.agi_port, waits):
        asyncio.run(wait())

    assert waits.outcomes[0] in ("4:TIMEOUT:2:", "4:TIMEOUT:3:")


@pytest.mark.parametrize("anonymous", [False, True])
def test_an_anonymous_callers_number_is_nowhere_in_the_queue(
    staffed: RunningAsterisk, anonymous: bool
) -> None:
    """The first case shows that the second one looks in the right places."""
    waits = Waits(anonymous=anonymous)
    log = staffed.data / "run/asterisk/log/queue_log"
    before = log.read_text() if log.exists() else ""
    peers: list[str] = []

    async def wait() -> None:
        async with telephones(target(staffed)) as phones:
            operator = await phones.operator("101", operator_secret(staffed.data, "101"))
            await eventually(lambda: signed_in(staffed))
            rung: list[Call] = []
            operator.on_incoming(rung.append)
            caller = await phones.caller(CALLER, staffed.secret)
            call = await caller.dial(f"sip:19009120@{target(staffed)}")
            await eventually(lambda: rung)
            peers.append(rung[0].peer or "")
            await call.send_dtmf("2")
            await eventually(lambda: waits.outcomes)
            await operator.unregister()

    with FakeAgi(staffed.agi_port, waits):
        asyncio.run(wait())

    said = log.read_text().removeprefix(before)
    assert "ENTERQUEUE" in said
    assert waits.callers[0] == CALLER
    assert (CALLER in said) is not anonymous
    assert (CALLER in waits.callers[1]) is not anonymous
    assert any(CALLER in peer for peer in peers) is not anonymous


def test_who_hangs_up_after_talking_is_known_to_have_talked(staffed: RunningAsterisk) -> None:
    async def talk() -> None:
        async with telephones(target(staffed)) as phones:
            operator = await phones.operator("101", operator_secret(staffed.data, "101"))
            await eventually(lambda: signed_in(staffed))
            rung: list[Call] = []
            operator.on_incoming(rung.append)
            caller = await phones.caller(CALLER, staffed.secret)
            call = await caller.dial(f"sip:19009120@{target(staffed)}")
            await eventually(lambda: rung)
            await rung[0].answer()
            await asyncio.sleep(0.5)
            await call.hangup()
            await eventually(lambda: staffed.ended)
            await operator.unregister()

    with FakeAgi(staffed.agi_port, Waits()):
        asyncio.run(talk())

    (note,) = staffed.ended
    told = (staffed.telephony.ended_calls / note).read_text().strip()
    assert re.fullmatch("4:CONTINUE:[0-9]+::[0-3]", told), told


def test_the_waits_and_talks_of_a_caller_whose_operator_was_lost_are_added_up(
    staffed: RunningAsterisk,
) -> None:
    async def talk() -> None:
        async with telephones(target(staffed)) as phones:
            operator = await phones.operator("101", operator_secret(staffed.data, "101"))
            await eventually(lambda: signed_in(staffed))
            rung: list[Call] = []
            operator.on_incoming(rung.append)
            caller = await phones.caller(CALLER, staffed.secret)
            call = await caller.dial(f"sip:19009120@{target(staffed)}")
            await eventually(lambda: rung)
            await asyncio.sleep(1.1)
            answered = rung.pop()
            await answered.answer()
            await asyncio.sleep(2.1)
            # As the operator's own channel tells it where its line died (test_phone_calls).
            names = [line.split("!")[0] for line in staffed.channels()]
            for name in names:
                theirs = name.startswith("PJSIP/101-")
                told = ("HOTLINE_CALLER", "nobody") if theirs else ("SHARED(HOTLINE_LEG1)", "lost")
                staffed.rx(f"dialplan set chanvar {name} {' '.join(told)}")
            await answered.hangup()
            await eventually(lambda: rung)
            await call.hangup()
            await eventually(lambda: staffed.ended)
            await operator.unregister()

    with FakeAgi(staffed.agi_port, Waits()):
        asyncio.run(talk())

    (note,) = staffed.ended
    told = (staffed.telephony.ended_calls / note).read_text().strip()
    found = re.fullmatch("4:CONTINUE:([0-9]+)::([0-9]+)", told)
    assert found, told
    waited_s, talked_s = int(found[1]), int(found[2])
    assert 2 <= waited_s <= 12 and 2 <= talked_s <= 4, told
