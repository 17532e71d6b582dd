"""`hotline models bench`: how well a model hears a folder of recordings, clean and degraded."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from hotline.commands.named_model import placed_model
from hotline.recogniser import Treatment, recogniser_of, streaming_of
from hotline.settings import read_settings
from hotline.vocabulary import kept
from speech.degraded import Condition, conditions
from speech.measuring import (
    Slots,
    Words,
    measure_slots,
    measure_words,
    peak_memory_mb,
    read_noises,
)
from speech.spoken_folder import Spoken, read_folder

_folder = click.Path(exists=True, file_okay=False, path_type=Path)
USUAL = "as callers get it"


@dataclass(frozen=True)
class Row:
    """One line of the table: a condition, a treatment and what came of it."""

    treatment: str
    words: Words
    slots: Slots | None


@click.command()
@click.argument("model_name", metavar="MODEL")
@click.argument("folder", type=_folder)
@click.option("--noise", type=_folder, help="Folder of noises (WAV) to mix in at 20, 10 and 5 dB.")
@click.option(
    "--conditions",
    "wanted",
    default="all",
    show_default=True,
    help="Which, with commas: clean, mu-law, gsm, quiet, cut-close, loss-2, loss-5, loss-10, and "
    "NOISE-20, NOISE-10, NOISE-5 for each file of --noise.",
)
@click.option("--limit", type=click.IntRange(1), help="Only so many recordings of the folder.")
@click.option("--language", default="vi", show_default=True)
@click.option(
    "--compare",
    is_flag=True,
    help="Also without level control, without padding, and with the vocabulary's biasing.",
)
@click.option("--show", is_flag=True, help="Print what was said and heard. Words of people!")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench(
    model_name: str,
    folder: Path,
    noise: Path | None,
    wanted: str,
    limit: int | None,
    language: str,
    compare: bool,
    show: bool,
    as_json: bool,
) -> None:
    """Measure MODEL on FOLDER: WAV files and manifest.jsonl (lines with "file" and "text").

    Prints word and character error rates, the share of right answers (where the manifest gives
    "phrases" and "answer"), real-time factor and memory. Everything is heard as over a telephone.
    """
    settings = read_settings()
    model = placed_model(model_name, settings)
    spoken = read_folder(folder, limit)
    chosen = _chosen(conditions(read_noises(noise) if noise else {}), wanted)
    treatments = {USUAL: Treatment()}
    if compare:
        treatments |= _compared()
    rows = []
    for treatment, given in treatments.items():
        recogniser = recogniser_of(model, settings, given)
        streaming = None
        if treatment == USUAL and any(one.answer is not None for one in spoken):
            streaming = streaming_of(model, settings)
        for condition in chosen:
            telling = _tell if show else _keep_quiet
            words = measure_words(recogniser, spoken, condition, language, telling)
            slots = None
            if streaming is not None:
                slots = measure_slots(streaming, spoken, condition, language)
            rows.append(Row(treatment, words, slots))
            if not as_json:
                click.echo(_line(rows[-1]) if len(rows) > 1 else _table_head(rows[0]))
    if as_json:
        click.echo(json.dumps(_object(model.name, rows), ensure_ascii=False, indent=1))
    else:
        click.echo(f"most memory {peak_memory_mb()} MB")


def _chosen(known: Sequence[Condition], wanted: str) -> Sequence[Condition]:
    if wanted == "all":
        return known
    by_name = {condition.name: condition for condition in known}
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    unknown = [name for name in names if name not in by_name]
    if unknown or not names:
        raise click.BadParameter(
            f"expected some of {', '.join(by_name)}; found {', '.join(unknown) or 'none'}",
            param_hint="--conditions",
        )
    return [by_name[name] for name in names]


def _compared() -> Iterator[tuple[str, Treatment]]:
    usual = Treatment()
    yield "no level control", replace(usual, even_level=False)
    yield "no padding", replace(usual, padding_s=0.0)
    found = kept(read_settings())
    if found is None:
        raise click.ClickException(
            "--compare needs a vocabulary: run `hotline models vocabulary` first"
        )
    for kind in ("with_prompt", "with_hotwords", "with_both"):
        yield kind.replace("_", " "), replace(usual, bias=found.bias(kind))


def _tell(spoken: Spoken, text: str) -> None:
    click.echo(f"  {spoken.said}\n    {text}", err=True)


def _keep_quiet(spoken: Spoken, text: str) -> None:
    """Words of people are shown on demand only."""


def _table_head(row: Row) -> str:
    regions = "".join(f"{region[:9]:>10}" for region in row.words.regions)
    answers = f"{'answers':>9}{'none':>6}{'wrong':>7}" if row.slots else ""
    head = f"{'treatment':20}{'condition':16}{'CER':>6}{'WER':>6}{regions}{'RTF':>6}{answers}"
    return f"{head}\n{_line(row)}"


def _line(row: Row) -> str:
    words = row.words
    regions = "".join(f"{rates.word_error_rate:10.3f}" for rates in words.regions.values())
    answers = ""
    if row.slots is not None:
        answers = f"{row.slots.accuracy:9.2f}{row.slots.unheard:6}{row.slots.wrong:7}"
    failed = f"  {words.failed} could not be read" if words.failed else ""
    return (
        f"{row.treatment:20}{words.condition:16}{words.rates.character_error_rate:6.3f}"
        f"{words.rates.word_error_rate:6.3f}{regions}{words.real_time_factor:6.2f}{answers}{failed}"
    )


def _object(model: str, rows: Sequence[Row]) -> dict[str, object]:
    return {
        "model": model,
        "memory_mb": peak_memory_mb(),
        "rows": [
            {
                "treatment": row.treatment,
                **asdict(row.words),
                "slots": (asdict(row.slots) | {"accuracy": row.slots.accuracy})
                if row.slots
                else None,
            }
            for row in rows
        ],
    }
