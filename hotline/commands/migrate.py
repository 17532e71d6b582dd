"""`hotline migrate`: brings the database to this release's tables."""

import click

from hotline.settings import read_settings


@click.command()
def migrate() -> None:
    """Create the database's tables, or bring them up to date."""
    from hotline.wiring import database, the_province
    from reports.days import pack_days
    from reports.search import index_missing
    from storage import migrations

    settings = read_settings()
    with database(settings) as engine:
        before = migrations.current(engine)
        migrations.upgrade(engine)
        after = migrations.current(engine)
        indexed = index_missing(engine, the_province(settings))
        pack_days(engine)
    click.echo(f"database at {after}" + ("" if before == after else f" (was {before or 'empty'})"))
    if indexed:
        click.echo(f"{indexed} reports of earlier releases are found by their words now")
