"""Writers queue, readers do not, and what a transaction did is kept whole or not at all."""

import multiprocessing
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from accounts.models import User
from ivr.models import Call
from storage.database import open_engine, reading, transaction
from storage.errors import BadDatabaseUrl, NaiveMoment
from tests.builders import NOON, a_call

ROUNDS = 50
WRITERS = 4


@pytest.fixture
def counter(database: Engine) -> Engine:
    """A database with one number, 0."""
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE counter (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO counter VALUES (0)")
    return database


def count_up(engine: Engine) -> None:
    # SQLite's writers queue from the start; on PostgreSQL the row is locked when it is read,
    # which SQLAlchemy leaves out for SQLite.
    lock = "FOR UPDATE" if engine.dialect.name == "postgresql" else ""
    for _ in range(ROUNDS):
        with transaction(engine) as session:
            value = session.execute(text(f"SELECT n FROM counter {lock}")).scalar_one()
            session.execute(text("UPDATE counter SET n = :n"), {"n": value + 1})


def count_up_in_a_process(url: str) -> None:
    engine = open_engine(url)
    count_up(engine)
    engine.dispose()


def number(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.execute(text("SELECT n FROM counter")).scalar_one())


@pytest.mark.slow
def test_threads_that_read_and_then_write_lose_no_update(counter: Engine) -> None:
    threads = [threading.Thread(target=count_up, args=(counter,)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert number(counter) == WRITERS * ROUNDS


@pytest.mark.slow
def test_processes_that_read_and_then_write_lose_no_update(counter: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    url = counter.url.render_as_string(hide_password=False)
    writers = [context.Process(target=count_up_in_a_process, args=(url,)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert number(counter) == WRITERS * ROUNDS


def test_a_reader_neither_waits_for_a_writer_nor_holds_one_up(counter: Engine) -> None:
    began = time.monotonic()

    with reading(counter) as reader:
        assert reader.execute(text("SELECT n FROM counter")).scalar_one() == 0
        with transaction(counter) as writer:
            writer.execute(text("UPDATE counter SET n = 7"))
            assert number(counter) == 0  # another reader, while the writer is at it
        assert reader.execute(text("SELECT n FROM counter")).scalar_one() == 0

    assert number(counter) == 7
    assert time.monotonic() - began < 2


def test_what_is_written_while_reading_is_not_kept(counter: Engine) -> None:
    with reading(counter) as session:
        session.execute(text("UPDATE counter SET n = 9"))

    assert number(counter) == 0


def test_a_transaction_that_fails_leaves_nothing(counter: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(counter) as session:
        session.execute(text("UPDATE counter SET n = 9"))
        raise RuntimeError

    assert number(counter) == 0


def test_what_was_loaded_can_be_read_after_the_session(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_call(id="c1"))

    with reading(database) as session:
        call = session.scalars(select(Call)).one()

    assert (call.id, call.started_at) == ("c1", NOON)


@pytest.mark.usefixtures("careful_commits")
def test_commits_survive_a_power_loss(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15_000,
    }


def test_an_error_names_the_statement_but_no_value(database: Engine) -> None:
    with pytest.raises(IntegrityError) as caught, transaction(database) as session:
        session.add_all([a_call(id="c1", called_number="0912345678") for _ in range(1)])
        session.flush()
        session.execute(text("INSERT INTO calls (id) VALUES (:id)"), {"id": "0912345678"})

    assert "INSERT INTO calls" in str(caught.value)
    assert "0912345678" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://localhost/x", "found mysql"),
        ("nonsense", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_another_kind_of_database_is_refused_by_name(url: str, said: str) -> None:
    with pytest.raises(BadDatabaseUrl, match=said):
        open_engine(url)


@pytest.mark.parametrize(
    "given",
    [
        NOON,
        NOON.astimezone(timezone(timedelta(hours=7))),
        NOON.astimezone(timezone(timedelta(hours=-11))),
        datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Engine, given: datetime) -> None:
    with transaction(database) as session:
        session.add(a_call(id="c1", started_at=given))

    with reading(database) as session:
        found = session.get_one(Call, "c1").started_at

    assert found == given and found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Engine) -> None:
    naive = datetime(2026, 11, 22, 12, 0)

    with pytest.raises(StatementError) as caught, transaction(database) as session:
        session.add(a_call(started_at=naive, advanced_at=NOON, ended_at=NOON))

    assert isinstance(caught.value.orig, NaiveMoment)


def test_a_naive_moment_is_no_search_term_either(database: Engine) -> None:
    query = select(Call).where(Call.started_at < datetime(2026, 11, 22, 12, 0))

    with pytest.raises(StatementError), reading(database) as session:
        session.scalars(query)


def test_a_persons_number_lies_sealed_on_disk(sqlite: Engine, tmp_path: Path) -> None:
    number = "+84987654321"
    with transaction(sqlite) as session:
        session.add(a_call(id="c1", caller_number=number, called_number="+8419009120"))

    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("hotline.sqlite3*"))
    with reading(sqlite) as session:
        found = session.get_one(Call, "c1").caller_number

    assert found == number
    assert b"+8419009120" in on_disk
    assert number.encode() not in on_disk and number[3:].encode() not in on_disk


def test_the_same_number_is_sealed_differently_each_time(database: Engine) -> None:
    with transaction(database) as session:
        session.add_all([a_call(caller_number="+84987654321") for _ in range(2)])

    with database.connect() as connection:
        sealed = connection.exec_driver_sql("SELECT caller_number FROM calls").scalars().all()

    assert sealed[0] != sealed[1]


def test_no_number_stays_no_number(database: Engine) -> None:
    with transaction(database) as session:
        session.add(a_call(id="c1", caller_number=None))

    with reading(database) as session:
        assert session.get_one(Call, "c1").caller_number is None


def test_a_session_of_a_transaction_writes_at_once(sqlite: Engine) -> None:
    """BEGIN IMMEDIATE: a second writer waits from the start, not only at its first write."""
    order: list[str] = []

    def second() -> None:
        with transaction(sqlite) as session:
            session.execute(select(User))
            order.append("second")

    with transaction(sqlite) as session:
        assert isinstance(session, Session)
        session.execute(select(User))
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]
