"""The audit log only grows, and whoever changes what it says is found out."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.audit import Broken, Verified, entries, head, record, verify
from accounts.errors import BadAuditEntry
from storage.database import reading, transaction
from storage.group_commit import GroupCommit
from tests.builders import NOON

STAY = {
    "sqlite": ("DROP TRIGGER audit_entries_stay", "DROP TRIGGER audit_entries_remain"),
    "postgresql": ("ALTER TABLE audit_entries DISABLE TRIGGER ALL",),
}


def write(engine: Engine, count: int, actor: str = "u1") -> None:
    for number in range(count):
        with transaction(engine) as session:
            now = NOON + timedelta(microseconds=number)
            record(session, actor, "report.changed", "report", f"r{number}", now, version=number)


def checked(engine: Engine) -> Verified:
    with reading(engine) as session:
        return verify(session)


def as_an_intruder(engine: Engine, statement: str, **values: Any) -> None:
    """Past the triggers, as who owns the database can."""
    with transaction(engine) as session:
        for disarm in STAY[engine.dialect.name]:
            session.execute(text(disarm))
        session.execute(text(statement), values)


@pytest.mark.slow
def test_entries_are_numbered_and_whole(database: Engine) -> None:
    write(database, 3)
    with transaction(database) as session:
        record(session, "u2", "report.seen", "report", "r9", NOON, fields=["caller_number"])
        record(session, "u2", "report.seen", "report", "r8", NOON)

    found = checked(database)

    assert (found.count, found.first, found.broken, found.head.number) == (5, 1, None, 5)
    with reading(database) as session:
        assert [entry.number for entry in entries(session, actor="u2")] == [5, 4]
        assert entries(session, object_type="report", object_id="r9")[0].details == (
            '{"fields":["caller_number"]}'
        )
        assert head(session) == found.head


def test_an_empty_log_is_whole(database: Engine) -> None:
    assert checked(database).count == 0 and checked(database).broken is None


def test_what_is_rolled_back_leaves_no_entry(database: Engine) -> None:
    write(database, 1)
    with pytest.raises(RuntimeError), transaction(database) as session:
        record(session, "u1", "report.changed", "report", "r1", NOON)
        raise RuntimeError
    with transaction(database) as session:
        record(session, "u1", "kept", "report", "r2", NOON)
        with pytest.raises(RuntimeError), session.begin_nested():
            record(session, "u1", "undone", "report", "r3", NOON)
            raise RuntimeError
        with session.begin_nested():
            record(session, "u1", "kept", "report", "r4", NOON)

    with reading(database) as session:
        assert [entry.object_id for entry in entries(session)] == ["r4", "r2", "r0"]
    assert checked(database).broken is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'u9' WHERE number = 2",
        "DELETE FROM audit_entries WHERE number = 2",
        "DELETE FROM audit_entries",
    ],
)
def test_the_database_refuses_to_change_or_delete_entries(database: Engine, statement: str) -> None:
    write(database, 3)

    with pytest.raises(DBAPIError, match="never changed"), transaction(database) as session:
        session.execute(text(statement))

    assert checked(database).count == 3


@pytest.mark.postgres
def test_postgresql_refuses_to_truncate(postgres_engine: Engine) -> None:
    write(postgres_engine, 1)

    with pytest.raises(DBAPIError, match="never changed"), transaction(postgres_engine) as session:
        session.execute(text("TRUNCATE audit_entries"))


@pytest.fixture
def postgres_engine(postgres_url: str) -> Any:
    from storage.database import open_engine

    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("column", ["actor", "action", "object_type", "object_id", "details"])
def test_one_changed_byte_is_found(database: Engine, column: str) -> None:
    write(database, 5)

    as_an_intruder(
        database,
        f"UPDATE audit_entries SET {column} = 'x' || substr({column}, 2) WHERE number = 3",
    )

    assert checked(database).broken == Broken(3, "its content does not have its hash")


def test_a_changed_moment_hash_or_number_is_found(database: Engine) -> None:
    write(database, 5)
    with reading(database) as session:
        third = entries(session)[2]

    as_an_intruder(
        database,
        "UPDATE audit_entries SET hash = :hash WHERE number = 4",
        hash="f" + third.hash[1:] if third.hash[0] != "f" else "e" + third.hash[1:],
    )

    found = checked(database).broken
    assert found is not None and found.number == 4


def test_a_missing_entry_is_found(database: Engine) -> None:
    write(database, 5)

    as_an_intruder(database, "DELETE FROM audit_entries WHERE number = 2")

    assert checked(database).broken == Broken(2, "expected number 2, found 3")


def test_entries_missing_at_the_front_are_found(database: Engine) -> None:
    write(database, 5)

    as_an_intruder(database, "DELETE FROM audit_entries WHERE number <= 2")

    assert checked(database).broken == Broken(1, "entries before the first one are missing")


@pytest.mark.parametrize(
    "wrong",
    [
        {"object_id": "+84912345678"},
        {"object_id": "0912345678"},
        {"actor_id": "Nguyễn Văn A"},
        {"actor_id": ""},
        {"text": "đường ngập"},
        {"text": "a sentence"},
        {"number": "84912345678"},
        {"inside": ["ok", "0912345678"]},
        {"inside": {"a": 1}},
    ],
)
def test_what_is_no_id_is_not_written_down(database: Engine, wrong: dict[str, Any]) -> None:
    given = {"actor_id": "u1", "object_id": "r1"} | wrong

    with pytest.raises(BadAuditEntry), transaction(database) as session:
        record(session, action="x", object_type="report", now=NOON, **given)


def test_a_look_is_not_written_where_nothing_is_committed(database: Engine) -> None:
    with pytest.raises(BadAuditEntry), reading(database) as session:
        record(session, "u1", "report.seen", "report", "r1", NOON)


def test_many_writers_at_once_make_one_chain(database: Engine) -> None:
    """Each also works on rows of others: the log's lock comes last and blocks nobody for good."""
    grouped = GroupCommit(database)
    errors: list[BaseException] = []

    def alone_writes(number: int) -> None:
        write(database, 20, f"u{number}")

    def together_write(number: int) -> None:
        for turn in range(20):
            grouped.run(_recorded(f"g{number}", turn))

    def do(work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [
        threading.Thread(target=do, args=(work, number))
        for number in range(4)
        for work in (alone_writes, together_write)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = checked(database)
    assert errors == [] and found.broken is None and found.count == 160


def _recorded(actor: str, turn: int) -> Callable[[Session], None]:
    return lambda session: record(session, actor, "x", "report", f"r{turn}", NOON)
