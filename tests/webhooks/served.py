"""The whole web application under gunicorn with several workers, which may be killed one by one."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from flask import Flask

from tests.processes import end_with_parent

START_LIMIT_S = 60.0


def application() -> Flask:
    """What gunicorn serves; the settings are in the environment."""
    from hotline.app import create_app
    from hotline.logs import configure_logs
    from hotline.settings import read_settings
    from storage.jobs import warm_up

    configure_logs()
    settings = read_settings()
    app = create_app(settings)
    warm_up(settings.database)  # before workers are forked: a new one answers at once
    return app


@dataclass
class Served:
    """A running server; `kills` counts the workers that were killed."""

    url: str
    process: subprocess.Popen[bytes]
    kills: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def workers(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children())

    def kill_one(self) -> None:
        """Kill a worker, whatever it is doing; another one is started in its place."""
        if workers := self.workers():
            os.kill(self.dice.choice(workers).pid, signal.SIGKILL)
            self.kills += 1


@contextmanager
def serving(settings: Mapping[str, str], log: Path, workers: int = 2) -> Iterator[Served]:
    """The application with these settings, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "--preload", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(workers), "--worker-class", "gthread", "--threads", "16"),
        *("--log-level", "error", "--no-control-socket", "tests.webhooks.served:application()"),
    ]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=Path(__file__).parents[2],
            env=os.environ | dict(settings),
            stdout=file,
            stderr=file,
            preexec_fn=end_with_parent(),
        )
    served = Served(f"http://127.0.0.1:{port}", process)
    try:
        _wait(served, log)
        yield served
    finally:
        process.terminate()
        process.wait(30)


def _wait(served: Served, log: Path) -> None:
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until and served.process.poll() is None:
        try:
            if httpx.get(f"{served.url}/healthz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"gunicorn does not answer: {log.read_text()[-2000:]}")
