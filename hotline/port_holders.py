"""Which process holds a port of this machine, as Linux tells it."""

import errno
import os
import socket
from dataclasses import dataclass
from pathlib import Path

_LISTENING = {"tcp": "0A", "udp": "07"}  # kernel's words: LISTEN, and UDP's only state
_PROC = Path("/proc")


@dataclass(frozen=True)
class Holder:
    """The process that holds a port; `pid` is None when it is another user's."""

    pid: int | None
    program: str

    def __str__(self) -> str:
        return f"{self.program}, process {self.pid}" if self.pid else self.program


def is_free(bind: str, kind: str) -> bool:
    """Whether HOST:PORT could be used now; `kind` is "tcp" or "udp".

    Raises:
        OSError: the host is not an address of this machine.
    """
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sort = socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM
    with socket.socket(family, sort) as probe:
        if kind == "tcp":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
            if kind == "tcp":
                probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def holder_of(port: int, kind: str) -> Holder:
    """Who holds `port`; "tcp" or "udp"."""
    inodes = _sockets(port, kind)
    for pid in (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()):
        try:
            files = list((_PROC / str(pid) / "fd").iterdir())
        except OSError:
            continue  # ended meanwhile, or not ours to look into
        for file in files:
            try:
                target = os.readlink(file)
            except OSError:
                continue
            if target.removeprefix("socket:[").removesuffix("]") in inodes:
                words = _command(pid)
                return Holder(pid, Path(words[0]).name if words else "a program")
    return Holder(None, "another user's program")


def belongs_to(pid: int, data: Path) -> bool:
    """Whether the process, or one that started it, names the data folder in its command."""
    seen: set[int] = set()
    while pid > 1 and pid not in seen:
        seen.add(pid)
        if any(str(data) in word for word in _command(pid)):
            return True
        pid = _parent(pid)
    return False


def _sockets(port: int, kind: str) -> frozenset[str]:
    found: set[str] = set()
    for table in (kind, f"{kind}6"):
        try:
            lines = (_PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            same = int(fields[1].rpartition(":")[2], 16) == port
            if same and fields[3] == _LISTENING[kind]:
                found.add(fields[9])
    return frozenset(found)


def _command(pid: int) -> list[str]:
    try:
        content = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [word.decode(errors="replace") for word in content.split(b"\0") if word]


def _parent(pid: int) -> int:
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return 0
    # The program's name stands in brackets and may itself hold blanks and brackets.
    return int(stat.rpartition(")")[2].split()[1])
