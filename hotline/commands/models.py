"""`hotline models`: which speech models there are, fetching, checking, choosing, measuring."""

import importlib
import json
from collections.abc import Mapping

import click

from hotline.commands.named_model import named_model
from hotline.download_bar import DownloadBar
from hotline.settings import Settings, read_settings
from hotline.speech_model import AUTO, Use, chosen_model, select, unselect
from hotline.wiring import LANGUAGE
from speech import catalogue, fetching
from speech.errors import HashUnknown, ModelDamaged, ModelError
from speech.model import Model

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
SHA256_LETTERS = 64


# Numpy, the database and engines: two seconds that `list` need not wait for.
_HEAVY = ("bench", "vocabulary", "weights")


class _Models(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_HEAVY]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _HEAVY:
            return super().get_command(ctx, name)
        command = getattr(importlib.import_module(f"hotline.commands.models_{name}"), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Models)
def models() -> None:
    """Speech models: list, fetch, verify, use, bench, vocabulary; category weights."""


@models.command("list")
@_as_json
def list_models(as_json: bool) -> None:
    """Show each model of the catalogue, its licence, its errors and whether it is here."""
    settings = read_settings()
    used = {use: chosen_model(settings, use) for use in Use}
    rows = [_row(model, settings, used) for model in catalogue.MODELS]
    if as_json:
        click.echo(json.dumps({"models": rows}, ensure_ascii=False, indent=1))
        return
    for model, row in zip(catalogue.MODELS, rows, strict=True):
        errors = "not measured by us"
        if model.measured is not None:
            errors = (
                f"word error rate {model.measured.word_error_rate:.0%}, "
                f"characters {model.measured.character_error_rate:.0%}"
            )
        size = f"{model.size_bytes / 1e6:.0f} MB  " if model.size_bytes else ""
        click.echo(
            f"{model.name}  {_state(model, row)}  {size}{model.licence}  "
            f"{', '.join(model.languages)}  {errors}\n  {model.withheld or model.origin}"
        )


@models.command()
@click.argument("name", required=False)
@click.option(
    "--accept-sha256",
    metavar="HEX",
    help="The archive's SHA-256, for a model of which the catalogue has none. Compare it with "
    "one that reached you in another way.",
)
@_as_json
def fetch(name: str | None, accept_sha256: str | None, as_json: bool) -> None:
    """Fetch a model (without a NAME: the best one) unless it is here already."""
    settings = read_settings()
    model = named_model(name) if name else catalogue.best_to_fetch(LANGUAGE)
    _check_hash(model, accept_sha256)
    already = catalogue.is_placed(model, settings.models)
    try:
        with DownloadBar() as bar:
            place = fetching.fetch(
                model,
                settings.cache,
                settings.models,
                bar,
                accepted_sha256=accept_sha256.lower() if accept_sha256 else None,
            )
    except HashUnknown as error:
        again = f"hotline models fetch {model.name} --accept-sha256 {error.sha256}"
        raise click.ClickException(
            f"{error}\nIf that is the file its publisher means, run: {again}"
        ) from error
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
        [named_model(name)]
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


@models.command("use")
@click.argument("name")
@click.option(
    "--for",
    "use",
    type=click.Choice([use.value for use in Use]),
    help="Only for recordings (statements, after the call) or only for answers (during it).",
)
@_as_json
def use_model(name: str, use: str | None, as_json: bool) -> None:
    """Have the model NAME used from the next start on; NAME `auto` takes the best that is here."""
    settings = read_settings()
    if settings.speech_model != AUTO:
        raise click.ClickException(
            f"HOTLINE_SPEECH_MODEL={settings.speech_model} decides already: "
            f"set it to {AUTO} to select a model here"
        )
    uses = (Use(use),) if use else tuple(Use)
    if name == AUTO:
        unselect(settings, uses)
    else:
        model = named_model(name)
        if model.languages and LANGUAGE not in model.languages:
            raise click.ClickException(
                f"{name} understands {', '.join(model.languages)}; callers speak {LANGUAGE}"
            )
        select(settings, model, uses)
    now = {one: chosen_model(settings, one) for one in Use}
    if as_json:
        click.echo(json.dumps({one: model.name if model else None for one, model in now.items()}))
        return
    for one, chosen in now.items():
        click.echo(f"{one}: {chosen.name if chosen else 'none is here'}")


def _check_hash(model: Model, sha256: str | None) -> None:
    if sha256 is None:
        return
    if len(sha256) != SHA256_LETTERS or set(sha256.lower()) - set("0123456789abcdef"):
        raise click.BadParameter(
            f"expected {SHA256_LETTERS} hexadecimal digits, found {len(sha256)} letters",
            param_hint="--accept-sha256",
        )
    if model.archive is None or model.archive.sha256 is not None:
        raise click.BadParameter(
            f"the catalogue has its own hashes for {model.name}", param_hint="--accept-sha256"
        )


def _state(model: Model, row: Mapping[str, object]) -> str:
    if model.withheld is not None:
        return "not offered"
    if row["used_for"]:
        return "in use" if row["placed"] else "selected, not fetched"
    return "here" if row["placed"] else "not fetched"


def _row(model: Model, settings: Settings, used: Mapping[Use, Model | None]) -> dict[str, object]:
    measured = model.measured
    return {
        "name": model.name,
        "engine": model.engine,
        "languages": model.languages,
        "licence": model.licence,
        "origin": model.origin,
        "size_bytes": model.size_bytes,
        "sources": [source.kind for source in model.sources],
        "withheld": model.withheld,
        "hash_known": model.archive is None or model.archive.sha256 is not None,
        "character_error_rate": measured.character_error_rate if measured else None,
        "word_error_rate": measured.word_error_rate if measured else None,
        "real_time_factor": measured.real_time_factor if measured else None,
        "placed": catalogue.is_placed(model, settings.models),
        "used_for": [use for use, chosen in used.items() if chosen == model],
    }
