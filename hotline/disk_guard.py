"""Keeps room for calls on the disk: by rule, told before, and written down.

    below `alarm`    staff are told, once a day
    below `reserve`  the oldest expendable sound goes first (reports.expendable), until it is back
    below `last`     the ballast is given back, once; while it stays so nothing more is recorded,
                     and what is left is the database's

Each sound that goes is a line of logs/erased_sounds.jsonl, written before it goes.
"""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from notifications.service import queue_message
from reports.expendable import Expendable, expendable, let_go
from storage.database import transaction
from storage.disk import Ballast, free_bytes
from storage.file_lock import alone_at

log = structlog.get_logger()

EVERY_S = 2.0
MB = 1_000_000
BALLAST = "ballast"
LOCK = ".disk_guard"
AUDIT = "erased_sounds.jsonl"
TEXT = "disk_low"
LANGUAGE = "vi"


@dataclass(frozen=True)
class DiskLimits:
    """How much has to be free for what, in bytes; the largest first."""

    alarm_bytes: int
    reserve_bytes: int
    last_bytes: int
    ballast_bytes: int


@dataclass(frozen=True)
class DiskGuard:
    """Looks after the disk on which `data` lies. `alert_numbers` are told when it fills.

    `free` tells how many bytes of a folder's disk are free.
    """

    database: Engine
    data: Path
    recordings: Path
    limits: DiskLimits
    alert_numbers: tuple[str, ...]
    clock: Callable[[], datetime]
    free: Callable[[Path], int] = free_bytes

    def has_room(self) -> bool:
        """Whether anything more may be recorded."""
        return self.free(self.data) >= self.limits.last_bytes

    def once(self) -> None:
        """Do what the disk needs now; one process does it at a time."""
        limits, free = self.limits, self.free(self.data)
        if free >= limits.alarm_bytes and self._ballast.is_there:
            return
        with alone_at(self.data / LOCK) as alone:
            if not alone:
                return
            if free < limits.last_bytes and self._ballast.is_there:
                # First of all: without room the database cannot say what else may go.
                self._ballast.give_back()
                log.error("ballast given back", free_mb=free // MB)
            if free < limits.alarm_bytes:
                self._tell_staff(free)
            if free < limits.reserve_bytes:
                self._clear()
            if self.free(self.data) >= limits.reserve_bytes + limits.ballast_bytes:
                self._take_ballast()

    def run(self, stop: threading.Event) -> None:
        while True:
            try:
                self.once()
            except Exception as error:  # the database may be away: the disk is looked at again
                log.exception("disk not looked after", error=type(error).__name__)
            if stop.wait(EVERY_S):
                return

    @property
    def _ballast(self) -> Ballast:
        return Ballast(self.data / BALLAST, self.limits.ballast_bytes)

    def _take_ballast(self) -> None:
        if not self._ballast.is_there:
            self._ballast.make()
            log.info("ballast taken", size_mb=self.limits.ballast_bytes // MB)

    def _clear(self) -> None:
        gone = 0
        for one in expendable(self.database, self.recordings, self.clock()):
            free = self.free(self.data)
            if free >= self.limits.reserve_bytes:
                break
            self._write_down(one, free)
            let_go(self.database, one, self.clock())
            gone += 1
        if gone:
            log.warning("sound erased for want of room", count=gone)

    def _write_down(self, one: Expendable, free: int) -> None:
        told = {
            "at": self.clock().isoformat(timespec="seconds"),
            "recording": one.path.stem,
            "why": one.why,
            "since": one.since.isoformat(timespec="seconds"),
            "free_bytes": free,
        }
        folder = self.data / "logs"
        folder.mkdir(exist_ok=True)
        with (folder / AUDIT).open("a") as file:
            file.write(json.dumps(told) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _tell_staff(self, free: int) -> None:
        now = self.clock()
        level = "last" if free < self.limits.last_bytes else "low"
        log.warning("disk fills up", free_mb=free // MB)
        try:
            with transaction(self.database) as session:
                for index, number in enumerate(self.alert_numbers):
                    queue_message(
                        session,
                        idempotency_key=f"disk:{now:%Y-%m-%d}:{level}:{index}",
                        to_number=number,
                        text_key=TEXT,
                        values={"free_mb": str(free // MB)},
                        language=LANGUAGE,
                        report_id=None,
                        now=now,
                    )
        except SQLAlchemyError as error:  # that must not keep us from making room
            log.error("staff not told", error=type(error).__name__)
