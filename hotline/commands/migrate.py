"""`hotline migrate`: brings the database to this release's tables."""

import click

from hotline.settings import read_settings


@click.command()
def migrate() -> None:
    """Create the database's tables, or bring them up to date."""
    from hotline.wiring import database
    from storage import migrations

    with database(read_settings()) as engine:
        before = migrations.current(engine)
        migrations.upgrade(engine)
        after = migrations.current(engine)
    click.echo(f"database at {after}" + ("" if before == after else f" (was {before or 'empty'})"))
