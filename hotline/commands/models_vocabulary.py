"""`hotline models vocabulary`: what recognisers are told to expect, once it was shown to help."""

import json
from pathlib import Path

import click

from hotline.commands.named_model import placed_model
from hotline.recogniser import Treatment, recogniser_of
from hotline.settings import Settings, read_settings
from hotline.speech_model import chosen_model
from hotline.vocabulary import gather, keep, kept
from hotline.wiring import LANGUAGE, database, the_province
from speech.degraded import Condition, coded
from speech.measuring import measure_words
from speech.spoken_folder import Spoken, read_folder
from speech.vocabulary import Effect, Vocabulary


@click.command()
@click.option(
    "--measure",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Measure its effect on this folder (WAV files and manifest.jsonl).",
)
@click.option("--model", "model_name", help="Measure with this model; without: the chosen one.")
@click.option("--limit", type=click.IntRange(1), help="Only so many recordings of the folder.")
@click.option("--use", "in_use", is_flag=True, help="Use it from now on if it was better.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def vocabulary(
    folder: Path | None, model_name: str | None, limit: int | None, in_use: bool, as_json: bool
) -> None:
    """Make phrase list, prompt and hotwords from the places and the staff's corrections.

    The new vocabulary is not in use before --measure found it better on recordings of your own
    and --use was given; until then the one in use goes on only if nothing of it changed.
    """
    if in_use and folder is None:
        raise click.UsageError("--use needs --measure FOLDER: what was not measured is not used")
    settings = read_settings()
    with database(settings) as engine:
        made = gather(engine, the_province(settings))
    if folder is not None:
        made = made.measured(_effect(made, folder, model_name, limit, settings), in_use)
    elif (before := kept(settings)) is not None and _same(before, made):
        made = before
    path = keep(settings, made)
    if as_json:
        click.echo(json.dumps({"file": str(path), **json.loads(made.as_text())}))
        return
    click.echo(f"{len(made.places)} place names, {len(made.words)} learnt words: {path}")
    if made.effect is not None:
        for kind in ("without", "with_prompt", "with_hotwords", "with_both"):
            rate = getattr(made.effect, kind)
            click.echo(f"{kind.replace('_', ' '):14} word error rate {rate:.3f}")
        click.echo(f"best: {made.effect.best.replace('_', ' ')}")
    click.echo(f"in use: {made.use.replace('_', ' ')}")


def _same(before: Vocabulary, made: Vocabulary) -> bool:
    return (before.prompt, before.hotwords, before.places) == (
        made.prompt,
        made.hotwords,
        made.places,
    )


def _effect(
    made: Vocabulary, folder: Path, model_name: str | None, limit: int | None, settings: Settings
) -> Effect:
    name = model_name
    if name is None:
        chosen = chosen_model(settings)
        if chosen is None:
            raise click.ClickException("no model is here: run `hotline models fetch`")
        name = chosen.name
    model = placed_model(name, settings)
    if model.engine != "whisper":
        raise click.ClickException(f"{name} takes no biasing: expected a Whisper model")
    spoken = read_folder(folder, limit)
    return Effect(
        recordings=len(spoken),
        **{
            kind: _word_errors(settings, model.name, made, kind, spoken)
            for kind in ("without", "with_prompt", "with_hotwords", "with_both")
        },
    )


def _word_errors(
    settings: Settings, model: str, made: Vocabulary, kind: str, spoken: tuple[Spoken, ...]
) -> float:
    treatment = Treatment(bias=made.bias(kind))
    recogniser = recogniser_of(placed_model(model, settings), settings, treatment)
    clean = Condition("clean", lambda sound, seed: coded(sound))
    return measure_words(recogniser, spoken, clean, LANGUAGE).rates.word_error_rate
