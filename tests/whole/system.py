"""The whole hotline as an operator starts it, in a data folder and on ports of its own."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from hotline.caller.placing import CallPlan, PlacedCall, place_calls
from tests.asterisk.running import free_ports, free_udp_run, until

RTP_PORTS = 120
START_S = 180.0
STOP_S = 30.0


@dataclass(frozen=True)
class System:
    """A running hotline."""

    data: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[str]
    log: Path

    @property
    def recordings(self) -> Path:
        return self.data / "recordings"

    def get(self, path: str, **query: str) -> Any:
        """What the web API answers, read as JSON."""
        answer = self._ask(path, query)
        answer.raise_for_status()
        return answer.json()

    def sound(self, path: str) -> bytes:
        answer = self._ask(path, {})
        answer.raise_for_status()
        return answer.content

    def _ask(self, path: str, query: Mapping[str, str]) -> httpx.Response:
        token = (self.data / "secrets" / "caller.token").read_text().strip()
        url = f"http://{self.environment['HOTLINE_WEB_BIND']}/api/v1/{path}"
        return httpx.get(
            url, params=query, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        )

    async def call(self, plans: Sequence[CallPlan]) -> list[PlacedCall]:
        secret = (self.data / "secrets" / "phone").read_text().strip()
        return await place_calls(self.environment["HOTLINE_SIP_BIND"], secret, plans)

    def call_of(self, placed: PlacedCall) -> Any:
        """The call with its journal, once it is over."""
        assert placed.sip_call_id is not None, placed.problem

        def ended() -> Any:
            calls = self.get("calls", carrier_call_id=placed.sip_call_id or "")["calls"]
            return [call for call in calls if call["status"] != "in-progress"]

        return self.get(f"calls/{until(ended, 30)[0]['id']}")

    def report_of(self, placed: PlacedCall, words_wait_s: float = 120.0) -> Any:
        """The one report of a call, with its words."""
        call = self.call_of(placed)
        assert len(call["reports"]) == 1, call

        def worded() -> Any:
            report = self.get(f"reports/{call['reports'][0]}")
            return report if report["transcript"]["status"] != "pending" else None

        return until(worded, words_wait_s)

    def pid(self, command: str) -> int:
        """The process id of `hotline <command>` in this system."""
        return until(lambda: self._find(command), 15)

    def serving(self) -> int:
        """The process id of the AGI server that holds a call now."""
        return until(self._find_serving, 15)

    def _find_serving(self) -> int:
        for pid, words in _children(self.process.pid):
            held = psutil.Process(pid).net_connections("tcp") if "agi" in words else []
            binds = self.environment["HOTLINE_AGI_BINDS"]
            if any(
                each.status == psutil.CONN_ESTABLISHED and f"127.0.0.1:{each.laddr.port}" in binds
                for each in held
            ):
                return pid
        return 0

    def _find(self, command: str) -> int:
        for pid, words in _children(self.process.pid):
            if command in words:
                return pid
        return 0

    def memory(self) -> dict[str, int]:
        """Proportional memory of each process, in kilobytes, by its command."""
        found: dict[str, int] = {}
        for pid, words in _children(self.process.pid):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            pss = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
            name = next((w for w in words if w in ("agi", "web", "worker", "speech")), "asterisk")
            found[name] = found.get(name, 0) + int(pss.split()[1])
        return found


def _children(parent: int) -> list[tuple[int, list[str]]]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    found = []
    for pid in map(int, listed):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        found.append((pid, words))
    return found


@contextmanager
def running_system(data: Path, spoken: Path | None = None, **settings: str) -> Iterator[System]:
    """`hotline run`, ready for calls; afterwards Ctrl-C, and nothing of it may be left.

    `spoken`: where the first one leaves its prompts for the next ones, so that they need not be
    spoken again.
    """
    web, sip, manager, phone, speech, *agi = free_ports(7)
    first = free_udp_run(RTP_PORTS)
    environment = {
        **os.environ,
        "HOTLINE_DATA": str(data),
        "HOTLINE_WEB_BIND": f"127.0.0.1:{web}",
        "HOTLINE_SIP_BIND": f"127.0.0.1:{sip}",
        "HOTLINE_MANAGER_BIND": f"127.0.0.1:{manager}",
        "HOTLINE_PHONE_BIND": f"127.0.0.1:{phone}",
        "HOTLINE_AGI_BINDS": ",".join(f"127.0.0.1:{port}" for port in agi),
        "HOTLINE_SPEECH_BIND": f"127.0.0.1:{speech}",
        "HOTLINE_RTP_PORTS": f"{first}-{first + RTP_PORTS - 1}",
        **settings,
    }
    data.mkdir(parents=True, exist_ok=True)
    if spoken is not None and spoken.exists():
        shutil.copytree(spoken, data / "sounds")
    log = data / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "run"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that the signal below goes where Ctrl-C would
            preexec_fn=_end_with_parent,  # a test run that is killed leaves nothing running
        )
        try:
            until(lambda: _ready(process, log), START_S)
            if spoken is not None and not spoken.exists():
                _leave(data / "sounds", spoken)
            yield System(data, environment, process, log)
        finally:
            children = [pid for pid, _ in _children(process.pid)] if process.poll() is None else []
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            process.wait(STOP_S)
    until(lambda: not [pid for pid in children if _lives(pid)], 5)


def _leave(sounds: Path, spoken: Path) -> None:
    copy = sounds.with_name("sounds-for-others")
    shutil.copytree(sounds, copy)
    with contextlib.suppress(OSError):  # another worker was quicker
        copy.rename(spoken)


def _end_with_parent() -> None:
    """Have the kernel end this process when the test run dies."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _ready(process: subprocess.Popen[str], log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    return "ready after" in log.read_text()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def wait_s(seconds: float) -> None:
    """Let time pass where only time does it: a caller who thinks before acting."""
    time.sleep(seconds)
