"""A network of a test's own: WebRTC never uses the loopback, browser and Asterisk need another."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.asterisk.running import until
from tests.having import cannot_have
from tests.processes import end_with_parent

ADDRESS = "10.123.0.1"
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_NEIGHBOUR = "10.123.0.2"
_HERE = Path("/proc/thread-self/ns/net")


@dataclass(frozen=True)
class Network:
    """`address` is this machine's; the neighbour's network is that of process `neighbour`."""

    address: str
    neighbour: int

    def at_the_neighbour(self, program: str, folder: Path) -> str:
        """A program that runs `program` on the neighbour's machine."""
        path = folder / "at-the-neighbour"
        path.write_text(f'#!/bin/sh\nexec nsenter -t {self.neighbour} -n {program} "$@"\n')
        path.chmod(0o700)
        return str(path)


@contextmanager
def own_network() -> Iterator[Network]:
    """This thread, and all it starts, are a machine with a loopback, `ADDRESS`, and a neighbour.

    Tests are skipped where that is not allowed: it takes root, or its capability CAP_SYS_ADMIN.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open(_HERE, os.O_RDONLY)
    try:
        if libc.unshare(_NEW_NETWORK) != 0:
            cannot_have("a network namespace", OSError(os.strerror(ctypes.get_errno())))
        try:
            for order in (
                "link set lo up",
                "link add phones type veth peer name street",
                f"addr add {ADDRESS}/24 dev phones",
                "link set phones up",
                "route add default dev phones",
            ):
                subprocess.run(["ip", *order.split()], check=True, timeout=10)
            with _neighbour() as process_id:
                yield Network(ADDRESS, process_id)
        finally:
            libc.setns(before, _NEW_NETWORK)
    finally:
        os.close(before)


@contextmanager
def _neighbour() -> Iterator[int]:
    """A machine at the other end of the wire, as long as its one process lives."""
    command = ["unshare", "--net", "sleep", "infinity"]
    process = subprocess.Popen(command, preexec_fn=end_with_parent(signal.SIGKILL))
    try:
        inside = f"nsenter -t {process.pid} -n ip".split()
        mine = os.readlink(_HERE)
        until(lambda: os.readlink(f"/proc/{process.pid}/ns/net") != mine)
        move = f"ip link set street netns {process.pid}"
        subprocess.run(move.split(), check=True, timeout=10)
        for order in (
            "link set lo up",
            f"addr add {_NEIGHBOUR}/24 dev street",
            "link set street up",
            "route add default dev street",
        ):
            subprocess.run([*inside, *order.split()], check=True, timeout=10)
        yield process.pid
    finally:
        process.kill()
        process.wait()
