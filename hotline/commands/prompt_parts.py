"""`hotline prompts say`: one changing part as a sound file, to hear before a caller does."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date as Day
from datetime import datetime
from datetime import time as Clock
from pathlib import Path

import click

from hotline.settings import read_settings
from hotline.voices import VoiceSounds, of_language, speak, spoken_languages
from hotline.wiring import the_province
from ivr.errors import MissingPrompts
from ivr.recorded_units import Part, RecordedUnits
from ivr.unit_recordings import UnitFolder, first_with
from speech.errors import SpeechError

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_KINDS = ("reference", "number", "count", "time", "date", "letters", "place")


@click.command()
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("value")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--language", help="Language tag; without it the first of the province.")
@click.option("--slow", is_flag=True, help="The slower pace.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def say(kind: str, value: str, out: Path, language: str | None, slow: bool, as_json: bool) -> None:
    """Speak one part into the WAV file --out, of recorded units if all of them are there.

    \b
    hotline prompts say reference 482-193-057 --out f.wav
    hotline prompts say count 24 --out f.wav
    hotline prompts say time 14:30 --out f.wav
    hotline prompts say date 2026-11-23 --out f.wav      with its weekday
    hotline prompts say letters 95-B1 --out f.wav
    hotline prompts say place 31894 --out f.wav          a commune by its code or name
    """
    settings = read_settings()
    province = the_province(settings)
    language = language or spoken_languages(province)[0]
    if language not in province.wording:
        worded = ", ".join(sorted(province.wording))
        raise click.BadParameter(f"expected a worded language ({worded}), found {language!r}")
    sounds = of_language(settings, province, language)[slow]
    try:
        part = _part(RecordedUnits(province.wording[language], language), kind, value)
    except MissingPrompts as error:
        raise click.BadParameter(str(error)) from error
    try:
        length_s, source = _write(part, sounds, out)
    except (SpeechError, OSError) as error:
        raise click.ClickException(str(error)) from error
    lacking = _lacking(part, sounds.units) if source != "units" else ()
    if as_json:
        content: Mapping[str, object] = {
            "text": part.text,
            "units": [name for name, _ in part.units],
            "source": source,
            "lacking": lacking,
            "length_s": round(length_s, 3),
            "out": str(out),
        }
        click.echo(json.dumps(content, ensure_ascii=False))
        return
    click.echo(f"{out}: {length_s:.1f} s, {source}: {part.text}")
    if lacking:
        click.echo(f"not recorded: {', '.join(lacking)}")


def _part(parts: RecordedUnits, kind: str, value: str) -> Part:
    match kind:
        case "reference" | "number":
            return parts.digits(value)
        case "count":
            if not value.isdecimal() or len(value) > 2:
                raise click.BadParameter(f"expected an amount from 0 to 99, found {value!r}")
            return parts.amount(int(value))
        case "time":
            if (found := _TIME.fullmatch(value)) is None:
                raise click.BadParameter(f"expected a time such as 14:30, found {value!r}")
            return parts.time(Clock(int(found[1]), int(found[2])))
        case "date":
            return parts.date(_day(value))
        case "letters":
            return parts.letters(value)
        case _:
            return parts.place(value)


def _day(value: str) -> Day:
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError as error:
        raise click.BadParameter(f"expected a day such as 2026-11-23, found {value!r}") from error


def _write(part: Part, sounds: VoiceSounds, out: Path) -> tuple[float, str]:
    """Its length in seconds, and `units` or the voice that spoke it."""
    from speech.sound import write_wav

    folder = first_with(part, [UnitFolder(folder) for folder in sounds.units])
    if folder is not None:
        sound, source = folder.composed(part), "units"
    else:
        sound, source = speak(f"{part.text}.", sounds)
    write_wav(out, sound)
    return sound.length_s, source


def _lacking(part: Part, folders: Sequence[Path]) -> tuple[str, ...]:
    """What is missing in the folder that has most of the part."""
    lacking = (
        tuple(
            name
            for name in sorted(part.needs)
            if name not in folder.paths or folder.problem(name) is not None
        )
        for folder in map(UnitFolder, folders)
    )
    return min(lacking, key=len, default=())
