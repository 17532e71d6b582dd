"""Asking Asterisk over its manager interface (AMI): a question, its answer, and the line is closed.

A connection of its own for each question costs some 2 ms on the loopback and has no state that two
threads could spoil. Values with line ends are refused: they would be orders of their own.
"""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedRWPair

from ivr.errors import AmiRefused, AsteriskAway

LONGEST_LINE = 8192
MOST_EVENTS = 5000
USER = "manager"


@dataclass(frozen=True)
class Answer:
    """What Asterisk answered: its response, and the events that list what was asked for."""

    fields: Mapping[str, str]
    events: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Manager:
    """The manager interface of one Asterisk; `address` is HOST:PORT."""

    address: str
    secret: str = field(repr=False)
    user: str = USER
    timeout_s: float = 3.0

    @contextmanager
    def line(self) -> Iterator["Line"]:
        """A connection for one question or several.

        Raises:
            AsteriskAway: nobody answers there, or not within `timeout_s` seconds.
            AmiRefused: it does not let us in.
        """
        host, _, port = self.address.rpartition(":")
        try:
            with (
                socket.create_connection((host.strip("[]"), int(port)), self.timeout_s) as peer,
                peer.makefile("rwb") as stream,
            ):
                line = Line(stream)
                line.ask("Login", Username=self.user, Secret=self.secret, Events="off")
                yield line
        except (OSError, ValueError) as error:
            raise AsteriskAway(f"Asterisk's manager does not answer: {error}") from error


class Line:
    """A connection that has signed in."""

    def __init__(self, stream: BufferedRWPair) -> None:
        self._stream = stream
        self._asked = 0
        self._read_line()  # the greeting

    def ask(self, action: str, **fields: str) -> Answer:
        """What Asterisk answers to that action; `Variable` may hold several, one a line.

        Raises:
            AsteriskAway: it does not answer, or breaks off.
            AmiRefused: it will not, or cannot; the message is Asterisk's own.
        """
        self._asked += 1
        mine = str(self._asked)
        self._write([("Action", action), ("ActionID", mine), *fields.items()])
        response = self._next(mine)
        if response.get("Response") != "Success":
            raise AmiRefused(response.get("Message", "no reason was given"))
        events: list[Mapping[str, str]] = []
        if response.get("EventList", "").lower() == "start":
            while (event := self._next(mine)).get("EventList", "").lower() != "complete":
                events.append(event)
                if len(events) > MOST_EVENTS:
                    raise AsteriskAway(f"expected at most {MOST_EVENTS} events, found more")
        return Answer(response, events)

    def _write(self, fields: Sequence[tuple[str, str]]) -> None:
        lines = [
            f"{name}: {value}"
            for name, values in fields
            for value in (values.split("\n") if name == "Variable" else [values])
        ]
        if any(sign in line for line in lines for sign in "\r\n\0"):
            raise AmiRefused("expected values without line ends, found one with")
        self._stream.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._stream.flush()

    def _next(self, mine: str) -> Mapping[str, str]:
        """The next block that answers that question."""
        while True:
            block: dict[str, str] = {}
            while text := self._read_line():
                name, _, value = (part.strip() for part in text.partition(":"))
                # Variables come one a line, all under the same name.
                block[name] = f"{block[name]}\n{value}" if name in block else value
            if block.get("ActionID") == mine:
                return block

    def _read_line(self) -> str:
        read = self._stream.readline(LONGEST_LINE)
        if not read.endswith(b"\n"):
            raise AsteriskAway("Asterisk's manager broke off in the middle of an answer")
        return read.decode("utf-8", "replace").strip()
