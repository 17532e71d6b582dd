"""The wire to Asterisk's AGI, as pyst2 wants it: checked lines in, commands out, each on time."""

import io
import socket
import time
from dataclasses import dataclass

from ivr.errors import ChannelGone, CommandFailed, NothingSaid, PeerConfused, ServerLeft

LINE_LIMIT = 4096
GREETING_LINES = 100


@dataclass(frozen=True)
class Patience:
    """How long the peer may take. The longest command is a recording: 120 s, and a slow disk."""

    greeting_s: float = 5.0
    command_s: float = 180.0


PATIENCE = Patience()


class Lines:
    """What pyst2 reads as `stdin`: one checked line at a time, under a deadline."""

    def __init__(self, connection: socket.socket, patience: Patience) -> None:
        self._connection = connection
        self._patience = patience
        self._buffer = b""
        self._heard_anything = False
        self.hung_up = False

    def readline(self, deadline: float | None = None) -> str:
        if deadline is None:
            deadline = time.monotonic() + self._patience.command_s
        while True:
            line = self._line(deadline)
            if line.startswith("HANGUP"):  # a notice between replies, not a reply
                self.hung_up = True
                continue
            if line.startswith("100 "):  # GOSUB has begun; its end comes later
                continue
            if line.startswith("511"):  # pyst2 takes a dead channel for an unknown error
                raise ChannelGone(line.strip())
            if line.startswith("520") and not line.startswith("520-"):
                raise CommandFailed(line.strip())  # pyst2 would wait for more lines for ever
            return line

    def whole_greeting(self, deadline: float) -> list[str] | None:
        """All lines up to the empty one, if they have come together, as Asterisk sends them.

        Line by line, they cost as much as all the rest that is said in a call.
        """
        if not self._buffer:
            self._receive(deadline)
        head, end, rest = self._buffer.partition(b"\n\n")
        if not end or head.count(b"\n") >= GREETING_LINES or not head.startswith(b"agi_"):
            return None
        self._buffer = rest
        return head.decode("utf-8", "replace").split("\n")

    def put_back(self, line: str) -> None:
        self._buffer = line.encode() + self._buffer

    def _line(self, deadline: float) -> str:
        while b"\n" not in self._buffer:
            if len(self._buffer) > LINE_LIMIT:
                raise PeerConfused(f"expected lines of at most {LINE_LIMIT} bytes, found a longer")
            self._receive(deadline)
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "replace") + "\n"

    def _receive(self, deadline: float) -> None:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise ServerLeft("the peer stopped in mid-line or stopped answering")
        self._connection.settimeout(remaining)
        try:
            received = self._connection.recv(4096)
        except TimeoutError as error:
            raise ServerLeft("the peer stopped in mid-line or stopped answering") from error
        except OSError as error:
            raise ServerLeft(f"the connection broke: {error.strerror}") from error
        if not received and not self._heard_anything:
            raise NothingSaid("the peer left before it said anything")
        if not received:
            raise ServerLeft("the peer closed the connection")
        self._heard_anything = True
        self._buffer += received


class Out(io.TextIOBase):
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def write(self, text: str) -> int:
        try:
            self._connection.sendall(text.encode())
        except OSError as error:
            raise ServerLeft(f"the connection broke: {error.strerror}") from error
        return len(text)


class Nowhere(io.TextIOBase):
    """pyst2 echoes all traffic, numbers included, to its `stderr`."""

    def write(self, text: str) -> int:
        return len(text)
