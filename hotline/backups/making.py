"""Making a backup while calls go on: one moment's view of the database, and the files it names."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from accounts.audit import head
from hotline.backups import postgres
from hotline.backups.content import copy_file, file_hash, table_hashes
from hotline.backups.folder import (
    PART,
    Manifest,
    Stored,
    delete_broken_off,
    name_of,
    whole_backups,
    write_manifest,
)
from hotline.errors import BadBackup
from hotline.settings import Settings
from ivr.prompt_takes import kept_files
from reports.models import Attachment, Recording
from storage.crypto import current_box
from storage.database import open_engine, reading
from storage.disk import sync
from storage.migrations import current

log = structlog.get_logger()

KNOWN = "hotline"
PROMPTS = "prompts/takes"
SQLITE, DUMP = "database.sqlite3", "database.dump"


def make_backup(
    engine: Engine, settings: Settings, folder: Path, now: datetime, keys: Path | None = None
) -> Path:
    """The new backup's folder in `folder`. `keys`: where the secrets go, apart from it.

    Sounds and photos that the backup before has already take no room a second time.

    Raises:
        BadBackup: a backup of this second exists, or the database cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    delete_broken_off(folder, now)
    done = folder / name_of(now)
    draft = done.with_name(done.name + PART)
    if done.exists() or draft.exists():
        raise BadBackup(f"expected no backup of this second, found {done.name}")
    before = whole_backups(folder)
    draft.mkdir(mode=0o700)
    try:
        manifest = _fill(draft, engine, settings, before[-1] if before else None, now)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)  # what could not be made takes no room
        raise
    if keys is not None:
        _copy_keys(settings, keys)
    write_manifest(draft, manifest)
    for inside in (draft / "recordings", draft / "attachments", draft / PROMPTS, draft):
        if inside.is_dir():
            sync(inside)
    draft.rename(done)
    sync(folder)
    log.info(
        "backup made", name=done.name, files=len(manifest.files), missing=len(manifest.missing)
    )
    return done


def _fill(
    draft: Path, engine: Engine, settings: Settings, earlier: Path | None, now: datetime
) -> Manifest:
    files: dict[str, Stored] = {}
    # Before the database: it may know a moment more, never less, than the checkpoints tell.
    if settings.checkpoints.exists():
        files["checkpoints.jsonl"] = copy_file(settings.checkpoints, draft / "checkpoints.jsonl")
    with _snapshot(engine, draft) as connection:
        tables = dict(table_hashes(connection))
        with Session(connection) as session:
            named = _named(session)
            end = head(session)
    database = DUMP if engine.dialect.name == "postgresql" else SQLITE
    sync(draft / database)
    files[database] = file_hash(draft / database)
    missing, absent = [], []
    for name, sha256 in named.items():
        source = settings.data / name
        try:
            stored = copy_file(source, draft / name, earlier / name if earlier else None)
        except FileNotFoundError:
            absent.append(name)
            continue
        if stored.sha256 != sha256:
            missing.append(name)  # kept all the same: it may be of use
        files[name] = stored
    missing += _still_named(engine, absent)
    return Manifest(
        made_at=now.isoformat(),
        kind=engine.dialect.name,
        revision=current(engine) or "",
        sealed=current_box().seal(KNOWN).decode("ascii"),
        tables=tables,
        files=files,
        missing=missing,
        audit_number=end.number,
        audit_hash=end.hash,
    )


@contextmanager
def _snapshot(engine: Engine, draft: Path) -> Iterator[Connection]:
    """The database is copied into `draft`; a connection that sees exactly what was copied."""
    if engine.dialect.name == "postgresql":
        view = engine.execution_options(isolation_level="REPEATABLE READ", read_only=True)
        with view.connect() as connection:
            # pg_dump may take longer than a transaction may be idle.
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
            postgres.dump(engine, draft / DUMP, snapshot)
            yield connection
        return
    copy = draft / SQLITE
    _copy_sqlite(engine, copy)
    copied = open_engine(f"sqlite:///{copy}")
    try:
        with copied.execution_options(read_only=True).connect() as connection:
            yield connection
    finally:
        copied.dispose()
    _as_one_file(copy)


def _copy_sqlite(engine: Engine, to: Path) -> None:
    """SQLite's own online backup: one moment's view, and writers do not wait for it."""
    connection = engine.raw_connection()
    try:
        source = connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        target = sqlite3.connect(to)
        try:
            source.backup(target)
        finally:
            target.close()
    finally:
        connection.close()


def _as_one_file(path: Path) -> None:
    """Without a write-ahead log beside it."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()


def _named(session: Session) -> Mapping[str, str]:
    """Files that rows name, from the data folder: `recordings/<name>.wav` → SHA-256."""
    sounds = session.execute(
        select(Recording.name, Recording.sha256).where(
            Recording.discarded_at.is_(None),
            Recording.sound_erased_at.is_(None),
            Recording.sha256 != "",  # else it is on its way from the telephone provider
        )
    )
    photos = session.execute(
        select(Attachment.id, Attachment.sha256).where(Attachment.erased_at.is_(None))
    )
    prompts = kept_files(session)
    return (
        {f"recordings/{row.name}.wav": row.sha256 for row in sounds}
        | {f"attachments/{row.id}": row.sha256 for row in photos}
        | {f"{PROMPTS}/{name}": sha256 for name, sha256 in prompts.items()}
    )


def _still_named(engine: Engine, absent: Sequence[str]) -> Sequence[str]:
    """Those that were not erased, in order, after the database's copy was made. Asked once for
    all: there may be as many as recordings."""
    if not absent:
        return ()
    with reading(engine) as session:
        named = _named(session)
    return [name for name in absent if name in named]


def _copy_keys(settings: Settings, keys: Path) -> None:
    """The secrets, readable by their owner alone. Whoever has them and a backup has everything."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in settings.secrets.glob("*"):
        if path.is_file() and not path.name.startswith("."):
            to = keys / path.name
            copy_file(path, to)
            to.chmod(0o600)
