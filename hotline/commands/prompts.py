"""`hotline prompts`: what callers hear: list it, make its sounds, check that none is missing."""

import json
from dataclasses import replace
from pathlib import Path

import click

from hotline.settings import read_settings
from hotline.wiring import the_province
from ivr.errors import MissingPrompts
from ivr.prompt_sounds import read_manifest, render_missing
from ivr.prompts import Prompts
from speech.errors import SpeechError
from speech.synthesis import default_voice

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_language = click.option("--language", default="vi", show_default=True, help="Language tag.")


@click.group()
def prompts() -> None:
    """Prompts: list, render, check."""


@prompts.command("list")
@_language
@_as_json
def list_prompts(language: str, as_json: bool) -> None:
    """Show each sound's text, length and source."""
    found, _ = _prompts(language)
    made = read_manifest(found.folder)
    rows: list[dict[str, object]] = []
    for piece in found.pieces:
        sound = made.get(piece.name)
        rows.append(
            {
                "name": piece.name,
                "key": piece.key,
                "text": piece.text,
                "length_s": sound.length_s if sound else None,
                "source": sound.source if sound else "missing",
            }
        )
    if as_json:
        content = {"language": language, "folder": str(found.folder), "prompts": rows}
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for row in rows:
        length = f"{row['length_s']:5.1f} s" if row["length_s"] is not None else "     –"
        click.echo(f"{row['name']:24} {length}  {row['source']:8}  {row['text']}")


@prompts.command()
@_language
@click.option("--speed", type=click.IntRange(80, 450), help="Words a minute.")
@click.option("--pitch", type=click.IntRange(0, 99), help="From low to high.")
@click.option("--voice", help="A name of espeak-ng's, such as vi-vn-x-south.")
@_as_json
def render(
    language: str, speed: int | None, pitch: int | None, voice: str | None, as_json: bool
) -> None:
    """Make the sounds that are missing or whose wording, voice or studio file changed."""
    found, studio = _prompts(language)
    try:
        chosen = default_voice(language)
        chosen = replace(
            chosen,
            name=voice or chosen.name,
            speed_wpm=chosen.speed_wpm if speed is None else speed,
            pitch=chosen.pitch if pitch is None else pitch,
        )
        made = render_missing(found, studio, chosen)
    except (SpeechError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({"folder": str(found.folder), "made": made}, ensure_ascii=False))
    else:
        click.echo(f"{len(made)} of {len(found.names)} sounds made in {found.folder}")


@prompts.command()
@_language
@_as_json
def check(language: str, as_json: bool) -> None:
    """Make sure that every prompt can be played; exit code 1 and a list when one cannot."""
    found, _ = _prompts(language)
    problem = None
    try:
        found.check()
    except MissingPrompts as error:
        problem = str(error)
    if as_json:
        content = {"ok": problem is None, "sounds": len(found.names), "problem": problem}
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        click.echo(problem or f"all {len(found.names)} sounds are there: {found.folder}")
    if problem:
        raise click.exceptions.Exit(1)


def _prompts(language: str) -> tuple[Prompts, Path]:
    """The configured province's prompts and its folder of studio recordings."""
    settings = read_settings()
    province = the_province(settings)
    if language not in province.wording:
        worded = ", ".join(sorted(province.wording))
        raise click.BadParameter(f"expected a worded language ({worded}), found {language!r}")
    found = Prompts(province.wording[language], language, settings.sounds / language)
    return found, province.folder / "sounds" / language
