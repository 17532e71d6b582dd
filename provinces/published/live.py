"""The province as it holds just now, for programs that run for months.

A `LiveProvince` is handed to whoever needs a province, once, at start. Its fields are looked up in
the version that holds at that moment. Looking for a newer version, reading and checking it is done
by a thread of its own: nobody who asks for a deadline waits for the database.
"""

import os
import threading
import time
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from provinces.errors import ProvinceError
from provinces.published.files import load
from provinces.published.models import PackVersion
from provinces.published.versions import FILES, checksum_of, newest_number
from provinces.schema import Province
from storage.database import reading
from storage.errors import StorageError

log = structlog.get_logger()

LOOK_EVERY_S = 2.0
# What is in the way of a version may be mended on the disk: it is tried again.
TRY_AGAIN_S = 60.0


class LiveProvince(Province):
    """A province whose fields are those of the version that holds now."""

    def __init__(self, published: "Published") -> None:
        object.__setattr__(self, "_published", published)

    def __getattr__(self, name: str) -> Any:
        # Called for the fields alone: this object has none of its own.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._published.now, name)

    def __repr__(self) -> str:
        return f"LiveProvince({self.key!r}, version {self._published.number})"


class Published:
    """Follows what is published; before `start` it has the files' province.

    Attributes:
        number: the version that holds in this process, 0 for the files.
        trouble: the newest version where it could not be taken, and an older one holds; None where
            all is well.
    """

    def __init__(self, engine: Engine, base: Province, every_s: float = LOOK_EVERY_S) -> None:
        self._engine, self._base, self._every_s = engine, base, every_s
        self._turn = threading.Lock()
        self._process: int | None = None
        self.now = base
        self.number = FILES
        self.trouble: int | None = None
        self._tried_s = 0.0
        self.province: Province = LiveProvince(self)

    def start(self, stop: threading.Event | None = None) -> None:
        """Look once, then every few seconds in the background; again after a fork."""
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        self.look_and_tell()
        ending = stop or threading.Event()
        threading.Thread(target=self._run, args=(ending,), name="settings", daemon=True).start()

    def look(self) -> bool:
        """Take the newest version if it is another; whether it was taken. Errors change nothing."""
        try:
            with self._turn:
                return self._look()
        except (SQLAlchemyError, StorageError) as error:  # away, or not there before `migrate`
            log.debug("settings not looked at", error=type(error).__name__)
            return False

    def _look(self) -> bool:
        with reading(self._engine) as session:
            number = newest_number(session)
            waits = time.monotonic() - self._tried_s < TRY_AGAIN_S
            if number == self.number or (number == self.trouble and waits):
                return False
            # What held goes on holding: a call must not meet half a pack. After a start nothing
            # held yet: then it is the newest of the older ones that can be taken.
            taken, province = self.number, self.now
            for each in range(number, self.number, -1):
                found = self._loaded(session, each)
                if found is not None:
                    taken, province = each, found
                    break
            if number == FILES:  # another database than before
                taken, province = FILES, self._base
        was = self.number
        self._tried_s = time.monotonic()
        self.trouble = None if taken == number else number
        self.now, self.number = province, taken
        return taken != was

    def _loaded(self, session: Session, number: int) -> Province | None:
        """The province of that version; None where it is not as published or cannot be loaded."""
        found = session.get(PackVersion, number)
        last = session.get(PackVersion, number - 1)
        if found is None or found.checksum != checksum_of(found, last.checksum if last else ""):
            return None
        try:
            return load(self._base.folder, found.files, found.basis)[0]
        except ProvinceError:
            return None

    def _run(self, stop: threading.Event) -> None:
        while not stop.wait(self._every_s):
            self.look_and_tell()

    def look_and_tell(self) -> None:
        """`look`, and a line in the log where something came of it."""
        before = self.trouble
        if self.look():
            log.info("settings taken", version=self.number)
        if self.trouble not in (None, before):
            log.error("settings not taken", version=self.trouble, holds=self.number)


def version_in_trouble(engine: Engine, base: Province) -> int | None:
    """The newest version where it cannot be taken, so that an older one holds; None if it can."""
    found = Published(engine, base)
    found.look()
    return found.trouble
