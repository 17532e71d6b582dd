"""Whatever dies while callers answer in words, no call hangs on it or is lost."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hotline.caller.errors import CallerError
from hotline.caller.line import SipLine
from ivr.drivers.listening import Key, SpeechService, Words
from ivr.errors import AgiError, SpeechGone
from tests.asterisk.in_words.people import (
    ONCE_ANSWERED_S,
    PROMPT_S,
    Act,
    number,
    place,
    says,
    words,
)
from tests.asterisk.listening import (
    TIMEOUT_MS,
    ListeningServer,
    SpeechProcess,
    listening_server,
    speech_process,
)
from tests.asterisk.running import RunningAsterisk, until

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(180)]

CALLS = 10
STREAMS = 4
# A caller may wait so much longer than they would for keys alone.
EXTRA_S = 6.0


@pytest.fixture
def service(tmp_path: Path, speech_port: int) -> Iterator[SpeechProcess]:
    with speech_process(tmp_path / "data", streams=STREAMS, port=speech_port) as process:
        yield process


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
