"""What SQLite before 3.42 lacks and the job queue relies on.

DBOS takes it that Python 3.12 and later come with SQLite 3.42, whose `unixepoch('subsec')` it
uses for its timestamps. Debian 12 has 3.40 for every Python: NULL came out, and no job could be
enqueued. The function is therefore given to each connection of such a SQLite, DBOS's own included.
"""

import sqlite3
import time

from sqlalchemy import Engine, event

KNOWS_SUBSECONDS = (3, 42)


def mend_old_sqlite() -> None:
    """Have every new SQLite connection of this process know `unixepoch('subsec')`."""
    if sqlite3.sqlite_version_info < KNOWS_SUBSECONDS:
        event.listen(Engine, "connect", _teach)


def _teach(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(modifier: str) -> float | int:
    """Seconds since 1970, with milliseconds for `subsec`; other modifiers are not ours to know."""
    if modifier not in ("subsec", "subsecond"):
        raise ValueError(f"expected unixepoch('subsec'), found unixepoch({modifier!r})")
    return round(time.time(), 3)
