"""Two transactions that wait for each other: held until the one has run into the other."""

import time

from sqlalchemy import Engine, text

_BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def until_somebody_waits(engine: Engine, limit_s: float = 5.0) -> None:
    """Come back once another transaction waits for a lock. SQLite's wait at their very start."""
    if engine.dialect.name != "postgresql":
        time.sleep(0.05)
        return
    end = time.monotonic() + limit_s
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(_BLOCKED):
            assert time.monotonic() < end, f"nobody waited for a lock within {limit_s} s"
            time.sleep(0.01)
