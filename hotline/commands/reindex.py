"""`hotline reindex`: has every report found by its words, and counted, anew."""

import json

import click

from hotline.settings import read_settings


@click.command()
@click.option("--sweep", is_flag=True, help="only take erased words from the disk (SQLite)")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def reindex(sweep: bool, as_json: bool) -> None:
    """Index the words of all reports, and pack their days for figures, anew; the hotline works on.

    Needed only when a release says so. What was erased is taken from the disk afterwards.
    """
    from hotline.wiring import database, the_province
    from reports.days import pack_all_days
    from reports.search import index_all, sweep_search

    settings = read_settings()
    with database(settings) as engine:
        indexed = 0 if sweep else index_all(engine, the_province(settings))
        days = 0 if sweep else pack_all_days(engine)
        sweep_search(engine)
    if as_json:
        click.echo(json.dumps({"indexed": indexed, "days": days, "swept": True}))
    else:
        click.echo(
            f"{indexed} reports indexed, {days} days packed; erased words are gone from the index"
        )
