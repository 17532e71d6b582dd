"""`hotline province`: look after province packs."""

import importlib
import json

import click

from hotline.commands.province_boundaries import boundaries
from hotline.errors import HotlineError
from hotline.settings import read_settings
from notifications.errors import BadTexts
from notifications.texts import check_texts
from provinces.danger_examples import load_danger_examples
from provinces.errors import ProvinceBroken, ProvinceNotFound
from provinces.examples import load_examples
from provinces.loader import find_province, load_province
from provinces.schema import LOWEST_KINDS, Province


class _BadInput(click.ClickException):
    exit_code = 2


_PUBLISHED = "hotline.commands.province_published"
# By the command's name: its module and what it is called there.
_LATER = {
    "learn": ("hotline.commands.province_learn", "learn"),
    "show": (_PUBLISHED, "show"),
    "diff": (_PUBLISHED, "diff"),
    "export": (_PUBLISHED, "export"),
    "take-back": (_PUBLISHED, "take_back"),
}


class _Province(click.Group):
    """Learning needs numpy and the database, which checking need not wait for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_LATER]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _LATER:
            return super().get_command(ctx, name)
        module, called = _LATER[name]
        command = getattr(importlib.import_module(module), called)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Province)
def province() -> None:
    """Province packs: names, categories, units, hours and wording of one province."""


province.add_command(boundaries)


@province.command()
@click.argument("name", metavar="[KEY|FOLDER]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(name: str | None, as_json: bool) -> None:
    """Check a pack and print what it holds, or every problem with its file and line.

    KEY is a built-in province, FOLDER one of your own; without either, the province of the
    settings is checked. Exit code 0: sound, 1: problems, 2: no such province.
    """
    try:
        folder = find_province(read_settings().province if name is None else name)
    except (ProvinceNotFound, HotlineError) as error:
        raise _BadInput(str(error)) from error
    try:
        found = load_province(folder)
        examples, of_danger = load_examples(found), load_danger_examples(found)
        check_texts(found)
    except (ProvinceBroken, BadTexts) as error:
        problems = error.problems
        if as_json:
            shown = [
                {"file": problem.file, "line": problem.line, "message": problem.message}
                for problem in problems
            ]
            _print_json({"ok": False, "folder": str(folder), "problems": shown})
        else:
            click.echo(f"{folder}: {_counted(len(problems), 'problem')}", err=True)
            for problem in problems:
                click.echo(problem)
        raise click.exceptions.Exit(1) from error
    counts = {**_counts(found), "examples": len(examples), "danger_examples": len(of_danger)}
    if as_json:
        names = dict(found.names)
        _print_json(
            {
                "ok": True,
                "folder": str(folder),
                "key": found.key,
                "names": names,
                "counts": counts,
                "problems": [],
            }
        )
    else:
        click.echo(f"{found.key} ({', '.join(found.names.values())}): no problems")
        for what, count in counts.items():
            click.echo(f"  {what.replace('_', ' '):<22}{count:>5}")


def _counts(found: Province) -> dict[str, int]:
    counts = {
        "categories": len(found.categories),
        "groups": len(found.groups),
        "modules": len(found.modules),
        "agencies": len(found.agencies),
        "menu_choices": len(found.menu),
    }
    for edition in found.editions:
        counts[f"communes_{edition}"] = sum(
            unit.kind in LOWEST_KINDS and unit.key.edition == edition
            for unit in found.units.values()
        )
    counts |= {
        "streets": len(found.streets),
        "landmarks": len(found.landmarks),
        "numbers": len(found.numbers),
        "holidays": len(found.holidays.rules),
    }
    for language, texts in found.wording.items():
        counts[f"prompts_{language}"] = len(texts)
    return counts


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
