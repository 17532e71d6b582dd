"""`hotline purge`: what has been kept long enough goes, with a count that proves it."""

import json
from dataclasses import asdict

import click

from hotline.clock import utc_now
from hotline.settings import read_settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Count what would go; change nothing.")
@click.option("--clean-up", is_flag=True, help="Then write the database anew: callers wait.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def purge(dry_run: bool, clean_up: bool, as_json: bool) -> None:
    """Delete what is older than the province pack allows (retention.toml).

    Prints for each kind what went and what older than allowed is left; exit code 1 if anything is.
    """
    from hotline.commands.databases import told_plainly
    from hotline.errors import PurgeRefused
    from hotline.purge import purge as do_purge
    from hotline.wiring import database, the_province
    from storage.traces import clean_up as write_anew

    settings = read_settings()
    with told_plainly(PurgeRefused), database(settings) as engine:
        found = do_purge(
            engine, settings, the_province(settings), utc_now(), "cli", dry_run=dry_run
        )
        if clean_up and not dry_run:
            write_anew(engine)
    left = sum(each.left for each in found)
    if as_json:
        click.echo(
            json.dumps(
                {"dry_run": dry_run, "left": left, "purged": [asdict(each) for each in found]}
            )
        )
    else:
        click.echo(f"{'kind':<12} {'of':<12} {'days':>5} {'gone':>8} {'left':>8}")
        for each in found:
            click.echo(
                f"{each.kind:<12} {each.what:<12} {each.days:>5} {each.gone:>8} {each.left:>8}"
            )
    if left and not dry_run:
        raise click.exceptions.Exit(1)
