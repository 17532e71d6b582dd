"""The speech service with its workers in a process of its own, for benchmarks.

`hotline speech` without its settings, so that a model which is for tests alone can be at work in
it: Vosk's Korean one, since the package registry has none for Vietnamese.

As a program, `python -m benchmarks.listening_service PORT ENGINE`, it serves until it is ended.
"""

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from hotline.settings import read_settings
from ivr.drivers.listening import SpeechService as Client
from ivr.errors import SpeechGone
from speech.catalogue import find_model
from speech.errors import RecogniserUnavailable
from speech.fetching import fetch
from speech.pool import Pool, PoolLimits
from speech.pool_engines import EngineChoice, choice_of
from speech.service import SpeechService
from tests.asterisk.running import free_ports, until
from tests.processes import end_with_parent
from tests.speech.korean import KOREAN_ENGINE, VOSK_KOREAN

MANY = 500
LOADING_S = 90.0
# Not the few seconds of calls: a worker that other work on the machine keeps waiting does not hang.
DEADLINE_S = 60.0


@dataclass(frozen=True)
class Serving:
    """A service with one loaded worker; `worker` is the process that decodes."""

    address: str
    service: psutil.Process
    worker: psutil.Process


def engine_choice(engine: str, models: Path, threads: int = 1) -> EngineChoice:
    """The engine with its model in `models`; "vosk" is the Korean one.

    Raises:
        RecogniserUnavailable: there is no such engine to measure.
        FetchFailed: no source could give the model.
    """
    match engine:
        case "whisper":
            model = find_model("whisper-base")
        case "vosk":
            model = VOSK_KOREAN
        case "scripted":
            return EngineChoice("scripted")
        case _:
            raise RecogniserUnavailable(f"expected whisper, vosk or scripted, found {engine!r}")
    folder = str(fetch(model, read_settings().cache, models))
    named = KOREAN_ENGINE if engine == "vosk" else engine
    return EngineChoice(named, model.name, folder, threads)


@contextlib.contextmanager
def serving(choice: EngineChoice, cores: list[int] | None = None) -> Iterator[Serving]:
    """A service that is ready, ended afterwards. `cores`: those that its worker may use."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "benchmarks.listening_service", str(port), choice.as_text()]
    process = subprocess.Popen(command, preexec_fn=end_with_parent())
    client = Client(f"127.0.0.1:{port}")

    def is_ready() -> bool:
        try:
            return bool(client.state().engine)
        except SpeechGone:
            return False

    try:
        until(lambda: is_ready() or process.poll() is not None, LOADING_S)
        if process.poll() is not None:
            raise RecogniserUnavailable(f"the service ended with {process.returncode}")
        service = psutil.Process(process.pid)
        (worker,) = service.children()
        if cores:
            _bind(worker, cores)
        yield Serving(client.address, service, worker)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _bind(worker: psutil.Process, cores: list[int]) -> None:
    """Every thread: those that run already keep what they have when the first is bound."""
    for thread in worker.threads():
        psutil.Process(thread.id).cpu_affinity(cores)


async def serve(port: int, choice: EngineChoice) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with (
        Pool(lambda: choice, PoolLimits(streams=MANY, deadline_s=DEADLINE_S)) as pool,
        SpeechService(pool).listening_on("127.0.0.1", port),
    ):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), choice_of(sys.argv[2])))
