"""The drill: restore a backup somewhere else, compare it, and throw it away."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from hotline.backups.restoring import Restored, restore_backup
from hotline.settings import Settings
from storage.database import open_engine


def drill(settings: Settings, backup: Path) -> Restored:
    """What came back of `backup`, in a temporary folder beside it and, for PostgreSQL, a database
    of the same server that is dropped again (its user must be allowed to make databases).

    Raises:
        BadBackup: it could not be restored, or came back different.
    """
    with (
        tempfile.TemporaryDirectory(prefix=".drill-", dir=backup.parent) as folder,
        _database(settings) as url,
    ):
        elsewhere = settings.model_copy(update={"data": Path(folder), "database_url": url})
        return restore_backup(elsewhere, backup, keys=settings.secrets)


@contextmanager
def _database(settings: Settings) -> Iterator[str | None]:
    """The URL of an empty database; None for SQLite, which makes its own."""
    if not settings.database.startswith("postgresql"):
        yield None
        return
    name = f"hotline_drill_{secrets.token_hex(4)}"
    engine = open_engine(settings.database)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            try:
                yield engine.url.set(database=name).render_as_string(hide_password=False)
            finally:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
