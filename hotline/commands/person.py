"""`hotline person`: what is held of one telephone number or address, to hand out or to erase."""

import json
from pathlib import Path

import click

from hotline.clock import utc_now
from hotline.settings import read_settings

_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def person() -> None:
    """One person by their telephone number, or by the e-mail address that they sent a report with:
    find, export, erase. Each is written to the audit log.

    Make sure first that it is their number or address that is asked about: ring or write back.
    """


@person.command()
@click.argument("who", metavar="NUMBER_OR_EMAIL")
@_as_json
def find(who: str, as_json: bool) -> None:
    """Count what is held of them."""
    from hotline.commands.databases import told_plainly
    from hotline.persons import look_at
    from hotline.wiring import database
    from ivr.errors import BadNumber

    with told_plainly(BadNumber), database(read_settings()) as engine:
        found = look_at(engine, who, "cli", utc_now())
    _tell(found.counts(), as_json)


@person.command()
@click.argument("who", metavar="NUMBER_OR_EMAIL")
@click.option(
    "--out",
    required=True,
    type=click.Path(exists=False, path_type=Path),
    help="A new folder; it is readable by you alone.",
)
@_as_json
def export(who: str, out: Path, as_json: bool) -> None:
    """Write everything of them into a folder: person.json, recordings, attachments."""
    from hotline.commands.databases import told_plainly
    from hotline.persons import hand_out
    from hotline.wiring import database
    from ivr.errors import BadNumber

    if out.exists():
        raise click.BadParameter("expected a new folder, found one", param_hint="--out")
    settings = read_settings()
    with told_plainly(BadNumber), database(settings) as engine:
        found, exported = hand_out(engine, settings, who, out, "cli", utc_now())
    for name in exported.missing:
        click.echo(f"no longer there: {name}", err=True)
    _tell(found.counts() | {"files": exported.files}, as_json)


@person.command()
@click.argument("who", metavar="NUMBER_OR_EMAIL")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--clean-up", is_flag=True, help="Then write the database anew: callers wait.")
@_as_json
def erase(who: str, yes: bool, clean_up: bool, as_json: bool) -> None:
    """Erase them by law: the cases stay, and nobody can tell any more whose they were."""
    from hotline.commands.databases import told_plainly
    from hotline.persons import erase_by_law
    from hotline.wiring import database
    from ivr.errors import BadNumber

    if not yes:
        click.confirm("This cannot be undone. Erase?", abort=True, err=True)
    settings = read_settings()
    with told_plainly(BadNumber), database(settings) as engine:
        erased = erase_by_law(engine, settings, who, "cli", utc_now(), clean_up)
    _tell({"erasure": erased.id} | erased.person.counts(), as_json)


def _tell(told: "dict[str, int] | dict[str, str | int]", as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name:<12} {value}")
