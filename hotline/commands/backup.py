"""`hotline backup`: make, list, try out and let go of backups; `hotline restore`."""

import json
import shutil
import time
from pathlib import Path

import click

from hotline.clock import utc_now
from hotline.errors import BadBackup
from hotline.settings import read_settings

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def backup() -> None:
    """Backups of database, recordings and attachments; made while the hotline runs."""


@backup.command()
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--keys", type=_FOLDER, help="Copy the secrets there: keep them apart from backups.")
@_as_json
def make(folder: Path | None, keys: Path | None, as_json: bool) -> None:
    """Make a backup in FOLDER, else in HOTLINE_BACKUPS. Exit code 1 where files were missing."""
    from hotline.backups.folder import read_manifest
    from hotline.backups.making import make_backup
    from hotline.commands.databases import told_plainly
    from hotline.wiring import database

    settings = read_settings()
    began = time.monotonic()
    with told_plainly(), database(settings) as engine:
        made = make_backup(engine, settings, folder or settings.backup_folder, utc_now(), keys)
    manifest = read_manifest(made)
    told = {
        "backup": str(made),
        "seconds": round(time.monotonic() - began, 1),
        "rows": sum(table.rows for table in manifest.tables.values()),
        "files": len(manifest.files),
        "bytes": sum(stored.size_bytes for stored in manifest.files.values()),
        "missing": manifest.missing,
        "audit_number": manifest.audit_number,
        "audit_hash": manifest.audit_hash,
    }
    if as_json:
        click.echo(json.dumps(told))
    else:
        click.echo(
            f"{made}: {told['rows']} rows, {told['files']} files, {told['bytes']} bytes "
            f"in {told['seconds']} s"
        )
        for name in manifest.missing:
            click.echo(f"missing or damaged: {name}", err=True)
    if manifest.missing:
        raise click.exceptions.Exit(1)


@backup.command(name="list")
@click.argument("folder", type=_FOLDER, required=False)
@_as_json
def show(folder: Path | None, as_json: bool) -> None:
    """Print the whole backups, the oldest first."""
    from hotline.backups.folder import read_manifest, whole_backups

    found = [(p, read_manifest(p)) for p in whole_backups(folder or read_settings().backup_folder)]
    if as_json:
        rows = [{"backup": str(p), "made_at": m.made_at, "kind": m.kind} for p, m in found]
        click.echo(json.dumps(rows))
        return
    for path, manifest in found:
        click.echo(f"{path.name}  {manifest.kind}  {len(manifest.files)} files")


@backup.command()
@click.argument("folder", type=_FOLDER, required=False)
def expire(folder: Path | None) -> None:
    """Delete backups that are older than the province pack allows."""
    from hotline.backups.folder import delete_old_backups
    from hotline.wiring import the_province
    from provinces.retention import Kind

    settings = read_settings()
    kept = the_province(settings).retention[Kind.BACKUPS]
    gone = delete_old_backups(folder or settings.backup_folder, kept.before(utc_now()))
    click.echo(f"{gone} backups older than {kept.days} days deleted")


@backup.command()
@click.argument("chosen", metavar="[BACKUP]", type=_FOLDER, required=False)
@_as_json
def drill(chosen: Path | None, as_json: bool) -> None:
    """Restore BACKUP, else the newest, somewhere else, compare everything and throw it away."""
    from hotline.backups.drill import drill as try_out
    from hotline.backups.folder import whole_backups
    from hotline.commands.databases import told_plainly

    settings = read_settings()
    if chosen is None:
        found = whole_backups(settings.backup_folder)
        if not found:
            raise BadBackup(f"expected a backup in {settings.backup_folder}, found none")
        chosen = found[-1]
    began = time.monotonic()
    with told_plainly():
        restored = try_out(settings, chosen)
    told = {
        "backup": str(chosen),
        "seconds": round(time.monotonic() - began, 1),
        "rows": restored.rows,
        "files": restored.files,
        "audit_number": restored.audit_number,
    }
    if as_json:
        click.echo(json.dumps(told))
    else:
        click.echo(
            f"{chosen.name} can be restored: {told['rows']} rows and {told['files']} files are "
            f"equal, the audit log is whole ({told['seconds']} s)"
        )


@click.command()
@click.argument("chosen", metavar="BACKUP", type=_FOLDER)
@click.option("--keys", type=_FOLDER, help="Where the secrets of that installation are kept.")
@click.option(
    "--erasures",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="audit/erasures.jsonl of the lost installation: who was erased since is erased again.",
)
@_as_json
def restore(chosen: Path, keys: Path | None, erasures: Path | None, as_json: bool) -> None:
    """Restore BACKUP on an empty data folder and an empty database; stop the hotline before."""
    from hotline.backups.restoring import restore_backup
    from hotline.commands.databases import told_plainly
    from hotline.erasures import erase_since
    from hotline.purge import folders_of
    from hotline.wiring import database
    from storage import migrations

    settings = read_settings()
    again = 0
    with told_plainly():
        restored = restore_backup(settings, chosen, keys)
        if erasures is not None:
            with database(settings) as engine:
                migrations.upgrade(engine)
                again = erase_since(
                    engine, erasures, restored.made_at, folders_of(settings), utc_now()
                )
            if erasures.absolute() != settings.erasures:
                shutil.copyfile(erasures, settings.erasures)
    told = {
        "made_at": restored.made_at.isoformat(),
        "rows": restored.rows,
        "files": restored.files,
        "missing": restored.missing,
        "audit_number": restored.audit_number,
        "audit_hash": restored.audit_hash,
        "erased_again": again,
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(
        f"restored as of {restored.made_at:%Y-%m-%d %H:%M} UTC: {restored.rows} rows and "
        f"{restored.files} files, all equal; audit log whole up to {restored.audit_number}"
    )
    if again:
        click.echo(f"{again} erasures done again")
    click.echo("next: `hotline migrate`, `hotline purge`, `hotline run`")
