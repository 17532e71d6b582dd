"""`hotline prompts`: what callers hear: list it, make its sounds, check that none is missing."""

import json
import sys
from dataclasses import replace

import click
import structlog

from hotline.commands.prompt_editions import forget_recording, list_editions, restore_edition
from hotline.commands.prompt_parts import say
from hotline.commands.prompt_units import units
from hotline.settings import read_settings
from hotline.voices import VoiceSounds, of_language, spoken_languages, voice_sounds
from hotline.voices import render as render_sounds
from hotline.wiring import the_province
from ivr.errors import MissingPrompts
from ivr.prompt_sounds import read_manifest
from speech.errors import SpeechError
from speech.voices import SLOWER, AnyVoice, PiperVoice

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_language = click.option("--language", help="Language tag; without it all that can be spoken.")


@click.group()
def prompts() -> None:
    """Prompts: list, render, check; what a speaker has to record, and how parts sound."""
    # Standard output is the answer, for programs too; the stream is looked up when a line comes.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


@prompts.command("list")
@click.option("--language", help="Language tag; without it the first of the province.")
@click.option("--slow", is_flag=True, help="The slower pace.")
@_as_json
def list_prompts(language: str | None, slow: bool, as_json: bool) -> None:
    """Show each sound's text, length and source."""
    # The ordinary pace comes first, the slower one after it.
    found = _sounds(language or spoken_languages(the_province(read_settings()))[0])[slow].prompts
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
                "voice": sound.voice if sound else "",
            }
        )
    if as_json:
        content = {
            "language": found.language,
            "slow": slow,
            "folder": str(found.folder),
            "prompts": rows,
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for row in rows:
        length = f"{row['length_s']:5.1f} s" if row["length_s"] is not None else "     –"
        click.echo(f"{row['name']:24} {length}  {row['source']:8}  {row['text']}")


@prompts.command()
@_language
@click.option("--speed", type=click.IntRange(80, 450), help="Words a minute of the normal pace.")
@click.option("--pitch", type=click.IntRange(0, 99), help="From low to high.")
@click.option("--voice", help="A name of espeak-ng's, such as vi-vn-x-south; with --language.")
@_as_json
def render(
    language: str | None, speed: int | None, pitch: int | None, voice: str | None, as_json: bool
) -> None:
    """Make the sounds that are missing or whose wording, voice or studio file changed."""
    if voice is not None and language is None:
        raise click.UsageError("--voice speaks one language: say which with --language")
    wanted = [
        replace(sounds, voice=_changed(sounds, speed, pitch, voice)) for sounds in _sounds(language)
    ]
    try:
        made = render_sounds(wanted)
    except (SpeechError, MissingPrompts, OSError) as error:
        raise click.ClickException(str(error)) from error
    total = sum(len(sounds.prompts.names) for sounds in wanted)
    if as_json:
        click.echo(json.dumps({"sounds": total, "made": made}, ensure_ascii=False))
    else:
        for folder, new in made.items():
            click.echo(f"{folder}: {len(new)} made")
        click.echo(f"{total} sounds in {read_settings().sounds}")


@prompts.command()
@_language
@_as_json
def check(language: str | None, as_json: bool) -> None:
    """Make sure that every prompt can be played; exit code 1 and a list when one cannot."""
    problems = []
    total = 0
    for sounds in _sounds(language):
        total += len(sounds.prompts.names)
        try:
            sounds.prompts.check()
        except MissingPrompts as error:
            problems.append(str(error))
    problem = "\n".join(problems) or None
    if as_json:
        content = {"ok": problem is None, "sounds": total, "problem": problem}
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        click.echo(problem or f"all {total} sounds are there: {read_settings().sounds}")
    if problem:
        raise click.exceptions.Exit(1)


prompts.add_command(list_editions)
prompts.add_command(restore_edition)
prompts.add_command(forget_recording)
prompts.add_command(units)
prompts.add_command(say)


def _changed(
    sounds: VoiceSounds, speed: int | None, pitch: int | None, name: str | None
) -> AnyVoice | None:
    voice = sounds.voice
    if voice is None or (speed, pitch, name) == (None, None, None):
        return voice
    if isinstance(voice, PiperVoice):
        raise click.UsageError(
            f"{sounds.prompts.language} is spoken by Piper (HOTLINE_VOICES): "
            "--speed, --pitch and --voice are espeak-ng's"
        )
    if speed is not None and sounds.slow:
        speed = round(speed * SLOWER)
    return replace(
        voice,
        name=name or voice.name,
        speed_wpm=voice.speed_wpm if speed is None else speed,
        pitch=voice.pitch if pitch is None else pitch,
    )


def _sounds(language: str | None) -> tuple[VoiceSounds, ...]:
    """The configured province's sounds: of one worded language, or of all that can be spoken."""
    settings = read_settings()
    province = the_province(settings)
    if language is None:
        return voice_sounds(settings, province)
    if language not in province.wording:
        worded = ", ".join(sorted(province.wording))
        raise click.BadParameter(f"expected a worded language ({worded}), found {language!r}")
    return of_language(settings, province, language)
