"""Workers hang and die; callers' streams end, the pool goes on, and its loop is never blocked."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable

import psutil
import pytest

from speech.errors import RecogniserBusy, RecogniserUnavailable
from speech.pool import Pool, PooledStream, PoolEvent, PoolLimits, StreamLost
from speech.pool_engines import EngineChoice
from speech.pool_messages import Ready
from speech.pool_process import WorkerProcess
from speech.streaming import NOTHING, Final, Listening, Partial, SpeechBegan
from tests.speech.obeying_engine import DYING, OBEYING, UNAVAILABLE, sound

YES_NO = Listening(8000, "vi", ("đúng", "không"))
LIMITS = PoolLimits(streams=3, deadline_s=1.0, retry_s=0.05)
PATIENCE_S = 15.0


class Heard(list[PoolEvent]):
    """What came of a stream."""

    @property
    def lost(self) -> bool:
        return any(isinstance(event, StreamLost) for event in self)


def with_pool(
    act: Callable[[Pool], Awaitable[None]],
    choice: EngineChoice = OBEYING,
    limits: PoolLimits = LIMITS,
) -> None:
    """Run `act` on a pool whose first worker is ready."""

    async def run() -> None:
        async with Pool(lambda: choice, limits) as pool:
            await until(lambda: len(pool.worker_pids) == limits.workers)
            await act(pool)
            pids = pool.worker_pids
        assert not any(psutil.pid_exists(pid) for pid in pids)

    asyncio.run(run())


async def until(look: Callable[[], object], limit_s: float = PATIENCE_S) -> None:
    async with asyncio.timeout(limit_s):
        while not look():
            await asyncio.sleep(0.01)


def a_stream(pool: Pool) -> tuple[PooledStream, Heard]:
    heard = Heard()
    return pool.open(YES_NO, heard.append), heard


async def still_works(pool: Pool) -> None:
    stream, heard = a_stream(pool)
    stream.feed(sound("F"))
    await until(lambda: heard)
    assert heard == [Final("đúng", 0.875, ())]


def test_events_come_in_order_and_the_final_gives_the_place_free() -> None:
    async def act(pool: Pool) -> None:
        stream, heard = a_stream(pool)
        for letter in " SPF":
            stream.feed(sound(letter))
        await until(lambda: stream.over)

        assert heard == [SpeechBegan(0.5), Partial("đú"), Final("đúng", 0.875, ())]
        assert pool.used == 0
        assert pool.loaded == "obeying of tests"

    with_pool(act)


def test_streams_of_one_worker_do_not_mix() -> None:
    async def act(pool: Pool) -> None:
        (one, heard_one), (two, heard_two) = a_stream(pool), a_stream(pool)
        one.feed(sound("S"))
        two.feed(sound("N"))
        one.finish()
        await until(lambda: one.over and two.over)

        assert heard_one == [SpeechBegan(0.5), Final("không", 0.5, ())]
        assert heard_two == [NOTHING]

    with_pool(act)


def test_above_the_budget_a_stream_is_refused_until_one_is_closed() -> None:
    async def act(pool: Pool) -> None:
        streams = [a_stream(pool)[0] for _ in range(3)]
        assert pool.free == 0
        with pytest.raises(RecogniserBusy):
            a_stream(pool)

        streams[0].close()
        streams[0].close()

        assert pool.free == 1
        await still_works(pool)

    with_pool(act)


def test_what_comes_of_a_closed_stream_is_told_to_nobody() -> None:
    async def act(pool: Pool) -> None:
        stream, heard = a_stream(pool)
        stream.feed(sound("S"))
        stream.close()
        stream.feed(sound("F"))
        await still_works(pool)

        assert heard == []

    with_pool(act)


def test_an_utterance_that_fails_costs_only_its_own_stream() -> None:
    async def act(pool: Pool) -> None:
        (bad, heard_bad), (good, heard_good) = a_stream(pool), a_stream(pool)
        bad.feed(sound("E"))
        good.feed(sound("F"))
        await until(lambda: bad.over and good.over)

        assert heard_bad == [StreamLost("too much for this engine")]
        assert heard_good == [Final("đúng", 0.875, ())]
        assert pool.replaced == 0

    with_pool(act)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["endless loop", "SIGSTOP"])
def test_a_hung_worker_is_killed_within_its_deadline_and_replaced(how: str) -> None:
    async def act(pool: Pool) -> None:
        (pid,) = pool.worker_pids
        (one, heard_one), (_, heard_two) = a_stream(pool), a_stream(pool)
        await asyncio.sleep(0.2)
        began = time.monotonic()
        if how == "SIGSTOP":
            os.kill(pid, signal.SIGSTOP)
            one.feed(sound(" "))
        else:
            one.feed(sound("H"))
        await until(lambda: heard_one.lost and heard_two.lost)
        took_s = time.monotonic() - began
        await until(lambda: pool.ready)

        assert took_s < 1.5 * LIMITS.deadline_s
        assert pid not in pool.worker_pids
        assert not psutil.pid_exists(pid)
        await still_works(pool)

    with_pool(act)


@pytest.mark.slow
@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_crashed_worker_is_replaced_and_its_streams_end_at_once(signal_number: int) -> None:
    async def act(pool: Pool) -> None:
        _, heard = a_stream(pool)
        began = time.monotonic()
        os.kill(pool.worker_pids[0], signal_number)
        await until(lambda: heard.lost)

        assert time.monotonic() - began < 0.5
        await until(lambda: pool.ready)
        await still_works(pool)

    with_pool(act)


@pytest.mark.slow
def test_a_worker_that_hangs_takes_no_stream_of_another_with_it() -> None:
    async def act(pool: Pool) -> None:
        (bad, heard_bad), (good, heard_good) = a_stream(pool), a_stream(pool)
        bad.feed(sound("H"))
        await until(lambda: heard_bad.lost)
        good.feed(sound("F"))
        await until(lambda: good.over)

        assert heard_good == [Final("đúng", 0.875, ())]

    with_pool(act, limits=PoolLimits(workers=2, streams=4, deadline_s=1.0, retry_s=0.05))


@pytest.mark.slow
def test_a_stream_is_given_up_when_its_worker_is_too_far_behind() -> None:
    async def act(pool: Pool) -> None:
        stream, heard = a_stream(pool)
        os.kill(pool.worker_pids[0], signal.SIGSTOP)
        minute = b"\0" * 960_000
        for _ in range(4):
            stream.feed(minute)

        assert heard.lost
        assert pool.used == 0

    with_pool(act)


@pytest.mark.slow
@pytest.mark.parametrize("choice", [UNAVAILABLE, DYING, EngineChoice("no such engine")])
def test_an_engine_that_does_not_load_leaves_the_pool_refusing(choice: EngineChoice) -> None:
    async def run() -> None:
        async with Pool(lambda: choice, LIMITS) as pool:
            await asyncio.sleep(0.6)
            assert not pool.ready
            assert pool.free == 0
            with pytest.raises(RecogniserUnavailable):
                a_stream(pool)

    asyncio.run(run())


def test_a_model_that_comes_later_is_found() -> None:
    choices = iter([UNAVAILABLE])

    async def run() -> None:
        async with Pool(lambda: next(choices, OBEYING), LIMITS) as pool:
            await until(lambda: pool.ready)
            await still_works(pool)

    asyncio.run(run())


def test_workers_end_when_the_service_is_killed() -> None:
    async def act(pool: Pool) -> None:
        # What the kernel does at the service's death: the pipe ends.
        pid = pool.worker_pids[0]
        pool._places[0].worker._inlet.close()  # type: ignore[union-attr]
        await until(lambda: not psutil.pid_exists(pid))

    with_pool(act)


@pytest.mark.slow
def test_the_loop_never_waits_for_a_worker() -> None:
    """Asterisk's channels hang on this loop: 50 ms is much."""

    async def act(pool: Pool) -> None:
        stream, _ = a_stream(pool)
        os.kill(pool.worker_pids[0], signal.SIGSTOP)
        longest_s = 0.0
        for _ in range(100):
            before = time.monotonic()
            stream.feed(sound(" "))
            await asyncio.sleep(0)
            longest_s = max(longest_s, time.monotonic() - before)

        assert longest_s < 0.05

    with_pool(act)


def test_a_worker_that_is_leaving_is_waited_for_though_the_pool_is_closed() -> None:
    async def act() -> None:
        sleeping = (sys.executable, "-c", "import time; time.sleep(60)")
        process = await asyncio.create_subprocess_exec(*sleeping, stdin=PIPE, stdout=PIPE)
        leaving = asyncio.create_task(WorkerProcess(process, Ready("", ""), lambda _: None).end())
        await asyncio.sleep(0.05)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert process.returncode == -signal.SIGKILL

    asyncio.run(act())
