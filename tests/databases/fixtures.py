"""Databases as `hotline migrate` leaves them, the job queue's tables included, of both kinds."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database import open_engine
from storage.migrations import upgrade
from tests.databases.postgresql import Postgres, PostgresMissing, running_postgres
from tests.databases.reused import Reused
from tests.having import cannot_have

_numbers = itertools.count(1)
TEMPLATE = "migrated"
KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """This test run's PostgreSQL; a test that stops it starts it again."""
    try:
        with running_postgres() as running:
            yield running
    except PostgresMissing as error:
        cannot_have("PostgreSQL", error)


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _databases(postgres: Postgres) -> Iterator[Reused]:
    _migrate(postgres.create(TEMPLATE))
    databases = Reused(postgres, TEMPLATE)
    yield databases
    databases.close()


def _migrate(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture
def sqlite_url(_migrated_sqlite: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database: `hotline.sqlite3` in the test's folder."""
    path = tmp_path / "hotline.sqlite3"
    shutil.copy(_migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=KINDS)
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table: the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.sqlite3'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    name = f"empty_{next(_numbers)}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
def postgres_url(postgres: Postgres, _databases: Reused) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    name = _databases.borrow()
    yield postgres.url(name)
    _databases.give_back(name)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database: the test runs once on each kind."""
    url: str = request.getfixturevalue(
        "sqlite_url" if request.param == "sqlite" else "postgres_url"
    )
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated database: the test runs once on each kind."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Engine]:
    """An engine on a fresh, migrated SQLite database, for what is about its file."""
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()
