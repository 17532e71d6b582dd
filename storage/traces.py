"""Making sure that what was wiped is gone from the disk, too."""

from sqlalchemy import Engine, inspect

from storage.database import BUSY_TIMEOUT_MS
from storage.errors import DatabaseBusy

# Writers wait meanwhile, and behind them callers.
PATIENCE_MS = 200


def erase_traces(engine: Engine, patience_ms: int = PATIENCE_MS) -> None:
    """Leave no copy of wiped values in SQLite's write-ahead log.

    PostgreSQL vacuums its old row versions in its own time; numbers in them are ciphertext.

    Raises:
        DatabaseBusy: others are reading just now; try again.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={patience_ms}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()
    finally:
        connection.close()
    if found is None or found[0]:
        raise DatabaseBusy("the write-ahead log is in use")


def clean_up(engine: Engine) -> None:
    """Write the whole database anew without what was wiped. Callers wait as long as that takes:
    minutes at a million reports.

    PostgreSQL keeps its write-ahead log a while longer: docs/personal-data.md.

    Raises:
        DatabaseBusy: SQLite: others are reading just now; try again.
    """
    if engine.dialect.name == "sqlite":
        _vacuum_sqlite(engine)
    else:
        _vacuum_postgresql(engine)


def _vacuum_sqlite(engine: Engine) -> None:
    connection = engine.raw_connection()  # SQLAlchemy's would begin a transaction
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.close()
    finally:
        connection.close()
    erase_traces(engine, BUSY_TIMEOUT_MS)


def _vacuum_postgresql(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in inspect(engine).get_table_names():
            connection.exec_driver_sql(f'VACUUM (FULL, ANALYZE) "{table}"')
        # The planner's samples of columns hold what was in them; ANALYZE has taken new ones.
        connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
