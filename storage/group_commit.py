"""Many callers' work in one transaction: what makes a commit dear is waiting for the disk.

Whoever finds nobody at it commits the work of all who wait at that moment, their own included;
who comes meanwhile makes the next group. Nobody is answered before their own work is committed.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from storage.errors import CommitAbandoned

T = TypeVar("T")
Work = Callable[[Session], T]
"""May be run twice, each time on a database that knows nothing of the other time."""

# Longer groups gain nothing, and one that fails is done again piece by piece.
LONGEST_GROUP = 64
# Above this, the rest of a failed group is not tried one by one: the database itself is ill.
PATIENCE_S = 5.0
# SQLite has one writer; PostgreSQL's write side by side, and groups form above that.
WRITERS = {"sqlite": 1, "postgresql": 4}


class _Job(Generic[T]):
    """One caller's work, and what became of it."""

    def __init__(self, work: Work[T]) -> None:
        self.work = work
        self.result: T | None = None
        self.error: Exception | None = None
        # The group that this job's thread shall commit; None for those who only wait.
        self.leads: list[_Job[Any]] | None = None
        self._told = threading.Lock()
        self._told.acquire()

    def do(self, connection: Connection) -> None:
        # Each in a session of its own: nobody finds another's objects, stale, in theirs.
        with Session(connection, expire_on_commit=False) as session:
            self.result = self.work(session)
            session.flush()

    def wait(self) -> None:
        """Until `tell`: the work is over, or it is this thread's turn to lead."""
        self._told.acquire()

    def tell(self) -> None:
        self._told.release()


class _Spoilt(Exception):
    """A work raised (its cause); the database itself is well."""


class GroupCommit:
    """Commits work on one database for the threads of this process."""

    def __init__(self, database: Engine) -> None:
        self.database = database
        self._mutex = threading.Lock()
        # Nobody waits here unless there are as many leaders as there may be.
        self._waiting: deque[_Job[Any]] = deque()
        self._leaders = 0
        self._most_leaders = WRITERS.get(database.dialect.name, 1)

    @property
    def waiting(self) -> int:
        """How many works wait for the next group."""
        return len(self._waiting)

    def run(self, work: Work[T]) -> T:
        """What `work` returns, once that is committed; its own error rolls back only itself.

        Raises:
            CommitAbandoned: the thread that committed for all was ended in the middle of it, or
                the database failed others for too long before it was this one's turn.
        """
        job = _Job(work)
        with self._mutex:
            if self._leaders < self._most_leaders:
                self._leaders += 1
                job.leads = [job]
            else:
                self._waiting.append(job)
        if job.leads is None:
            job.wait()
        if job.leads is not None:
            self._lead(job.leads)
        if job.error is not None:
            raise job.error
        return cast(T, job.result)

    def _lead(self, group: Sequence[_Job[Any]]) -> None:
        """Commit the group, hand the lead on, and tell everybody."""
        _, *followers = group  # the leader knows
        try:
            self._commit(group)
        except BaseException:  # this thread is being ended: the others must not wait for ever
            for job in followers:
                job.error = CommitAbandoned("the thread that committed this was ended")
            raise
        finally:
            with self._mutex:
                most = min(len(self._waiting), LONGEST_GROUP)
                coming = [self._waiting.popleft() for _ in range(most)]
                if not coming:
                    self._leaders -= 1
            if coming:
                coming[0].leads = coming
                coming[0].tell()
            for job in followers:
                job.tell()

    def _commit(self, group: Sequence[_Job[Any]]) -> None:
        """Commit all; where one fails, each alone, so that it fails alone."""
        error = self._together(group)
        if len(group) == 1 or not isinstance(error, _Spoilt):
            for job in group:
                job.error = _cause(error)
            return
        began = time.monotonic()
        for job in group:
            if time.monotonic() - began < PATIENCE_S:
                error = self._together([job])
                job.error = _cause(error)
            else:
                job.error = _cause(error) or CommitAbandoned("the database took too long")

    def _together(self, group: Sequence[_Job[Any]]) -> Exception | None:
        try:
            with self.database.connect() as connection, connection.begin():
                for job in group:
                    try:
                        job.do(connection)
                    except Exception as error:
                        raise _Spoilt from error
        except Exception as error:
            return error
        return None


def _cause(error: Exception | None) -> Exception | None:
    if isinstance(error, _Spoilt):
        assert isinstance(error.__cause__, Exception)
        return error.__cause__
    return error
