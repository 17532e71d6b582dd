"""Is this installation able to answer calls? One check for each thing it needs.

A check changes nothing. It says what it found in a line and, when that is not good, what mends it.
"""

import shutil
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hotline.errors import HotlineError
from hotline.port_holders import belongs_to, holder_of, is_free
from hotline.telephony.installation import find_asterisk

PYTHONS = ((3, 11), (3, 13))
LEAST_DISK_BYTES = 500_000_000
GOOD_DISK_BYTES = 2_000_000_000


class State(StrEnum):
    """How a check ended: `warn` lets calls be answered, `fail` does not."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """What one check found, and what mends it (empty when all is well)."""

    name: str
    state: State
    found: str
    mend: str = ""


class NotReady(Exception):
    """What a probe found wanting; a warning when calls can be answered all the same."""

    def __init__(self, found: str, mend: str, state: State = State.FAIL) -> None:
        super().__init__(found)
        self.found = found
        self.mend = mend
        self.state = state


def check(name: str, probe: Callable[[], str], mend: str, *expected: type[Exception]) -> Check:
    """The check `name`: what `probe` says, or why it cannot.

    `mend` is advised for errors of the types `expected` (HotlineError is always among them);
    anything else is a defect and goes up.
    """
    try:
        return Check(name, State.OK, probe())
    except NotReady as why:
        return Check(name, why.state, why.found, why.mend)
    except Exception as error:
        if not isinstance(error, (HotlineError, *expected)):
            raise
        return Check(name, State.FAIL, _one_line(error), mend)


def run_checks(checks: Iterable[Callable[[], Check]]) -> list[Check]:
    """Every check's finding, in order."""
    return [one() for one in checks]


def check_python() -> Check:
    """The interpreter is one that we test with."""
    found = sys.version_info[:2]
    text = f"Python {found[0]}.{found[1]}.{sys.version_info[2]}"
    if PYTHONS[0] <= found <= PYTHONS[1]:
        return Check("python", State.OK, text)
    wanted = " to ".join(f"{major}.{minor}" for major, minor in PYTHONS)
    return Check("python", State.FAIL, text, f"install Python {wanted} and set up again")


def check_disk(folder: Path, setting: str) -> Check:
    """There is room where `setting` points."""
    name = f"disk {setting}"
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free_bytes = shutil.disk_usage(there).free
    found = f"{free_bytes // 1_000_000} MB free in {folder}"
    if free_bytes >= GOOD_DISK_BYTES:
        return Check(name, State.OK, found)
    state = State.WARN if free_bytes >= LEAST_DISK_BYTES else State.FAIL
    return Check(name, state, found, f"make room, or point {setting} to a larger disk")


def check_asterisk(wanted: str, cache: Path) -> Check:
    """An Asterisk with every module that we need is there."""

    def probe() -> str:
        if wanted == "none":
            raise NotReady(
                "switched off (HOTLINE_ASTERISK=none)",
                "set HOTLINE_ASTERISK=auto to take calls over SIP",
                State.WARN,
            )
        found = find_asterisk(wanted, cache)
        if found is None:
            raise NotReady("none yet", "run `make run` once: it fetches one, without root")
        if missing := found.missing_modules():
            raise NotReady(
                f"Asterisk {found.version} without {', '.join(missing)}",
                "install these modules, or set HOTLINE_ASTERISK=auto",
            )
        return f"Asterisk {found.version}, {'private' if found.private else 'the host’s'}"

    return check("asterisk", probe, "set HOTLINE_ASTERISK=auto to have one fetched")


def check_port(name: str, setting: str, bind: str, kinds: tuple[str, ...], data: Path) -> Check:
    """HOST:PORT `bind` is free, or held by this installation; `kinds` are "tcp", "udp"."""

    def probe() -> str:
        ours = False
        for kind in kinds:
            if is_free(bind, kind):
                continue
            holder = holder_of(int(bind.rpartition(":")[2]), kind)
            if holder.pid is None or not belongs_to(holder.pid, data):
                raise NotReady(
                    f"{bind}/{kind} is held by {holder}", f"end it, or choose another {setting}"
                )
            ours = True
        return f"{bind} {'in use by this hotline' if ours else 'free'}"

    return check(
        f"port {name}", probe, f"expected an address of this machine in {setting}", OSError
    )


def check_secrets(folder: Path) -> Check:
    """Nobody else can read the secrets."""
    if not folder.is_dir():
        return Check("secrets", State.OK, "none yet")
    paths = [folder, *sorted(folder.rglob("*"))]
    open_ones = [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if not open_ones:
        return Check("secrets", State.OK, f"{len(paths) - 1} files, readable by their owner only")
    names = ", ".join(path.name for path in open_ones)
    return Check(
        "secrets",
        State.FAIL,
        f"others can read {names}",
        f"chmod -R go= {folder}, and replace what others may have read",
    )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
