"""A tiny FastAGI server for tests of the dialplan: it does what a script says.

As a program (`python fake_agi.py PORT`) it asks the caller for a key, says so on its output, and
waits: something to kill in the middle of a command.
"""

import socket
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

PATIENCE_S = 20.0


class Visit:
    """One connection from Asterisk."""

    def __init__(self, wire: socket.socket) -> None:
        wire.settimeout(PATIENCE_S)
        self._file = wire.makefile("rw", encoding="utf-8", newline="\n")
        self.environment: dict[str, str] = {}
        while line := self._file.readline().strip():
            name, _, value = line.partition(":")
            self.environment[name] = value.strip()

    def command(self, text: str) -> str:
        """Asterisk's reply to `text`; notices of a hangup are passed over."""
        self.ask(text)
        while (line := self._file.readline()).startswith("HANGUP"):
            pass
        return line.strip()

    def ask(self, text: str) -> None:
        """Send `text` without waiting for the reply."""
        self._file.write(text + "\n")
        self._file.flush()

    def done(self) -> None:
        """Say that the call is over, as the real software does in the end."""
        self.command("SET VARIABLE HOTLINE_DONE 1")


class FakeAgi:
    """Serves each connection with `script`; `visits` are the connections so far."""

    def __init__(self, port: int, script: Callable[[Visit], None]) -> None:
        self.visits: list[Visit] = []
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", port))
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _listen(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return  # closed
            thread = threading.Thread(target=self._serve, args=(wire,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, wire: socket.socket) -> None:
        with wire:
            visit = Visit(wire)
            self.visits.append(visit)
            try:
                self._script(visit)
            except OSError:
                pass  # Asterisk went away first
            finally:
                visit._file.close()


def main() -> None:
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
        print("listening", flush=True)
        wire, _ = listener.accept()
        visit = Visit(wire)
        visit.ask("WAIT FOR DIGIT 60000")
        print("asked", flush=True)
        threading.Event().wait(60)


if __name__ == "__main__":
    main()
