"""`hotline models weights`: what words tell of categories, learnt from staff's choices too."""

import json
from dataclasses import asdict

import click

from hotline import weights as own
from hotline.settings import read_settings
from hotline.wiring import database, the_province
from provinces.errors import ProvinceBroken
from understanding.learning import learn


@click.command()
@click.option("--use", "in_use", is_flag=True, help="Use them from the next start on if better.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def weights(in_use: bool, as_json: bool) -> None:
    """Learn what callers' words tell from reports whose category staff changed.

    Prints how many reports are understood before and after, each judged by what was learnt
    without it. Nothing changes without --use, nor where it is not better.
    """
    settings = read_settings()
    province = the_province(settings)
    try:
        pack = own.pack_examples(province)
    except ProvinceBroken as error:
        raise click.ClickException(str(error)) from error
    with database(settings) as engine:
        chosen = own.chosen_examples(engine, province)
    if len(chosen) < own.LEAST_CHOSEN:
        raise click.ClickException(
            f"expected at least {own.LEAST_CHOSEN} reports whose category staff changed, "
            f"found {len(chosen)}"
        )
    effect = own.measured(pack, chosen)
    file = own.keep(settings, learn(pack + chosen)) if in_use and effect.is_better else None
    if as_json:
        result = {"chosen": len(chosen), "better": effect.is_better, **asdict(effect)}
        click.echo(json.dumps({**result, "file": str(file) if file else None}))
        return
    click.echo(f"{len(chosen)} reports whose category staff changed")
    for name, before, after in (
        ("these", effect.chosen_before, effect.chosen_after),
        ("the pack's", effect.pack_before, effect.pack_after),
    ):
        click.echo(
            f"{name:12} right first {before.first:.1%} → {after.first:.1%}, "
            f"among three {before.among_three:.1%} → {after.among_three:.1%}"
        )
    if file is not None:
        click.echo(f"used from the next start on: {file}")
    else:
        click.echo("better: --use takes them" if effect.is_better else "not better: not used")
