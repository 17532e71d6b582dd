"""Fresh PostgreSQL databases at a fiftieth of the price: emptied and renamed, not made anew."""

import itertools
from dataclasses import dataclass, field

import psycopg

from tests.databases.postgresql import Postgres

_numbers = itertools.count()
LEAVING_MS = 5000  # until a connection that was told to end has ended
LARGEST_BYTES = 4_000_000  # of a table with its indexes: beyond it, emptying leaves a bloated one

_TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
_SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences ORDER BY 1
"""
# What a test may have changed beside rows; the object ids of a copy are those of its template.
_SHAPE = """
    SELECT md5(concat(
        (SELECT string_agg(concat(oid, relname, relchecks, relhastriggers), ',' ORDER BY oid)
         FROM pg_class WHERE relkind IN ('r', 'i', 'S', 'v', 'm', 'p')
           AND relnamespace::regnamespace::text NOT LIKE 'pg\\_%'),
        (SELECT string_agg(concat(attrelid, attname, atttypid, attnotnull, attisdropped), ','
                           ORDER BY attrelid, attnum)
         FROM pg_attribute WHERE attrelid >= 16384),
        (SELECT string_agg(concat(oid, tgenabled), ',' ORDER BY oid) FROM pg_trigger),
        (SELECT string_agg(concat(oid, prosrc), ',' ORDER BY oid)
         FROM pg_proc WHERE oid >= 16384)
    )), (SELECT max(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND oid >= 16384)
"""


@dataclass
class Reused:
    """Databases like `template`, lent one test at a time.

    One that a test gave another shape (a table, a column, a trigger), or that grew large, is
    dropped. The others are emptied and get a new name: whoever still knows the old one, a thread
    that a test left behind, finds nothing there.
    """

    server: Postgres
    template: str
    _idle: list[str] = field(default_factory=list)
    _shape: str | None = None
    _emptying: bytes = b""
    _kept: psycopg.Connection[tuple[object, ...]] | None = None

    def borrow(self) -> str:
        """A database as the template is; its name."""
        return self._idle.pop() if self._idle else self._new()

    def give_back(self, name: str) -> None:
        fresh = self._name()
        try:
            self._end_visits(name)
            reusable = self._emptied(name)
            if reusable:
                self._end_visits(name)
                self._server().execute(f"ALTER DATABASE {name} RENAME TO {fresh}".encode())
        except psycopg.OperationalError:  # something that a test left behind still works with it
            reusable = False
        if reusable:
            self._idle.append(fresh)
        else:
            self.server.drop(name)

    def _end_visits(self, name: str) -> None:
        ending = "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE datname = %s"
        try:
            self._server().execute(ending, [LEAVING_MS, name])
        except psycopg.OperationalError:  # a test stopped the server meanwhile, and started it
            self.close()
            self._server().execute(ending, [LEAVING_MS, name])

    def _server(self) -> psycopg.Connection[tuple[object, ...]]:
        if self._kept is None:
            self._kept = self.server.connection()
        return self._kept

    def close(self) -> None:
        """End the connection that it keeps; the next `give_back` makes a new one."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _emptied(self, name: str) -> bool:
        with self.server.connection(name) as connection:
            shape, largest = _row(connection, _SHAPE)
            if shape != self._shape or int(str(largest)) > LARGEST_BYTES:
                return False
            connection.execute(self._emptying)
        return True

    def _new(self) -> str:
        name = self._name()
        self.server.create(name, self.template)
        if self._shape is None:
            with self.server.connection(name) as connection:
                self._shape = str(_row(connection, _SHAPE)[0])
                self._emptying = _emptying(connection)
        return name

    def _name(self) -> str:
        return f"test_{next(_numbers)}"


def _emptying(connection: psycopg.Connection[tuple[object, ...]]) -> bytes:
    """What empties a database like this one, which is as its template: one message to the server.

    Triggers that keep logs append-only, and foreign keys, rest meanwhile. Tables in which the
    template has rows are the migrations' own.
    """
    told = [f"SET lock_timeout = {LEAVING_MS}", "SET session_replication_role = replica"]
    told += [
        f"DELETE FROM {table}"
        for table in _names(connection, _TABLES)
        if not _row(connection, f"SELECT EXISTS (SELECT FROM {table})")[0]
    ]
    told += [f"ALTER SEQUENCE {name} RESTART" for name in _names(connection, _SEQUENCES)]
    return "; ".join(told).encode()


def _names(connection: psycopg.Connection[tuple[object, ...]], query: str) -> list[str]:
    return [str(name) for (name,) in connection.execute(query.encode())]


def _row(connection: psycopg.Connection[tuple[object, ...]], query: str) -> tuple[object, ...]:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row
