"""Servers that share a counter in a real Redis put a client off together."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from api.errors import TooMany
from api.limits import Allowance, Limits
from tests.asterisk.running import free_ports
from tests.having import cannot_have
from tests.processes import end_with_parent

PROGRAM = "redis-server"
START_S = 20.0

pytestmark = pytest.mark.slow


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a Redis of its own, which keeps nothing on the disk, and its process."""
    if shutil.which(PROGRAM) is None:
        cannot_have("Redis", f"{PROGRAM} is not installed")
    (port,) = free_ports(1)
    asked = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(
        [PROGRAM, *asked], stdout=subprocess.DEVNULL, preexec_fn=end_with_parent()
    )
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            break
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0", process
    process.terminate()
    process.wait(START_S)


def test_two_servers_count_a_client_together_and_go_on_when_the_counter_dies(
    redis: tuple[str, subprocess.Popen[bytes]],
) -> None:
    address, process = redis
    one, other = (Limits(Allowance(reading="3/minute", storage=address)) for _ in range(2))

    for server in (one, other, one):
        server.count("reading", "t1")
    with pytest.raises(TooMany) as refused:
        other.count("reading", "t1")
    other.count("reading", "t2")
    process.terminate()
    process.wait(START_S)
    with structlog.testing.capture_logs() as logged:
        one.count("reading", "t1")

    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    assert [line["event"] for line in logged] == ["requests are not counted"]
