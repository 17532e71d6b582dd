"""Restoring a backup on an empty folder, and proving that what came back is what was kept."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine, inspect

from accounts.checkpoints import read_checkpoints, verify_with
from hotline.backups import postgres
from hotline.backups.content import copy_file, file_hash, table_hashes
from hotline.backups.folder import PART, Manifest, read_manifest
from hotline.backups.making import DUMP, KNOWN, SQLITE
from hotline.errors import BadBackup
from hotline.settings import Settings
from hotline.wiring import DATA_KEY
from storage.crypto import Box, Sealed, use_key
from storage.database import open_engine, reading
from storage.disk import sync
from storage.errors import BadKey

log = structlog.get_logger()


@dataclass(frozen=True)
class Restored:
    """What came back, all of it compared with the backup's manifest."""

    made_at: datetime
    revision: str
    tables: int
    rows: int
    files: int
    missing: int  # that were missing already when the backup was made
    audit_number: int
    audit_hash: str


def restore_backup(
    settings: Settings, backup: Path, keys: Path | None = None, keep_keys: bool = True
) -> Restored:
    """Fill the data folder and database of `settings`, which must not have a database yet.

    The database comes last: a restore that was broken off is simply done again. Without
    `keep_keys` the keys are used where they are and not copied beside the data.

    Raises:
        BadBackup: the backup is damaged or of another kind of database, the key is not its own,
            there is a database already, or what came back differs.
    """
    manifest = read_manifest(backup)
    _check_files(backup, manifest)
    _check_key(settings, manifest, keys, keep_keys)
    engine = open_engine(settings.database)
    try:
        _check_empty(settings, engine, manifest)
        for name in manifest.files:
            if name not in (SQLITE, DUMP):
                _copy(backup / name, _target(settings, name))
        if engine.dialect.name == "postgresql":
            postgres.restore(engine, backup / DUMP)
        else:
            _place(backup / SQLITE, Path(engine.url.database or ""))
        return _proven(settings, engine, manifest)
    finally:
        engine.dispose()


def _check_files(backup: Path, manifest: Manifest) -> None:
    for name, stored in manifest.files.items():
        try:
            found = file_hash(backup / name)
        except FileNotFoundError:
            raise BadBackup(f"{backup.name}: expected {name}, found no such file") from None
        if found != stored:
            raise BadBackup(f"{backup.name}: {name} is damaged: its hash is another one")


def _check_key(settings: Settings, manifest: Manifest, keys: Path | None, keep_keys: bool) -> None:
    mine = settings.secrets / DATA_KEY
    path = mine if mine.exists() or keys is None else keys / DATA_KEY
    if not path.exists():
        raise BadBackup(
            f"expected the key that belongs to the backup, found no {DATA_KEY}: name the folder "
            "with the keys by --keys"
        )
    key = path.read_bytes().strip()
    try:
        fits = Box(key).open(Sealed(manifest.sealed.encode("ascii"))) == KNOWN
    except BadKey:
        fits = False
    if not fits:
        raise BadBackup(f"expected the key that belongs to the backup, found another {DATA_KEY}")
    if path != mine and keys is not None and keep_keys:
        settings.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in keys.glob("*"):
            copy_file(each, settings.secrets / each.name)
            (settings.secrets / each.name).chmod(0o600)
    use_key(key)


def _check_empty(settings: Settings, engine: Engine, manifest: Manifest) -> None:
    if engine.dialect.name != manifest.kind:
        raise BadBackup(
            f"expected a database of the kind {manifest.kind}, found {engine.dialect.name}: see "
            "HOTLINE_DATABASE_URL"
        )
    if engine.dialect.name == "sqlite":
        if Path(engine.url.database or "").exists():
            raise BadBackup("expected no database, found one: restore on an empty folder")
    elif inspect(engine).get_table_names():
        raise BadBackup("expected an empty database, found tables in it")


def _target(settings: Settings, name: str) -> Path:
    if name == "checkpoints.jsonl":
        return settings.checkpoints
    return settings.data / name


def _copy(source: Path, to: Path) -> None:
    if to.exists() and file_hash(to) == file_hash(source):
        return  # of a restore that was broken off
    copy_file(source, to)


def _place(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = to.with_name(to.name + PART)
    shutil.copyfile(source, draft)
    sync(draft)
    draft.rename(to)
    sync(to.parent)


def _proven(settings: Settings, engine: Engine, manifest: Manifest) -> Restored:
    with engine.execution_options(read_only=True).connect() as connection:
        tables = table_hashes(connection)
    for name in sorted({*tables, *manifest.tables}):
        if tables.get(name) != manifest.tables.get(name):
            raise BadBackup(f"table {name} is not as it was when the backup was made")
    with reading(engine) as session:
        audit = verify_with(session, read_checkpoints(settings.checkpoints))
    if audit.broken is not None:
        raise BadBackup(f"audit entry {audit.broken.number}: {audit.broken.why}")
    if (audit.head.number, audit.head.hash) != (manifest.audit_number, manifest.audit_hash):
        raise BadBackup("the audit log does not end where it did when the backup was made")
    log.info("backup restored", tables=len(tables), files=len(manifest.files))
    return Restored(
        made_at=manifest.moment,
        revision=manifest.revision,
        tables=len(tables),
        rows=sum(each.rows for each in tables.values()),
        files=len(manifest.files),
        missing=len(manifest.missing),
        audit_number=audit.head.number,
        audit_hash=audit.head.hash,
    )
