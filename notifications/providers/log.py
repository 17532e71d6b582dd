"""The default provider: no SMS leaves the house, a log line says that one would have.

It keeps a file of what it took, ids alone, so that it can be asked like a real one.
"""

import os
from pathlib import Path

import structlog

from notifications.providers.provider import Outgoing, Search

log = structlog.get_logger()


class LogProvider:
    name = "log"
    at_once = 1
    settle_s: float | None = 0.0

    def __init__(self, taken: Path) -> None:
        """`taken`: the file of ids, a line each."""
        self._taken = taken
        taken.parent.mkdir(parents=True, exist_ok=True)
        # Whole lines only: one that was cut off by a death was never answered.
        self._mend()

    def send(self, message: Outgoing) -> tuple[str, ...]:
        with self._taken.open("ab") as file:
            file.write(f"{message.id}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        log.info("sms", message=message.id, text=message.text_key, parts=len(message.parts))
        return (message.id,)

    def find(self, search: Search) -> tuple[str, ...] | None:
        if not self._taken.exists():
            return None
        with self._taken.open() as file:
            there = any(line.rstrip("\n") == search.message_id for line in file)
        return (search.message_id,) if there else None

    def close(self) -> None:
        pass

    def _mend(self) -> None:
        if self._taken.exists():
            content = self._taken.read_bytes()
            if content and not content.endswith(b"\n"):
                with self._taken.open("ab") as file:
                    file.write(b"\n")
