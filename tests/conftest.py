"""What most tests need: a fresh database and a key for what lies sealed in it."""

import base64
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import Engine

# Every table must be known before they are made.
import provinces.published.models  # noqa: F401
import reports.models  # noqa: F401
from storage.crypto import use_key
from storage.database import Base, open_engine

# Databases of both kinds for everybody.
pytest_plugins = ["tests.databases.fixtures", "tests.frugal"]

# Calls in tests are answered by key, but for those that say otherwise: only some tests run a speech
# service, and each question would ask for it.
os.environ.setdefault("HOTLINE_SPEECH", "none")

# How long an example takes tells of the machine, not of the code: benchmarks measure.
settings.register_profile("hotline", deadline=None)
settings.load_profile("hotline")

TEST_KEY = base64.urlsafe_b64encode(b"only a test's key, 32 bytes long")


@pytest.fixture(autouse=True)
def data_key() -> bytes:
    """The key that this process seals with."""
    use_key(TEST_KEY)
    return TEST_KEY


@pytest.fixture(autouse=True)
def fresh_logs() -> Iterator[None]:
    """A test's command may have told the logs to keep quiet: the next test wants them again."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table; copying it is ten times as quick as making them."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(empty_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """A fresh SQLite database with every table."""
    path = tmp_path / "test.sqlite3"
    shutil.copyfile(empty_database, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts",
        action="store_true",
        help="rewrite what the hotline says in tests/transcripts; review the diff",
    )
