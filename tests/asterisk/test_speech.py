"""Callers answer a real Asterisk in words and by keys; whatever dies, no call hangs on it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from hotline.caller.errors import CallerError
from hotline.caller.line import SipLine
from hotline.caller.phone import Phone
from hotline.telephony.installation import Installation
from ivr.answers import Speech
from ivr.drivers.listening import Key, SpeechService, Words
from ivr.drivers.simulator import tone
from ivr.errors import AgiError, ChannelGone, SpeechGone
from speech.sound import TELEPHONE_HZ, Samples, from_float, write_wav
from tests.asterisk.listening import (
    PAUSE_MS,
    TIMEOUT_MS,
    ListeningServer,
    SpeechProcess,
    listening_server,
    speech_process,
)
from tests.asterisk.running import RunningAsterisk, free_ports, running_asterisk, until

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]

PROMPT_S = 2.0
ONCE_ANSWERED_S = 0.5
CALLS = 10
STREAMS = 4
# A caller may wait so much longer than they would for keys alone.
EXTRA_S = 6.0

Act = Callable[[SipLine], Awaitable[None]]


@pytest.fixture(scope="module")
def speech_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def listening(
    installation: Installation, speech_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningAsterisk]:
    with running_asterisk(
        installation,
        tmp_path_factory.mktemp("speech"),
        speech_server=f"127.0.0.1:{speech_port}",
    ) as asterisk:
        yield asterisk


@pytest.fixture
def asterisk(listening: RunningAsterisk) -> Iterator[RunningAsterisk]:
    """It hears nothing of the test before, and nobody is left in it."""
    yield listening
    listening.hang_up()
    until(lambda: not listening.channels())


@pytest.fixture
def service(tmp_path: Path, speech_port: int) -> Iterator[SpeechProcess]:
    with speech_process(tmp_path / "data", streams=STREAMS, port=speech_port) as process:
        yield process


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A prompt of two seconds, as Asterisk wants its path."""
    path = tmp_path_factory.mktemp("sounds") / "question"
    write_wav(path.with_suffix(".wav"), tone(Speech(PROMPT_S)))
    return str(path)


@pytest.fixture
def server(asterisk: RunningAsterisk, speech_port: int, question: str) -> Iterator[ListeningServer]:
    client = SpeechService(f"127.0.0.1:{speech_port}")
    with listening_server(asterisk.agi_port, client, question) as server:
        yield server


def words(length_s: float) -> Samples:
    return tone(Speech(length_s)).samples


def noise(length_s: float, dbfs: float) -> Samples:
    drawn = np.random.default_rng(4).standard_normal(round(length_s * TELEPHONE_HZ))
    return from_float(drawn * 10 ** (dbfs / 20), TELEPHONE_HZ).samples


def number(index: int) -> str:
    return f"09120000{index:02}"


def place(asterisk: RunningAsterisk, *acts: Act, apart_s: float = 0.0) -> None:
    """One caller for each act, `apart_s` after each other, until the last was hung up on."""

    async def call(phone: Phone, index: int, act: Act) -> None:
        await asyncio.sleep(index * apart_s)
        line = await phone.dial("19009120", number(index))
        try:
            await act(line)
            async with asyncio.timeout(60):
                await line.until(lambda _now_s: False)
        except CallerError:
            pass  # hung up on, as every call ends
        finally:
            await line.hang_up()

    async def run() -> None:
        async with Phone(asterisk.telephony.sip_bind, asterisk.secret) as phone:
            await asyncio.gather(*(call(phone, index, act) for index, act in enumerate(acts)))

    asyncio.run(run())


def says(length_s: float, after_s: float) -> Act:
    async def act(line: SipLine) -> None:
        await asyncio.sleep(after_s)
        await line.speak(words(length_s))

    return act


def presses(key: str, after_s: float) -> Act:
    async def act(line: SipLine) -> None:
        await asyncio.sleep(after_s)
        await line.press(key)

    return act


async def stays_silent(line: SipLine) -> None:
    """Says nothing."""


def test_a_word_during_the_prompt_stops_it_and_is_heard(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    place(asterisk, says(0.8, after_s=ONCE_ANSWERED_S))

    (turn,) = server.turns
    assert isinstance(turn.heard, Words), turn.heard
    assert turn.heard == Words("đúng", 0.9)


def test_a_word_after_the_prompt_is_heard_soon_after_its_end(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    spoken_at: list[float] = []

    async def act(line: SipLine) -> None:
        await asyncio.sleep(PROMPT_S + 1.0)
        await line.speak(words(0.8))
        spoken_at.append(time.monotonic())

    place(asterisk, act)

    (turn,) = server.turns
    assert isinstance(turn.heard, Words), turn.heard
    ended_s = turn.began_at + turn.heard_s - spoken_at[0]
    assert ended_s < PAUSE_MS / 1000 + 1.0


@pytest.mark.parametrize("key", ["2", "#", "*"])
def test_a_key_during_the_prompt_wins_at_once(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer, key: str
) -> None:
    place(asterisk, presses(key, after_s=1.0))

    (turn,) = server.turns
    assert turn.heard == Key(key)
    assert turn.heard_s < PROMPT_S + 0.5


def test_a_key_after_the_prompt_is_heard(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    place(asterisk, presses("7", after_s=PROMPT_S + 1.2))

    (turn,) = server.turns
    assert turn.heard == Key("7")


def test_a_key_after_speech_began_wins(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    async def act(line: SipLine) -> None:
        await asyncio.sleep(ONCE_ANSWERED_S)
        await line.speak(words(1.0))
        await line.press("5")  # before the pause that would end the words

    place(asterisk, act)

    (turn,) = server.turns
    assert turn.heard == Key("5")


def test_keys_at_any_moment_are_never_lost(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    """Four callers at a time press at moments that fall on and between the rounds of listening."""
    for start in range(0, 12, 4):
        acts = [presses("3", PROMPT_S + 0.5 + 0.11 * (start + index)) for index in range(4)]
        place(asterisk, *acts)

    assert [turn.heard for turn in server.turns] == [Key("3")] * 12


def test_silence_is_nothing_after_its_time(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    place(asterisk, stays_silent)

    (turn,) = server.turns
    assert turn.heard is None
    expected_s = PROMPT_S + TIMEOUT_MS / 1000
    assert expected_s - 0.3 < turn.heard_s < expected_s + 1.5


def test_noise_alone_neither_stops_the_prompt_nor_is_a_word(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    async def act(line: SipLine) -> None:
        await line.speak(noise(7.0, dbfs=-48))

    place(asterisk, act)

    (turn,) = server.turns
    assert turn.heard is None
    assert turn.heard_s > PROMPT_S + TIMEOUT_MS / 1000 - 0.3


def test_a_hangup_in_mid_question_is_a_hangup(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    async def act(line: SipLine) -> None:
        await asyncio.sleep(1.0)
        await line.hang_up()

    place(asterisk, act)
    until(lambda: server.turns and server.turns[0].over)

    (turn,) = server.turns
    assert isinstance(turn.heard, ChannelGone), turn.heard
    until(lambda: SpeechService(service.address).state().used == 0)


def test_a_server_killed_in_mid_question_is_followed_by_the_next_within_two_seconds(
    asterisk: RunningAsterisk, service: SpeechProcess, question: str
) -> None:
    """SpeechBackground does not notice a dead server; the speech service does."""
    first, second = asterisk.agi_ports
    program = [sys.executable, "-m", "tests.asterisk.listening", str(first), service.address]
    with subprocess.Popen([*program, question], stdout=subprocess.PIPE, text=True) as dying:
        assert dying.stdout is not None
        assert dying.stdout.readline() == "listening\n"
        client = SpeechService(service.address)
        with listening_server(second, client, question) as other:
            killed_at: list[float] = []

            async def act(line: SipLine) -> None:
                await asyncio.sleep(1.0)
                if not other.turns:  # the call may have begun at either server
                    dying.kill()
                    killed_at.append(time.monotonic())
                await asyncio.sleep(2.5)
                await line.press("4")

            for _ in range(6):
                other.turns.clear()
                place(asterisk, act)
                if killed_at:
                    break
            dying.kill()

    (turn,) = other.turns
    assert turn.heard == Key("4")
    assert turn.began_at - killed_at[0] < 2.0


def faulty(
    asterisk: RunningAsterisk,
    server: ListeningServer,
    fault: Callable[[], None],
    calls: int = CALLS,
    apart_s: float = 0.0,
) -> float:
    """Seconds of the longest question; `fault` comes in the middle of the callers' words.

    No call may be lost or stuck: each gives its word, or the key that is pressed afterwards; half
    of them press only when nobody listens for words any more.
    """

    def caller(index: int) -> Act:
        async def act(line: SipLine) -> None:
            await asyncio.sleep(1.2)
            if index == 0:
                asyncio.get_running_loop().call_later(1.0, fault)
            with suppress(CallerError):
                await line.speak(words(2.0))
            while index % 2 and not server.is_heard(number(index)):
                await asyncio.sleep(0.1)
            while not server.is_over(number(index)):
                await asyncio.sleep(1.0)
                await line.press("6")

        return act

    place(asterisk, *map(caller, range(calls)), apart_s=apart_s)

    assert len(server.turns) == calls
    for turn in server.turns:
        assert turn.over
        answered = isinstance(turn.heard, Words | Key) or turn.key == "6"
        assert answered, (turn.heard, turn.key)
    return max(turn.heard_s for turn in server.turns)


def test_with_the_recogniser_down_keys_answer_without_a_wait(
    asterisk: RunningAsterisk, server: ListeningServer
) -> None:
    longest_s = faulty(asterisk, server, lambda: None)

    assert all(isinstance(turn.heard, SpeechGone) for turn in server.turns)
    print(f"\nrecogniser down: longest extra wait {longest_s:.2f} s")
    assert longest_s < 1.5


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
@pytest.mark.parametrize("what", ["worker", "service"])
def test_a_recogniser_lost_in_mid_word_costs_no_call(
    asterisk: RunningAsterisk,
    service: SpeechProcess,
    server: ListeningServer,
    how: signal.Signals,
    what: str,
) -> None:
    stopped = set(service.workers)

    def fault() -> None:
        pids = [one.pid for one in service.workers] if what == "worker" else [service.process.pid]
        for pid in pids:
            os.kill(pid, how)

    # Some are in mid-word, some are just being asked, some ring afterwards.
    longest_s = faulty(asterisk, server, fault, apart_s=0.3)

    # By keys alone the prompt and the wait would have taken this long.
    extra_s = longest_s - PROMPT_S - TIMEOUT_MS / 1000
    print(f"\n{what} {how.name}: longest extra wait {extra_s:.2f} s")
    assert extra_s < EXTRA_S
    if what == "worker":
        until(lambda: stopped.isdisjoint(service.workers) and service.is_ready(), 20.0)
        server.turns.clear()
        place(asterisk, says(0.8, after_s=ONCE_ANSWERED_S))
        assert isinstance(server.turns[0].heard, Words)
    else:
        until(service.is_gone, 10.0)


def test_a_service_that_accepts_and_says_nothing_holds_no_channel(
    asterisk: RunningAsterisk, server: ListeningServer, speech_port: int
) -> None:
    with socket.create_server(("127.0.0.1", speech_port), backlog=64):
        longest_s = faulty(asterisk, server, lambda: None)

    print(f"\naccepting and silent: longest extra wait {longest_s:.2f} s")
    assert longest_s < 2.0


def test_three_times_the_budget_of_callers_are_all_answered(
    asterisk: RunningAsterisk, service: SpeechProcess, server: ListeningServer
) -> None:
    faulty(asterisk, server, lambda: None, calls=3 * STREAMS)

    refused = [turn for turn in server.turns if isinstance(turn.heard, SpeechGone)]
    print(
        f"\n3x the budget: longest wait of a refused caller {max(t.heard_s for t in refused):.2f} s"
    )
    assert len(refused) == 2 * STREAMS
    assert all(turn.heard_s < 1.5 for turn in refused)
    assert not any(isinstance(turn.heard, AgiError) for turn in server.turns)
