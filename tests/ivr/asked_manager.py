"""A stand-in for Asterisk's manager interface: keeps what it was asked, answers as it was told."""

import socketserver
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ivr.ami import Manager
from tests.serving import serving

Block = Mapping[str, str]
SECRET = "only a test's"


@dataclass
class AskedManager:
    """`tells` gives the events that answer an action; `refuses` names actions that fail; `state`
    is how a telephone stands."""

    tells: Callable[[Block], Sequence[str]] = lambda asked: ()
    refuses: set[str] = field(default_factory=set)
    state: Callable[[str], str] = lambda telephone: "NOT_INUSE"
    asked: list[Block] = field(default_factory=list)
    address: str = ""

    @property
    def manager(self) -> Manager:
        return Manager(self.address, SECRET, timeout_s=2.0)

    def orders(self) -> list[Block]:
        """What was asked besides signing in and looking."""
        looks = ("Login", "QueueStatus", "Status", "Getvar")
        return [each for each in self.asked if each["Action"] not in looks]

    def answer(self, asked: Block) -> str:
        self.asked.append(asked)
        mine = f"ActionID: {asked['ActionID']}\r\n"
        wrong = asked["Action"] == "Login" and asked.get("Secret") != SECRET
        if wrong or asked["Action"] in self.refuses:
            return f"Response: Error\r\n{mine}Message: no\r\n\r\n"
        if asked["Action"] == "Getvar":
            telephone = asked["Variable"].removeprefix("DEVICE_STATE(").removesuffix(")")
            return f"Response: Success\r\n{mine}Value: {self.state(telephone)}\r\n\r\n"
        if asked["Action"] not in ("QueueStatus", "Status"):
            return f"Response: Success\r\n{mine}\r\n"
        events = "".join(f"Event: {text}\r\n{mine}\r\n" for text in self.tells(asked))
        end = f"Event: Complete\r\nEventList: Complete\r\n{mine}\r\n"
        return f"Response: Success\r\n{mine}EventList: start\r\n\r\n{events}{end}"


@contextmanager
def asked_manager(
    tells: Callable[[Block], Sequence[str]] = lambda asked: (),
) -> Iterator[AskedManager]:
    """It listens on a port of its own meanwhile."""
    made = AskedManager(tells)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"Asterisk Call Manager/11.0.0\r\n")
            lines: list[str] = []
            for line in self.rfile:
                text = line.decode().strip()
                if text:
                    lines.append(text)
                    continue
                asked: dict[str, str] = {}
                for name, _, value in (each.partition(": ") for each in lines):
                    asked[name] = f"{asked[name]}\n{value}" if name in asked else value
                lines.clear()
                self.wfile.write(made.answer(asked).encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with serving(Server(("127.0.0.1", 0), Handler)) as server:
        made.address = f"127.0.0.1:{server.server_address[1]}"
        yield made
