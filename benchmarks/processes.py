"""Processes under measurement: AGI servers, and what the kernel says of any process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from storage import migrations
from storage.database import open_engine

_TICKS_HZ = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_HZ


def memory_bytes(pid: int) -> int:
    """What would be free again if the process ended (shared pages are not counted)."""
    total = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(("Private_Clean:", "Private_Dirty:")):
            total += int(line.split()[1]) * 1024
    return total


def machine_cpu_s() -> float:
    """Processor seconds that the whole machine has been busy."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / _TICKS_HZ


def free_tcp_ports(count: int) -> tuple[int, ...]:
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return tuple(one.getsockname()[1] for one in sockets)


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass(frozen=True)
class Servers:
    """AGI servers of the plain call's flow, each a process."""

    ports: tuple[int, ...]
    pids: tuple[int, ...]
    folder: Path

    def cpu_s(self) -> float:
        return sum(cpu_s(pid) for pid in self.pids)

    def memory_bytes(self) -> int:
        return sum(memory_bytes(pid) for pid in self.pids)

    def times_s(self) -> list[float]:
        """Seconds from each key's reply to the next command, since this was asked last."""
        times: list[float] = []
        for port, pid in zip(self.ports, self.pids, strict=True):
            told = self.folder / f"times-{port}.json"
            told.unlink(missing_ok=True)
            os.kill(pid, signal.SIGUSR1)
            for _ in range(200):
                if told.exists():
                    break
                time.sleep(0.02)
            times += json.loads(told.read_text())
        return times


@contextmanager
def agi_servers(count: int, folder: Path, database: str | None = None) -> Iterator[Servers]:
    """`count` servers on one fresh database in `folder` (or the empty one of that URL)."""
    url = database or f"sqlite:///{folder / 'hotline.sqlite3'}"
    engine = open_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
    key = Fernet.generate_key().decode()
    ports = free_tcp_ports(count)
    with ExitStack() as stack:
        pids = [stack.enter_context(_server(port, url, key, folder)) for port in ports]
        for port in ports:
            await_port(port)
        yield Servers(ports, tuple(pids), folder)


@contextmanager
def _server(port: int, url: str, key: str, folder: Path) -> Iterator[int]:
    command: Sequence[str] = (
        sys.executable,
        *("-m", "benchmarks.capacity_server"),
        *("--database", url),
        *("--key", key),
        *("--port", str(port)),
        *("--folder", str(folder)),
    )
    with (folder / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield process.pid
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that was started here, by force if need be."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_port(port: int, timeout_s: float = 30.0) -> None:
    """Until somebody listens there."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
