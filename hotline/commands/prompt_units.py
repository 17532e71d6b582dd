"""`hotline prompts units`: what a speaker has to record so that changing parts sound human."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import click

from hotline.settings import read_settings
from hotline.voices import of_language, spoken_languages
from hotline.wiring import the_province
from ivr.recorded_units import RecordedUnit, RecordedUnits
from ivr.unit_recordings import UnitFolder

State = Literal["there", "missing", "unusable"]


@dataclass(frozen=True)
class _Found:
    """A unit and the recording that would be used of it."""

    name: str
    group: str
    words: str
    state: State
    file: str
    problem: str


@click.command()
@click.option("--language", help="Language tag; without it the first of the province.")
@click.option("--slow", is_flag=True, help="The slower pace.")
@click.option("--missing", is_flag=True, help="Only what is still to be recorded.")
@click.option("--csv", "as_csv", is_flag=True, help="A reading list for the studio.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def units(language: str | None, slow: bool, missing: bool, as_csv: bool, as_json: bool) -> None:
    """List the units to record: digits, amounts, times, dates, letters, places.

    Each is one file NAME.wav in the folder that is told at the end. Exit code 1 when a file that
    is there cannot be used.
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json exclude each other")
    settings = read_settings()
    province = the_province(settings)
    language = language or spoken_languages(province)[0]
    if language not in province.wording:
        worded = ", ".join(sorted(province.wording))
        raise click.BadParameter(f"expected a worded language ({worded}), found {language!r}")
    sounds = of_language(settings, province, language)[slow]
    folders = [UnitFolder(folder) for folder in sounds.units]
    needed = RecordedUnits(province.wording[language], language).units
    found = [_look(unit, folders) for unit in needed]
    names = {unit.name for unit in needed}
    unknown = sorted(
        str(path) for folder in folders for name, path in folder.paths.items() if name not in names
    )
    rows = [row for row in found if not missing or row.state != "there"]
    counts: dict[str, int] = {state: sum(row.state == state for row in found) for state in _STATES}
    if as_json:
        content = {
            "language": language,
            "slow": slow,
            "folders": [str(folder.folder) for folder in folders],
            "counts": counts,
            "units": [asdict(row) for row in rows],
            "not_needed": unknown,
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(_reading_list(rows), nl=False)
    else:
        for row in rows:
            click.echo(f"{row.state:8}  {row.group:7}  {row.name:28}  {row.words}")
        for path in unknown:
            click.echo(f"not needed: {path}")
        for row in found:
            if row.problem:
                click.echo(f"unusable: {row.problem}", err=True)
        told = ", ".join(f"{count} {state}" for state, count in counts.items())
        click.echo(f"{len(found)} units: {told}; record into {folders[0].folder}")
    if counts["unusable"]:
        raise click.exceptions.Exit(1)


_STATES: tuple[State, ...] = ("there", "missing", "unusable")


def _look(unit: RecordedUnit, folders: Sequence[UnitFolder]) -> _Found:
    """The first folder that has it counts; one with a broken file is told of, not passed over."""
    folder = next((one for one in folders if unit.name in one.paths), None)
    if folder is None:
        return _Found(unit.name, unit.group, unit.words, "missing", "", "")
    problem = folder.problem(unit.name)
    state: State = "there" if problem is None else "unusable"
    path = str(folder.paths[unit.name])
    return _Found(unit.name, unit.group, unit.words, state, path, problem or "")


def _reading_list(rows: Sequence[_Found]) -> str:
    """Columns for whoever sits in the studio; a spreadsheet knows UTF-8 by its first sign."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(["file", "read", "group", "state", "problem"])
    for row in rows:
        table.writerow([f"{row.name}.wav", row.words, row.group, row.state, row.problem])
    return "\ufeff" + written.getvalue()
