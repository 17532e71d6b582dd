"""Databases as `hotline migrate` leaves them, the job queue's tables included."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.database import open_engine, reading
from storage.migrations import upgrade


@pytest.fixture
def database(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A fresh SQLite database, migrated; the migrations run once in a test session."""
    path = tmp_path / "hotline.sqlite3"
    shutil.copy(_migrated(tmp_path_factory.getbasetemp()), path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@cache
def _migrated(folder: Path) -> Path:
    path = folder / "migrated.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


def jobs_of(engine: Engine) -> list[tuple[str, str]]:
    """The jobs that wait in the queue: (name, subject), in no order that matters."""
    query = text("SELECT name, workflow_uuid FROM workflow_status WHERE status = 'ENQUEUED'")
    with reading(engine) as session:
        return sorted(
            (row.name, row.workflow_uuid.removeprefix(f"{row.name}:"))
            for row in session.execute(query)
        )
