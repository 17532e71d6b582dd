"""The drill: restore a backup somewhere else, compare it, and throw it away."""

import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from hotline.backups.restoring import Restored, restore_backup
from hotline.settings import Settings
from storage.database import open_engine

DRILL = ".drill-"
LEFT_AFTER_S = 86_400


def drill(settings: Settings, backup: Path) -> Restored:
    """What came back of `backup`, in a temporary folder beside it and, for PostgreSQL, a database
    of the same server that is dropped again (its user must be allowed to make databases).

    Raises:
        BadBackup: it could not be restored, or came back different.
    """
    for left in backup.parent.glob(f"{DRILL}*"):
        # Of a drill that was killed: what was erased since must not live on in it.
        if left.stat().st_mtime < time.time() - LEFT_AFTER_S:
            shutil.rmtree(left, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory(prefix=DRILL, dir=backup.parent) as folder,
        _database(settings) as url,
    ):
        elsewhere = settings.model_copy(update={"data": Path(folder), "database_url": url})
        return restore_backup(elsewhere, backup, keys=settings.secrets, keep_keys=False)


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
