"""What most tests need: a fresh database and a key for what lies sealed in it."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

import accounts.models
import ivr.models
import notifications.models
import reports.models  # noqa: F401  # every table must be known before they are made
from storage.crypto import use_key
from storage.database import Base, open_engine

TEST_KEY = base64.urlsafe_b64encode(b"only a test's key, 32 bytes long")


@pytest.fixture(autouse=True)
def data_key() -> bytes:
    """The key that this process seals with."""
    use_key(TEST_KEY)
    return TEST_KEY


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A fresh SQLite database with every table."""
    engine = open_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
