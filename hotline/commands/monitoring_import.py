"""`hotline monitoring import`: figures from a CSV file."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline.clock import utc_now
from hotline.commands.databases import told_plainly
from hotline.settings import read_settings

if TYPE_CHECKING:
    from monitoring.csv_in import Imported

CLI = "cli"


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Look through the file, and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_figures(file: Path, dry_run: bool, as_json: bool) -> None:
    """Store the figures of a CSV file (docs/monitoring.md tells its columns).

    Good lines are stored, faulty ones told; the file may be sent again once it is mended. Exits
    with 1 where lines are faulty.
    """
    from hotline.wiring import database, the_province
    from monitoring.csv_in import bring_in, look_through
    from monitoring.errors import UnreadableCsv

    settings = read_settings()
    with told_plainly(UnreadableCsv), file.open("rb") as stream:
        province = the_province(settings)
        if dry_run:
            found = look_through(stream, province, utc_now())
        else:
            with database(settings) as engine:
                found = bring_in(engine, province, stream, utc_now, CLI)
    if as_json:
        click.echo(json.dumps(_told(found, dry_run), ensure_ascii=False))
    else:
        _tell(found, dry_run)
    if found.fault_count:
        raise SystemExit(1)


def _told(found: "Imported", dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "lines": found.lines,
        "new": found.new,
        "repeated": found.repeated,
        "corrected": found.corrected,
        "faults": found.fault_count,
        "first_faults": [asdict(each) for each in found.faults],
    }


def _tell(found: "Imported", dry_run: bool) -> None:
    for each in found.faults:
        column = f"{each.column}: " if each.column else ""
        click.echo(
            f"line {each.line}: {column}{each.reason}: expected {each.expected}, "
            f"found {each.found!r}",
            err=True,
        )
    if found.fault_count > len(found.faults):
        click.echo(f"… and {found.fault_count - len(found.faults)} more", err=True)
    if dry_run:
        click.echo(f"{found.lines} lines: {found.new} good, {found.fault_count} faulty")
        return
    click.echo(
        f"{found.lines} lines: {found.new} new, {found.corrected} corrected, "
        f"{found.repeated} known before, {found.fault_count} faulty"
    )
