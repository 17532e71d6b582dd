"""What an SMSC hands over lies in a file before anything else happens with it.

It is acknowledged before we see it, so it never comes again: not if we die, not if the database is
away. A thread makes receipts and messages of the files, in order; those of a process that died are
worked off by whoever shares the folder. Everything can be done twice.
"""

import random
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from notifications.arrival_files import (
    arrived_at,
    keep,
    new_name,
    read,
    set_aside,
    take_up,
    waiting,
)
from notifications.inbox import Incoming, store_incoming
from notifications.incoming_parts import Part, anything_overdue, join_overdue, store_part
from notifications.providers.smpp_parts import Delivered, Fragment, read_fragment
from notifications.providers.smpp_receipts import is_receipt, read_receipt
from notifications.receipts import Receipt, note_receipt
from notifications.trouble import pause_after
from storage.database import reading, transaction
from storage.errors import DATABASE_AWAY

log = structlog.get_logger()

NAME = "smpp"
LOOK_EVERY_S = 1.0
# So many are kept in memory while the disk takes none.
MOST_UNKEPT = 10_000
# Nothing else that asks the database now would fare better.
_AWAY = (*DATABASE_AWAY, PoolTimeoutError)


@dataclass(frozen=True)
class _Pause:
    failures: int
    until: datetime


class Unread(Exception):
    """It says nothing that we can read, now or later."""


class Storing:
    """Makes receipts and messages of the folder's files. One thread calls `once`."""

    def __init__(self, engine: Engine, folder: Path, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._folder = folder
        self._clock = clock
        self._pauses: dict[str, _Pause] = {}
        self._chance = random.Random()
        take_up(folder)

    def once(self) -> int:
        """Store what can be stored now; how many.

        Raises:
            One of storage.errors.DATABASE_AWAY, or the pool's TimeoutError: nothing more can be.
        """
        return sum(self._work_off(path) for path in waiting(self._folder))

    def store(self, name: str, delivered: Delivered) -> None:
        """Into the database, as of the moment that it arrived at.

        Raises:
            Unread: it says nothing that we can read.
        """
        at = arrived_at(name) or self._clock()
        said = understand(name, delivered)
        if said is not None:
            with transaction(self._engine) as session:
                _store(session, said, at, self._clock())

    def _work_off(self, path: Path) -> bool:
        pause = self._pauses.get(path.stem)
        if pause is not None and self._clock() < pause.until:
            return False
        try:
            self.store(path.stem, _read(path))
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            pass  # another process was quicker
        except Unread as error:
            log.error("deliver_sm cannot be read", file=path.stem, error=str(error))
            set_aside(path)
        except _AWAY:
            raise
        except Exception as error:  # the others shall not wait for it
            self._wait(path, error)
            return False
        else:
            self._pauses.pop(path.stem, None)
            return True
        self._pauses.pop(path.stem, None)
        return False

    def _wait(self, path: Path, error: Exception) -> None:
        earlier = self._pauses.get(path.stem)
        failures = earlier.failures + 1 if earlier else 1
        pause_s = pause_after(failures, self._chance)
        self._pauses[path.stem] = _Pause(failures, self._clock() + timedelta(seconds=pause_s))
        log.error(
            "deliver_sm not stored", file=path.stem, error=type(error).__name__, failures=failures
        )


class Arrivals:
    """Keeps each deliver_sm, and has it stored by a thread. `folder` is this machine's, its
    processes' in common."""

    def __init__(self, engine: Engine, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock
        self._unkept: deque[tuple[str, Delivered]] = deque()
        self._wake, self._stopping = threading.Event(), threading.Event()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._storing = Storing(engine, folder, clock)
        self._thread = threading.Thread(target=self._run, name="sms arrivals", daemon=True)
        self._thread.start()

    def take(self, delivered: Delivered) -> None:
        """Keep it; it is stored soon, whatever becomes of this process or the database.

        It never waits for the database: the connection's other answers would wait too.
        """
        name = new_name(self._clock())
        try:
            keep(self._folder, name, delivered)
        except OSError as error:  # the disk is full: memory has room for a while
            if len(self._unkept) < MOST_UNKEPT:
                log.error("deliver_sm not kept as a file", error=error.strerror)
                self._unkept.append((name, delivered))
            else:
                log.error("deliver_sm lost", error=error.strerror, in_memory=len(self._unkept))
        self._wake.set()

    def once(self) -> int:
        """Store what can be stored now; how many.

        Raises:
            As `Storing.once`.
        """
        self._keep_now()
        done = self._storing.once()
        return done + self._store_unkept()

    def close(self) -> None:
        """End the thread. What is not stored yet stays in its file."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._try_once()
            self._wake.wait(LOOK_EVERY_S)
        if self._unkept:
            self._try_once()

    def _try_once(self) -> None:
        try:
            self.once()
        except Exception as error:  # nothing is lost meanwhile
            log.warning("deliver_sm wait for the database", error=type(error).__name__)

    def _keep_now(self) -> None:
        """Have on the disk what it did not take before."""
        while self._unkept:
            try:
                keep(self._folder, *self._unkept[0])
            except OSError:
                return
            self._unkept.popleft()

    def _store_unkept(self) -> int:
        """The database may have room of its own while the disk has none."""
        done = 0
        for _ in range(len(self._unkept)):
            name, delivered = self._unkept.popleft()
            try:
                self._storing.store(name, delivered)
            except Unread as error:
                log.error("deliver_sm cannot be read", file=name, error=str(error))
            except Exception:
                self._unkept.append((name, delivered))
                raise
            else:
                done += 1
        return done


def join_what_is_overdue(engine: Engine, now: datetime) -> None:
    """Hand on long SMS whose rest never came, whoever took them."""
    with reading(engine) as session:  # mostly nothing is: no writer waits for that
        if not anything_overdue(session, now):
            return
    with transaction(engine) as session:
        join_overdue(session, now)


def understand(name: str, delivered: Delivered) -> Receipt | Part | None:
    """What it says: a receipt, or somebody's SMS, whole or a part; None where it says nothing.

    Raises:
        Unread: it cannot be decoded.
    """
    try:
        if is_receipt(delivered.esm_class):
            receipt = read_receipt(
                NAME, delivered.content, delivered.receipted_id, delivered.message_state
            )
            if receipt is None:
                log.warning("receipt that says nothing", length=len(delivered.content))
            return receipt
        fragment: Fragment = read_fragment(
            delivered.content, delivered.data_coding, delivered.esm_class, delivered.sar
        )
    except Exception as error:
        raise Unread(type(error).__name__) from error
    sender = delivered.sender
    number = sender if sender.startswith(("+", "0")) else f"+{sender}"
    # An SMSC gives no id of what somebody sends; the file's is ours.
    return Part(NAME, name, number, fragment)


def _store(session: Session, said: Receipt | Part, at: datetime, now: datetime) -> None:
    """Note a receipt, or keep somebody's SMS; each name is kept once."""
    if isinstance(said, Receipt):
        note_receipt(session, said, at)
    elif said.fragment.total <= 1:
        whole = Incoming(said.provider, said.provider_id, said.sender, said.fragment.text)
        store_incoming(session, whole, at)
    else:
        store_part(session, said, now)


def _read(path: Path) -> Delivered:
    try:
        return read(path)
    except OSError:
        raise
    except Exception as error:
        raise Unread(type(error).__name__) from error
