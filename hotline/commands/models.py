"""`hotline models`: which speech models there are, fetching one, checking the placed ones."""

import json

import click

from hotline.download_bar import DownloadBar
from hotline.settings import Settings, read_settings
from speech import catalogue, fetching
from speech.catalogue import Model
from speech.errors import ModelDamaged, ModelError

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def models() -> None:
    """Speech models: list, fetch, verify."""


@models.command("list")
@_as_json
def list_models(as_json: bool) -> None:
    """Show each model of the catalogue, its licence, its errors and whether it is here."""
    settings = read_settings()
    rows = [_row(model, settings) for model in catalogue.MODELS]
    if as_json:
        click.echo(json.dumps({"models": rows}, ensure_ascii=False, indent=1))
        return
    for model, row in zip(catalogue.MODELS, rows, strict=True):
        state = "here" if row["placed"] else "not fetched"
        click.echo(
            f"{model.name}  {state}  {model.size_bytes / 1e6:.0f} MB  {model.licence}  "
            f"{', '.join(model.languages)}  word error rate "
            f"{model.measured.word_error_rate:.0%}, characters "
            f"{model.measured.character_error_rate:.0%}\n  {model.origin}"
        )


@models.command()
@click.argument("name", required=False)
@_as_json
def fetch(name: str | None, as_json: bool) -> None:
    """Fetch a model (without a NAME: the best one) unless it is here already."""
    settings = read_settings()
    model = _named(name)
    already = catalogue.is_placed(model, settings.models)
    try:
        with DownloadBar() as bar:
            place = fetching.fetch(model, settings.cache, settings.models, bar)
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({"model": model.name, "folder": str(place), "already_here": already}))
    else:
        click.echo(f"{model.name} {'was here already' if already else 'is here'}: {place}")


@models.command()
@click.argument("name", required=False)
@_as_json
def verify(name: str | None, as_json: bool) -> None:
    """Read the placed model's files (without a NAME: of every model here) and compare hashes."""
    settings = read_settings()
    chosen = (
        [_named(name)]
        if name
        else [m for m in catalogue.MODELS if (settings.models / m.name).exists()]
    )
    if not chosen:
        raise click.ClickException(f"no model in {settings.models}: run `hotline models fetch`")
    problems: dict[str, str | None] = {}
    for model in chosen:
        try:
            fetching.verify(model, settings.models)
            problems[model.name] = None
        except ModelDamaged as error:
            problems[model.name] = str(error)
    if as_json:
        rows = [{"model": n, "ok": p is None, "problem": p} for n, p in problems.items()]
        click.echo(json.dumps({"models": rows}, ensure_ascii=False, indent=1))
    else:
        for model_name, problem in problems.items():
            click.echo(problem or f"{model_name}: every file is right")
    if any(problems.values()):
        raise click.exceptions.Exit(1)


def _named(name: str | None) -> Model:
    if name is None:
        return min(catalogue.MODELS, key=lambda model: model.measured.word_error_rate)
    try:
        return catalogue.find_model(name)
    except ModelError as error:
        raise click.BadParameter(str(error)) from error


def _row(model: Model, settings: Settings) -> dict[str, object]:
    return {
        "name": model.name,
        "engine": model.engine,
        "languages": model.languages,
        "licence": model.licence,
        "origin": model.origin,
        "size_bytes": model.size_bytes,
        "sources": [source.kind for source in model.sources],
        "character_error_rate": model.measured.character_error_rate,
        "word_error_rate": model.measured.word_error_rate,
        "real_time_factor": model.measured.real_time_factor,
        "placed": catalogue.is_placed(model, settings.models),
    }
