"""PostgreSQL's own programs: pg_dump and pg_restore, found on this machine."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, Engine

from hotline.errors import BadBackup

_PACKAGED = Path("/usr/lib/postgresql")


def dump(engine: Engine, to: Path, snapshot: str) -> None:
    """Write the whole database as it was at `snapshot`.

    Raises:
        BadBackup: there is no such program, or it fails; the message is its own.
    """
    _run("pg_dump", engine, "--format=custom", f"--snapshot={snapshot}", f"--file={to}")


def restore(engine: Engine, dumped: Path) -> None:
    """Fill an empty database, wholly or not at all.

    Raises:
        BadBackup: there is no such program, or it fails; the message is its own.
    """
    database = engine.url.database or ""
    options = ("--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={database}")
    _run("pg_restore", engine, *options, str(dumped), names_database=False)


def _run(name: str, engine: Engine, *options: str, names_database: bool = True) -> None:
    command = [str(_program(name)), "--no-password", *options]
    # By the environment: arguments can be seen by everybody on the machine.
    environment = {**os.environ, **_connection(engine.url)}
    if not names_database:
        environment.pop("PGDATABASE", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise BadBackup(f"{name} failed: {last}")


def _connection(url: URL) -> dict[str, str]:
    told = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: str(value) for name, value in told.items() if value}


def _program(name: str) -> Path:
    """The newest of that name: an older one refuses a newer server."""
    found = sorted(_PACKAGED.glob(f"*/bin/{name}"), key=lambda path: _version(path), reverse=True)
    if found:
        return found[0]
    if on_path := shutil.which(name):
        return Path(on_path)
    raise BadBackup(f"expected PostgreSQL's program {name} on this machine, found none")


def _version(path: Path) -> int:
    name = path.parents[1].name
    return int(name) if name.isdecimal() else 0
