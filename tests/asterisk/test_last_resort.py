"""When none of our software answers, the dialplan records by itself."""

import asyncio
import stat
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from baresip.call import Call

from hotline.telephony.installation import Installation
from speech.level import is_silent
from speech.sound import read_wav
from tests.asterisk.fake_agi import FakeAgi, Visit
from tests.asterisk.people import Telephones, eventually, telephones
from tests.asterisk.running import RunningAsterisk, running_asterisk, until
from tests.asterisk.sounds import lay_prompts
from tests.speech.sounds import a_tone

pytestmark = pytest.mark.asterisk

CALLER = "0912345678"
Act = Callable[[Telephones, Call], Awaitable[None]]


@pytest.fixture(scope="module")
def alone(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    """An Asterisk with every prompt of its own."""
    data = tmp_path_factory.mktemp("alone")
    lay_prompts(data)
    with running_asterisk(installation, data) as asterisk:
        yield asterisk


@pytest.fixture(autouse=True)
def quiet(alone: RunningAsterisk) -> Iterator[None]:
    yield
    alone.hang_up()
    until(lambda: not alone.channels())
    for folder in (alone.telephony.ended_calls, alone.telephony.last_resort):
        for path in folder.iterdir():
            path.unlink()


def call(asterisk: RunningAsterisk, act: Act) -> None:
    """A caller rings the hotline and does as `act` says."""

    async def talk() -> None:
        target = f"127.0.0.1:{asterisk.sip_port}"
        async with telephones(target) as phones:
            caller = await phones.caller(CALLER, asterisk.secret)
            line = await caller.dial(f"sip:19009120@{target}")
            await line.wait_established()
            await act(phones, line)
            await eventually(lambda: not asterisk.channels())

    asyncio.run(talk())


def playing(asterisk: RunningAsterisk) -> str:
    """What the only channel does right now."""
    channels = asterisk.channels()
    return "!".join(channels[0].split("!")[5:7]) if channels else ""


async def heard(asterisk: RunningAsterisk, prompt: str) -> None:
    await eventually(lambda: playing(asterisk).endswith(f"/vi/{prompt}"))


async def recording(asterisk: RunningAsterisk) -> None:
    await eventually(lambda: playing(asterisk).startswith("Record!"))


async def speaks(line: Call, seconds: float) -> None:
    await eventually(lambda: line.audio.info().tx_ready)
    line.audio.write(a_tone(seconds).samples.tobytes())
    await asyncio.sleep(seconds)


def left(asterisk: RunningAsterisk) -> dict[str, Path]:
    """What lies in the spool, by suffix."""
    return {path.suffix: path for path in asterisk.telephony.last_resort.iterdir()}


def test_with_every_server_down_words_are_recorded_within_eight_seconds(
    alone: RunningAsterisk,
) -> None:
    waited: list[float] = []

    async def speak(phones: Telephones, line: Call) -> None:
        began = time.monotonic()
        await heard(alone, "please_wait")
        await heard(alone, "last_resort")
        waited.append(time.monotonic() - began)
        await recording(alone)
        await speaks(line, 1.5)
        await line.send_dtmf("#")
        await heard(alone, "last_resort_thanks")

    call(alone, speak)

    assert waited[0] < 8
    files = left(alone)
    sound = read_wav(files[".wav"])
    assert sound.length_s > 1 and not is_silent(sound)
    epoch, called, presentation, number = files[".note"].read_text().strip().split("|")
    assert abs(int(epoch) - time.time()) < 15
    assert (called, number) == ("19009120", CALLER)
    assert not presentation.startswith("prohib")
    assert alone.ended == [files[".note"].stem]
    assert stat.S_IMODE(files[".note"].parent.stat().st_mode) == 0o700


def test_the_words_of_whoever_hangs_up_are_kept(alone: RunningAsterisk) -> None:
    async def speak(phones: Telephones, line: Call) -> None:
        await recording(alone)
        await speaks(line, 1.5)
        await line.hangup()

    call(alone, speak)

    assert read_wav(left(alone)[".wav"]).length_s > 1
    until(lambda: alone.ended)


@pytest.mark.parametrize("variable", ["HOTLINE_LAST_RESORT", "HOTLINE_FULL"])
def test_a_server_that_knows_that_nobody_can_help_brings_it_on_at_once(
    alone: RunningAsterisk, variable: str
) -> None:
    """LAST_RESORT: no server can store anything. FULL: none has a place (all were asked)."""
    waited: list[float] = []

    def says_so(visit: Visit) -> None:
        visit.command(f"SET VARIABLE {variable} 1")

    async def wait(phones: Telephones, line: Call) -> None:
        began = time.monotonic()
        await heard(alone, "last_resort")
        waited.append(time.monotonic() - began)
        await line.hangup()

    with FakeAgi(alone.agi_ports[0], says_so) as a, FakeAgi(alone.agi_ports[1], says_so) as b:
        call(alone, wait)

    assert waited[0] < 1
    asked = len(a.visits) + len(b.visits)
    assert asked == (1 if variable == "HOTLINE_LAST_RESORT" else 2)


def test_one_full_server_leaves_the_call_to_the_other(alone: RunningAsterisk) -> None:
    def is_full(visit: Visit) -> None:
        visit.command("SET VARIABLE HOTLINE_FULL 1")

    with FakeAgi(alone.agi_ports[0], is_full), FakeAgi(alone.agi_ports[1], Visit.done) as other:
        for calls in range(1, 5):
            alone.call()
            until(lambda calls=calls: len(other.visits) == calls)  # type: ignore[misc]

    assert left(alone) == {}


def test_whoever_declined_is_not_recorded(alone: RunningAsterisk) -> None:
    def declines(visit: Visit) -> None:
        visit.command("SET VARIABLE HOTLINE_NO_RECORDING 1")
        visit.command("SET VARIABLE HOTLINE_LAST_RESORT 1")

    async def wait(phones: Telephones, line: Call) -> None:
        await heard(alone, "last_resort_no_recording")

    with FakeAgi(alone.agi_ports[0], declines), FakeAgi(alone.agi_ports[1], declines):
        call(alone, wait)

    assert set(left(alone)) == {".note"}


def test_a_number_that_was_cleared_is_not_in_the_note(alone: RunningAsterisk) -> None:
    def clears(visit: Visit) -> None:
        for name in ("CALLERID(all)", "CALLERID(ANI-all)", "CALLERID(RDNIS)"):
            visit.command(f'SET VARIABLE "{name}" ""')
        visit.command("SET VARIABLE HOTLINE_LAST_RESORT 1")

    async def wait(phones: Telephones, line: Call) -> None:
        await heard(alone, "last_resort")
        await line.hangup()

    with FakeAgi(alone.agi_ports[0], clears), FakeAgi(alone.agi_ports[1], clears):
        call(alone, wait)

    assert CALLER not in left(alone)[".note"].read_text()
