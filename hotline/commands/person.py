"""`hotline person`: what is held of one telephone number, to hand out or to erase."""

import json
from pathlib import Path

import click

from hotline.clock import utc_now
from hotline.settings import read_settings

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def person() -> None:
    """One person by their telephone number: find, export, erase. Each is written to the audit log.

    Make sure first that it is their number that is asked about: ring it back.
    """


@person.command()
@click.argument("number")
@_as_json
def find(number: str, as_json: bool) -> None:
    """Count what is held of NUMBER."""
    from hotline.commands.databases import told_plainly
    from hotline.persons import look_at
    from hotline.wiring import database
    from ivr.errors import BadNumber

    with told_plainly(BadNumber), database(read_settings()) as engine:
        found = look_at(engine, number, "cli", utc_now())
    _tell(found.counts(), as_json)


@person.command()
@click.argument("number")
@click.option(
    "--out",
    required=True,
    type=click.Path(exists=False, path_type=Path),
    help="A new folder; it is readable by you alone.",
)
@_as_json
def export(number: str, out: Path, as_json: bool) -> None:
    """Write everything of NUMBER into a folder: person.json, recordings, attachments."""
    from hotline.commands.databases import told_plainly
    from hotline.persons import hand_out
    from hotline.wiring import database
    from ivr.errors import BadNumber

    if out.exists():
        raise click.BadParameter("expected a new folder, found one", param_hint="--out")
    settings = read_settings()
    with told_plainly(BadNumber), database(settings) as engine:
        found, exported = hand_out(engine, settings, number, out, "cli", utc_now())
    for name in exported.missing:
        click.echo(f"no longer there: {name}", err=True)
    _tell(found.counts() | {"files": exported.files}, as_json)


@person.command()
@click.argument("number")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--clean-up", is_flag=True, help="Then write the database anew: callers wait.")
@_as_json
def erase(number: str, yes: bool, clean_up: bool, as_json: bool) -> None:
    """Erase NUMBER by law: the cases stay, and nobody can tell any more whose they were."""
    from hotline.commands.databases import told_plainly
    from hotline.persons import erase_by_law
    from hotline.wiring import database
    from ivr.errors import BadNumber

    if not yes:
        click.confirm("This cannot be undone. Erase?", abort=True, err=True)
    settings = read_settings()
    with told_plainly(BadNumber), database(settings) as engine:
        erased = erase_by_law(engine, settings, number, "cli", utc_now(), clean_up)
    _tell({"erasure": erased.id} | erased.person.counts(), as_json)


def _tell(told: "dict[str, int] | dict[str, str | int]", as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name:<12} {value}")
