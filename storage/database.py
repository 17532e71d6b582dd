"""The engine, the declarative base, and `transaction()`: one per entry point, nowhere else."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import BadDatabaseUrl
from storage.old_sqlite import mend_old_sqlite

BUSY_TIMEOUT_MS = 15_000
ASK_AGAIN_MS = 1

mend_old_sqlite()


class Base(DeclarativeBase):
    """Parent of every table; the names make migrations the same on each database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def open_engine(url: str, wait_s: float = BUSY_TIMEOUT_MS / 1000) -> Engine:
    """An engine on SQLite (a file) or PostgreSQL.

    Whoever finds the database locked, or out of reach, waits at most about `wait_s` seconds.
    Its errors name statements, never their values: those are people's words and numbers.

    Raises:
        BadDatabaseUrl: the URL cannot be read or names another kind of database.
    """
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise BadDatabaseUrl("expected a database URL, found one that cannot be read") from error
    if backend == "sqlite":
        return _sqlite(url, wait_s)
    if backend == "postgresql":
        return _postgresql(url, wait_s)
    raise BadDatabaseUrl(f"expected sqlite or postgresql, found {backend}")


def _postgresql(url: str, wait_s: float) -> Engine:
    wait_ms = round(1000 * wait_s)
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=wait_s,
        connect_args={
            "connect_timeout": max(2, round(wait_s)),
            "tcp_user_timeout": wait_ms,  # a machine that is gone answers nothing, not even "no"
            # A program that hangs in the middle of a transaction must not hold up all others.
            "options": f"-c lock_timeout={wait_ms} -c idle_in_transaction_session_timeout=60000",
        },
    )

    @event.listens_for(engine, "handle_error")
    def _hide_values(context: ExceptionContext) -> None:
        # PostgreSQL adds "DETAIL: Failing row contains (…)": people's words and numbers again.
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])

    return engine


def _sqlite(url: str, wait_s: float) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": wait_s})

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last commits at power loss
        cursor.execute("PRAGMA foreign_keys=ON")
        # What is wiped must be gone from the file, not only from its index of pages.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"PRAGMA busy_timeout={round(1000 * wait_s)}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Stock sqlite3 begins at the first write: two readers that then write lose updates
        # without any error (measured: 112 of 400 arrived). Writers therefore queue from the start.
        options = connection.get_execution_options()
        if options.get("read_only"):
            connection.exec_driver_sql("BEGIN DEFERRED")
        else:
            _begin_in_turn(connection, wait_s)

    return engine


def _begin_in_turn(connection: Connection, wait_s: float) -> None:
    """Begin a writing transaction, asking as often as everybody else does.

    SQLite itself asks ever more seldom, at last ten times a second: whoever has waited long is
    overtaken by all who come later.
    """
    driver: Any = connection.connection.driver_connection
    end = time.monotonic() + wait_s
    driver.execute(f"PRAGMA busy_timeout={ASK_AGAIN_MS}")
    try:
        while time.monotonic() < end:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails at once, and says why by its name
    finally:
        driver.execute(f"PRAGMA busy_timeout={round(1000 * wait_s)}")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed at the end, or rolled back as a whole."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for looking only, at one moment: it never waits for writers and holds none up."""
    options: dict[str, Any] = {"read_only": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"  # one moment's view, as SQLite gives
    view = engine.execution_options(**options)
    with Session(view, expire_on_commit=False) as session:
        yield session  # closing gives the connection back; what was loaded stays readable
