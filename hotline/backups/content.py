"""What is in a database and in files, as counts and hashes: the same before and after."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from hotline.backups.folder import Stored, Table
from storage.disk import sync

BLOCK = 1 << 20
ROWS = 2000
# Its content is report_search's; its own tables are kept as SQLite likes.
_LEFT_OUT = "report_search_fts"


def table_hashes(connection: Connection) -> Mapping[str, Table]:
    """Every table of ours and of the job queue, in the view of this connection's transaction."""
    found = {}
    inspector = inspect(connection)
    schemas = [None, *(name for name in inspector.get_schema_names() if name == "dbos")]
    for schema in schemas:
        for name in sorted(inspector.get_table_names(schema)):
            if name.startswith(_LEFT_OUT):
                continue
            columns = [each["name"] for each in inspector.get_columns(name, schema)]
            keys = inspector.get_pk_constraint(name, schema)["constrained_columns"] or columns
            full = f"{schema}.{name}" if schema else name
            quoted = ".".join(f'"{part}"' for part in full.split("."))
            found[full] = _table(connection, quoted, keys)
    return found


def _table(connection: Connection, quoted: str, keys: list[str]) -> Table:
    order = ", ".join(f'"{key}"' for key in keys)
    query = text(f"SELECT * FROM {quoted} ORDER BY {order}")
    digest, rows = hashlib.sha256(), 0
    with connection.execution_options(yield_per=ROWS).execute(query) as result:
        for row in result:
            # memoryview and bytes are the same value, told apart by repr alone.
            values = [bytes(v) if isinstance(v, memoryview) else v for v in row]
            digest.update(repr(values).encode())
            rows += 1
    return Table(rows, digest.hexdigest())


def file_hash(path: Path) -> Stored:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
        return Stored(file.tell(), digest.hexdigest())


def copy_file(source: Path, to: Path, earlier: Path | None = None) -> Stored:
    """The hash of what was written. Where `earlier`, in the same place, is the same file already,
    it is named a second time and takes no room.

    Raises:
        FileNotFoundError: there is no `source`.
    """
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = file_hash(source)
    if earlier is not None and earlier.is_file() and file_hash(earlier) == stored:
        with suppress(OSError):
            os.link(earlier, to)
            return stored
    shutil.copyfile(source, to)
    sync(to)
    return file_hash(to)
