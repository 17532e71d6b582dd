"""`hotline purge`: what has been kept long enough goes, and a count proves that nothing is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine

from accounts.audit import record
from accounts.audit_cut import announce_cut, cut_announced, older_than
from hotline.backups.folder import delete_old_backups, old_backups
from hotline.erasures import finish_erasures, forget_erasures
from hotline.errors import PurgeRefused
from hotline.settings import Settings
from hotline.texting import ARRIVALS
from ivr.erasure import Folders
from ivr.purging import count_old, delete_left_files, parts, purge_part
from monitoring.retention import forget_values, values_left
from notifications.arrival_files import old_aside
from provinces.published.live import version_in_trouble
from provinces.retention import Kind
from provinces.schema import Province
from reports.search import sweep_search
from storage.database import reading, transaction
from storage.errors import DatabaseBusy
from storage.traces import erase_traces

log = structlog.get_logger()

SYSTEM = "system"


@dataclass(frozen=True)
class Purged:
    """Of one kind and table: how many went, and how many older than allowed are left."""

    kind: Kind
    what: str
    days: int
    gone: int
    left: int


def folders_of(settings: Settings) -> Folders:
    return Folders(settings.recordings, settings.attachments)


def purge(
    engine: Engine,
    settings: Settings,
    province: Province,
    now: datetime,
    actor_id: str = SYSTEM,
    dry_run: bool = False,
) -> Sequence[Purged]:
    """Take out everything that is older than the pack allows; `dry_run` only counts it.

    The proof is `left`: it is counted anew afterwards. Something may be left where a call or
    another purge is at it at this very moment; the next purge takes it.

    Raises:
        PurgeRefused: the newest settings cannot be read; an older time of keeping may be shorter.
    """
    if not dry_run and (number := version_in_trouble(engine, province)) is not None:
        raise PurgeRefused(
            f"nothing is erased: version {number} of the settings cannot be read, and how long "
            "data is kept may be other than what holds; look at it in the console, or "
            "`hotline province take-back`"
        )
    found = []
    folders = folders_of(settings)
    if not dry_run:
        finish_erasures(engine, settings.erasures, folders, now)
    for part in parts(province, folders, now):
        kept = province.retention[part.kind]
        before = kept.before(now)
        gone = 0 if dry_run else purge_part(engine, part, before)
        left = count_old(engine, part, before)
        found.append(Purged(part.kind, part.name, kept.days, gone, left))
    found.append(_audit(engine, province, now, actor_id, dry_run))
    found.append(_observations(engine, province, now, dry_run))
    for kind, what, count, delete in (
        (Kind.LOGS, "files", _old_logs, _delete_logs),
        (Kind.BACKUPS, "backups", _old_backups, _delete_backups),
        (Kind.NUMBERS, "unread_sms", _old_unread, _delete_unread),
    ):
        kept = province.retention[kind]
        before = kept.before(now)
        gone = 0 if dry_run else delete(settings, before)
        found.append(Purged(kind, what, kept.days, gone, len(count(settings, before))))
    if not dry_run:
        delete_left_files(engine, folders)
        forget_erasures(settings.erasures, province.retention[Kind.BACKUPS].before(now))
        _write_down(engine, found, actor_id, now)
        _sweep(engine)
    return found


def _audit(
    engine: Engine, province: Province, now: datetime, actor_id: str, dry_run: bool
) -> Purged:
    kept = province.retention[Kind.AUDIT]
    before = kept.before(now)
    gone = 0
    if not dry_run:
        with transaction(engine) as session:
            announce_cut(session, before, actor_id, now)
        with transaction(engine) as session:
            gone = cut_announced(session)
    with reading(engine) as session:
        return Purged(Kind.AUDIT, "entries", kept.days, gone, older_than(session, before))


def _observations(engine: Engine, province: Province, now: datetime, dry_run: bool) -> Purged:
    gone = 0 if dry_run else forget_values(engine, province, now)
    left = values_left(engine, province, now)
    days = province.retention[Kind.OBSERVATIONS].days
    return Purged(Kind.OBSERVATIONS, "values", days, gone, left)


def _write_down(engine: Engine, found: Sequence[Purged], actor_id: str, now: datetime) -> None:
    counts = {f"{each.kind}.{each.what}": each.gone for each in found if each.gone}
    if counts:
        with transaction(engine) as session:
            record(session, actor_id, "purged", "data", "all", now, **counts)
        log.info("purged", **counts)


def _sweep(engine: Engine) -> None:
    sweep_search(engine)
    try:
        erase_traces(engine)
    except DatabaseBusy:
        log.info("write-ahead log is in use; the next purge empties it")


def _old_logs(settings: Settings, before: datetime) -> list[Path]:
    """Log files that nothing was written to since. Running programs rotate theirs by size."""
    folder = settings.data / "logs"
    return [
        path
        for path in folder.glob("*")
        if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    ]


def _delete_logs(settings: Settings, before: datetime) -> int:
    found = _old_logs(settings, before)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _old_backups(settings: Settings, before: datetime) -> list[Path]:
    return old_backups(settings.backup_folder, before)


def _delete_backups(settings: Settings, before: datetime) -> int:
    return delete_old_backups(settings.backup_folder, before)


def _old_unread(settings: Settings, before: datetime) -> Sequence[Path]:
    return old_aside(settings.spool / ARRIVALS, before)


def _delete_unread(settings: Settings, before: datetime) -> int:
    found = _old_unread(settings, before)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
