"""Many callers' work in one commit: nobody is told too early, and nobody spoils the others'."""

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.database import open_engine, reading
from storage.errors import CommitAbandoned
from storage.group_commit import WRITERS, GroupCommit


@pytest.fixture
def database(new_database_url: str) -> Iterator[Engine]:
    engine = open_engine(new_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (name TEXT PRIMARY KEY)")
    yield engine
    engine.dispose()


def keep(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.execute(text("INSERT INTO kept VALUES (:name)"), {"name": name})
        return name

    return work


def kept(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return sorted(session.scalars(text("SELECT name FROM kept")))


class Crowd:
    """Threads whose work waits in one group, behind as many as may write side by side."""

    def __init__(self, commits: GroupCommit) -> None:
        self._commits = commits
        self._go_on = threading.Event()
        self._begun = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []
        self.results: list[Any] = []
        self.errors: list[Exception] = []
        self.writers = WRITERS[commits.database.dialect.name]
        for _ in range(self.writers):
            self._come(self._held_up)
            self._begun.acquire()

    def _held_up(self, session: Session) -> str:
        self._begun.release()
        self._go_on.wait()
        return "first"

    def come(self, *works: Callable[[Session], Any]) -> None:
        for work in works:
            waiting = self._commits.waiting
            self._come(work)
            while self._commits.waiting == waiting:
                time.sleep(0.001)

    def _come(self, work: Callable[[Session], Any]) -> None:
        def run() -> None:
            try:
                self.results.append(self._commits.run(work))
            except Exception as error:
                self.errors.append(error)
            except SystemExit:
                return  # as a thread does that is being ended

        thread = threading.Thread(target=run)
        thread.start()
        self._threads.append(thread)

    def go_on(self) -> None:
        self._go_on.set()
        for thread in self._threads:
            thread.join(timeout=30)
            assert not thread.is_alive(), "somebody waits for ever"


def count_commits(engine: Engine) -> list[None]:
    seen: list[None] = []
    event.listen(engine, "commit", lambda connection: seen.append(None))
    return seen


def test_works_that_wait_are_committed_together(database: Engine) -> None:
    crowd = Crowd(GroupCommit(database))
    crowd.come(*(keep(str(number)) for number in range(9)))
    commits = count_commits(database)

    crowd.go_on()

    assert len(commits) == crowd.writers + 1  # the first ones', and everybody else's
    assert kept(database) == sorted(str(number) for number in range(9))
    assert sorted(crowd.results)[:9] == sorted(str(number) for number in range(9))


def test_one_bad_work_among_many_fails_alone(database: Engine) -> None:
    def bad(session: Session) -> None:
        keep("half of it")(session)
        raise ValueError("a defect")

    crowd = Crowd(GroupCommit(database))
    crowd.come(keep("a"), keep("b"), bad, keep("c"))

    crowd.go_on()

    assert kept(database) == ["a", "b", "c"]
    assert [str(error) for error in crowd.errors] == ["a defect"]
    assert sorted(crowd.results)[:3] == ["a", "b", "c"]


def test_a_clash_of_two_works_costs_only_the_second(database: Engine) -> None:
    crowd = Crowd(GroupCommit(database))
    crowd.come(keep("a"), keep("twice"), keep("twice"), keep("b"))

    crowd.go_on()

    assert kept(database) == ["a", "b", "twice"]
    assert [type(error).__name__ for error in crowd.errors] == ["IntegrityError"]


def test_nobody_is_answered_before_the_commit(database: Engine) -> None:
    crowd = Crowd(GroupCommit(database))
    theirs: list[object] = []  # connections: the first ones may commit later than the others
    answered: list[set[str]] = []

    def watched(name: str) -> Callable[[Session], str]:
        def work(session: Session) -> str:
            theirs.append(session.connection().connection.dbapi_connection)
            return keep(name)(session)

        return work

    def note(connection: Connection) -> None:
        if connection.connection.dbapi_connection in theirs:
            answered.append(set(crowd.results))

    crowd.come(watched("a"), watched("b"))
    event.listen(database, "commit", note)

    crowd.go_on()

    assert answered and all(names <= {"first"} for names in answered)
    assert set(crowd.results) == {"first", "a", "b"}


def test_a_database_that_cannot_commit_fails_everybody_and_keeps_nothing(
    database: Engine,
) -> None:
    crowd = Crowd(GroupCommit(database))
    crowd.come(keep("a"), keep("b"))

    def full(connection: Connection) -> None:
        # The first ones, who keep nothing, may commit later than the others.
        if connection.scalar(text("SELECT count(*) FROM kept")):
            raise OperationalError("COMMIT", None, Exception("disk full"))

    event.listen(database, "commit", full)

    crowd.go_on()

    assert set(crowd.results) == {"first"} and len(crowd.errors) == 2
    assert all(isinstance(error, OperationalError) for error in crowd.errors)
    event.remove(database, "commit", full)
    assert GroupCommit(database).run(keep("later")) == "later"
    assert kept(database) == ["later"]


def test_a_thread_that_is_ended_while_it_commits_leaves_nobody_waiting(database: Engine) -> None:
    def end_the_thread(session: Session) -> None:
        raise SystemExit

    crowd = Crowd(GroupCommit(database))
    crowd.come(keep("a"), end_the_thread, keep("b"))

    crowd.go_on()

    # Whoever led lost its thread; the others are told, and can come again.
    assert set(crowd.results) == {"first"} and kept(database) == []
    assert {type(error) for error in crowd.errors} == {CommitAbandoned}


def test_more_than_one_group_waits_in_turn(database: Engine) -> None:
    crowd = Crowd(GroupCommit(database))
    crowd.come(*(keep(f"{number:03}") for number in range(150)))

    crowd.go_on()

    assert len(kept(database)) == 150 and not crowd.errors


_ACKNOWLEDGE = """
    import itertools, sys, threading
    from sqlalchemy import text
    from storage.database import open_engine
    from storage.group_commit import GroupCommit

    commits = GroupCommit(open_engine(sys.argv[1]))

    def go_on(thread):
        for number in itertools.count():
            name = f"{thread}-{number}"
            commits.run(lambda session: session.execute(
                text("INSERT INTO kept VALUES (:name)"), {"name": name}
            ))
            sys.stdout.write(name + "\\n")
            sys.stdout.flush()

    for thread in range(8):
        threading.Thread(target=go_on, args=(thread,)).start()
"""


@pytest.mark.slow  # it starts processes
def test_what_was_acknowledged_is_there_after_kill_9(database: Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_ACKNOWLEDGE), url],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()

    acknowledged = {line.strip() for line in said if line.endswith("\n")}

    assert len(acknowledged) >= 200
    assert acknowledged <= set(kept(database))
