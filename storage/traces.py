"""Making sure that what was wiped is gone from the disk, too."""

from sqlalchemy import Engine

from storage.database import BUSY_TIMEOUT_MS
from storage.errors import DatabaseBusy

# Writers wait meanwhile, and behind them callers.
PATIENCE_MS = 200


def erase_traces(engine: Engine) -> None:
    """Leave no copy of wiped values in SQLite's write-ahead log.

    PostgreSQL vacuums its old row versions in its own time; personal data in them is ciphertext.

    Raises:
        DatabaseBusy: others are reading just now; try again.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()
    finally:
        connection.close()
    if found is None or found[0]:
        raise DatabaseBusy("the write-ahead log is in use")
