"""Start a real Asterisk for tests, on free ports and in a folder of its own."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hotline.telephony.installation import Installation
from hotline.telephony.kept_secrets import phone_secret
from hotline.telephony.process import asterisk_command, asterisk_rx, wait_fully_booted
from hotline.telephony.render import render
from hotline.telephony.telephony import Telephony
from tests.processes import end_with_parent

RTP_PORTS = 60
T = TypeVar("T")


@dataclass(frozen=True)
class RunningAsterisk:
    """A running Asterisk with our configuration."""

    installation: Installation
    telephony: Telephony
    pid: int
    log: Path

    @property
    def data(self) -> Path:
        return self.telephony.data

    @property
    def sip_port(self) -> int:
        return int(self.telephony.sip_bind.rpartition(":")[2])

    @property
    def agi_ports(self) -> tuple[int, ...]:
        return tuple(int(server.rpartition(":")[2]) for server in self.telephony.agi_servers)

    @property
    def agi_port(self) -> int:
        return self.agi_ports[0]

    @property
    def secret(self) -> str:
        """The secret of the endpoint `phone`."""
        return phone_secret(self.data)

    @property
    def ended(self) -> list[str]:
        """The calls that Asterisk noted as ended without the software's knowledge."""
        return sorted(path.name for path in self.telephony.ended_calls.iterdir())

    def rx(self, command: str) -> str:
        """What the console answers to `command`."""
        return asterisk_rx(self.installation, self.telephony.etc, command)

    def call(self, number: str = "19009120", seconds: int = 30) -> None:
        """A call comes in, as from a carrier, and hangs up after `seconds` at the latest."""
        said = self.rx(
            f"channel originate Local/{number}@hotline-incoming application Wait {seconds}"
        )
        assert "not found" not in said.lower(), said

    def channels(self) -> list[str]:
        """One line for each channel, fields separated by "!"."""
        return [line for line in self.rx("core show channels concise").splitlines() if "!" in line]

    def hang_up(self) -> None:
        self.rx("channel request hangup all")


def until(look: Callable[[], T], timeout_s: float = 10.0) -> T:
    """The first true answer of `look`; fails when there is none within `timeout_s` seconds."""
    end = time.monotonic() + timeout_s
    while not (found := look()):
        assert time.monotonic() < end, f"waited {timeout_s} s in vain for {look}"
        time.sleep(0.02)
    return found


def free_ports(count: int) -> tuple[int, ...]:
    """Different TCP ports of this machine on which nothing listens."""
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return tuple(one.getsockname()[1] for one in sockets)


def free_udp_run(length: int) -> int:
    """The first of `length` neighbouring UDP ports that are all free.

    Test processes that run side by side look in ranges of their own: Asterisk takes its ports only
    call by call, so they look free for long.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    start = 21000 + 3000 * (worker % 4)
    for first in range(start, start + 3000, length):
        with ExitStack() as stack:
            try:
                for port in range(first, first + length):
                    one = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                    one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError(f"no {length} neighbouring UDP ports are free")


@contextmanager
def running_asterisk(
    installation: Installation,
    data: Path,
    *,
    sip_host: str = "127.0.0.1",
    agi_servers: int = 2,
    weaken: Callable[[Path], None] = lambda _etc: None,
    **settings: Any,
) -> Iterator[RunningAsterisk]:
    """An Asterisk that takes calls; ended by its pid, and nothing of it may be left.

    `settings` are further fields of `Telephony`.

    `weaken` may spoil the configuration, to prove that a test notices.
    """
    sip_port, *agi_ports = free_ports(1 + agi_servers)
    first = free_udp_run(RTP_PORTS)
    telephony = Telephony(
        data=data,
        sip_bind=f"{sip_host}:{sip_port}",
        rtp_ports=f"{first}-{first + RTP_PORTS - 1}",
        agi_servers=tuple(f"127.0.0.1:{port}" for port in agi_ports),
        hotline_number="19009120",
        extra_modules=("res_clioriginate",),
        **settings,
    )
    etc = render(telephony, installation)
    weaken(etc)
    log = data / "asterisk.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            asterisk_command(installation, etc),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent(),  # a test run that is killed leaves nothing running
        )
        try:
            wait_fully_booted(installation, etc, alive=lambda: process.poll() is None)
            asterisk = RunningAsterisk(installation, telephony, process.pid, log)
            yield asterisk
            asterisk.hang_up()
            until(lambda: not asterisk.channels())
        finally:
            process.terminate()
            try:
                ended = process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise
    assert ended == 0, log.read_text()
    assert not (telephony.socket_folder / "asterisk.ctl").exists(), "the control socket is left"
    if not telephony.socket_folder.is_relative_to(data):
        telephony.socket_folder.rmdir()  # fails unless it is empty
