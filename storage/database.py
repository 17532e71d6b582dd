"""The engine, the declarative base, and `transaction()`: one per entry point, nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import BadDatabaseUrl
from storage.old_sqlite import mend_old_sqlite

BUSY_TIMEOUT_MS = 15_000

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


def open_engine(url: str) -> Engine:
    """An engine on SQLite (a file) or PostgreSQL.

    Its errors name statements, never their values: those are people's words and numbers.

    Raises:
        BadDatabaseUrl: the URL cannot be read or names another kind of database.
    """
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise BadDatabaseUrl("expected a database URL, found one that cannot be read") from error
    if backend == "sqlite":
        return _sqlite(url)
    if backend == "postgresql":
        return create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20
        )
    raise BadDatabaseUrl(f"expected sqlite or postgresql, found {backend}")


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last commits at power loss
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        # Stock sqlite3 begins at the first write: two readers that then write lose updates
        # without any error (measured: 112 of 400 arrived). Writers therefore queue from the start.
        options = connection.get_execution_options()  # type: ignore[attr-defined]
        mode = "DEFERRED" if options.get("read_only") else "IMMEDIATE"
        connection.exec_driver_sql(f"BEGIN {mode}")  # type: ignore[attr-defined]

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed at the end, or rolled back as a whole."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for looking only: it never waits for writers and holds none up."""
    view = engine.execution_options(read_only=True)
    with Session(view, expire_on_commit=False) as session:
        yield session  # closing gives the connection back; what was loaded stays readable
