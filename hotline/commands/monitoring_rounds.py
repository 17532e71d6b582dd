"""`hotline monitoring respondent` and `... round`: figures that are asked for by telephone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from hotline.clock import utc_now
from hotline.commands.databases import told_plainly
from hotline.settings import read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from provinces.schema import Province

CLI = "cli"
SHOWN_ID = 8  # enough of an id to name it again
_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def respondent() -> None:
    """The officers who are asked: one or more of a unit, rung in the order they were added."""


@respondent.command("add")
@click.argument("name")
@click.argument("number")
@click.option("--unit", metavar="EDITION:CODE", help="Such as 2025:31894; the province without it.")
@click.option("--language", default="vi", show_default=True, help="In which they are spoken to.")
@_as_json
def add(name: str, number: str, unit: str | None, language: str, as_json: bool) -> None:
    """Have NAME answer at NUMBER when a round asks for the unit's figures."""
    from monitoring.round_desk import take_respondent

    with _database() as (session, province):
        made = take_respondent(session, province, name, unit, number, language, CLI, utc_now())
        made_id, made_name = made.id, made.name
    if as_json:
        told = {"id": made_id, "name": made_name, "unit": unit}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{made_id[:SHOWN_ID]}  {made_name} answers for {_place(province, unit)}")


@respondent.command("list")
@_as_json
def list_respondents(as_json: bool) -> None:
    """Who is asked. Of numbers the last three digits are shown."""
    from monitoring.respondents import respondents

    with _database() as (session, province):
        told = [
            {
                "id": each.id,
                "name": each.name,
                "unit": each.unit_key,
                "number": f"…{each.number[-3:]}",
                "language": each.language,
            }
            for each in respondents(session)
        ]
    if as_json:
        click.echo(json.dumps({"respondents": told}, ensure_ascii=False))
        return
    for each in told:
        place = _place(province, each["unit"])
        click.echo(
            f"{str(each['id'])[:SHOWN_ID]}  {each['number']}  {each['language']}  "
            f"{place}  {each['name']}"
        )
    if not told:
        click.echo("nobody is asked: hotline monitoring respondent add")


@respondent.command("remove")
@click.argument("respondent_id", metavar="ID")
def remove(respondent_id: str) -> None:
    """Ring the respondent no more and wipe the number; what they answered stays."""
    from monitoring.round_desk import drop_respondent

    with _database() as (session, _):
        found = drop_respondent(session, respondent_id, CLI, utc_now())
        click.echo(f"{found.name} is asked no more")


@click.group()
def round() -> None:
    """One asking of an indicator's question, by telephone, of those who answer for its units."""


@round.command("open")
@click.argument("indicator")
@click.option(
    "--for",
    "of",
    metavar="YYYY-MM-DD[ HH:MM]",
    help="A local day (or hour) of the period asked about; the last whole one without it.",
)
@click.option("--unit", "units", multiple=True, metavar="EDITION:CODE", help="Only these units.")
@click.option(
    "--until", metavar="YYYY-MM-DD[ HH:MM]", help="Local time after which nobody is rung for it."
)
@_as_json
def open_(
    indicator: str, of: str | None, units: tuple[str, ...], until: str | None, as_json: bool
) -> None:
    """Begin a round of INDICATOR (such as health.dengue): calls follow in the allowed hours."""
    from monitoring.asked_moments import NOT_OVER
    from monitoring.errors import BadRound
    from monitoring.round_desk import ask_round
    from provinces.errors import UnknownCode

    with _database() as (session, province):
        try:
            found = province.indicator(indicator)
        except UnknownCode as error:
            raise click.BadParameter(str(error), param_hint="INDICATOR") from error
        within = None if of is None else _local("--for", of)
        due = _local("--until", until) if until else None
        try:
            opened = ask_round(
                session, province, found, CLI, utc_now(), within=within, until=due, units=units
            )
        except BadRound as error:
            if error.reason != NOT_OVER:
                raise
            told = f"expected {error.expected}, found {of}"
            raise click.BadParameter(told, param_hint="--for") from error
    if as_json:
        told_json = {
            "id": opened.round_id,
            "indicator": found.code,
            "about": opened.about.isoformat(),
            "asked": opened.asked,
            "unasked": list(opened.unasked),
            "known": list(opened.known),
        }
        click.echo(json.dumps(told_json))
        return
    local = opened.about.astimezone(province.timezone)
    click.echo(f"{opened.round_id[:SHOWN_ID]}  {found.code} of {local:%Y-%m-%d %H:%M}")
    click.echo(f"asked    {opened.asked}")
    if opened.known:
        click.echo(f"left out {len(opened.known)} that are being asked or have answered")
    for unit in opened.unasked:
        click.echo(f"nobody answers for {_place(province, unit)}")
    if read_settings().trunk_server is None:
        click.echo("nobody is rung without a trunk: set HOTLINE_TRUNK_SERVER", err=True)


@round.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that go on.")
@_as_json
def list_rounds(only_open: bool, as_json: bool) -> None:
    """The latest 50 rounds, and how many have answered."""
    from monitoring.round_views import round_views

    with _database() as (session, province):
        views = round_views(session, only_open)
    if as_json:
        click.echo(json.dumps({"rounds": [_plain(asdict(view)) for view in views]}))
        return
    for view in views:
        local = view.phenomenon_at.astimezone(province.timezone)
        state = "open" if view.closed_at is None else "closed"
        click.echo(
            f"{view.id[:SHOWN_ID]}  {state:<6}  {local:%Y-%m-%d %H:%M}  {view.indicator}  "
            f"{view.answered} of {view.asked} answered"
        )


@round.command("show")
@click.argument("round_id", metavar="ID")
@_as_json
def show(round_id: str, as_json: bool) -> None:
    """What became of each question."""
    from monitoring.round_views import question_views, view_of
    from monitoring.rounds import find_round

    with _database() as (session, province):
        found = find_round(session, round_id)
        view, questions = view_of(session, found), question_views(session, found.id)
    if as_json:
        told = _plain(asdict(view)) | {"questions": [_plain(asdict(each)) for each in questions]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    local = view.phenomenon_at.astimezone(province.timezone)
    click.echo(f"{view.indicator} of {local:%Y-%m-%d %H:%M}, {view.answered} of {view.asked}")
    for each in questions:
        value = "" if each.value is None else f"{each.value:g}"
        click.echo(
            f"{each.state:<9}  {value:>8}  tries {each.tries}  "
            f"{_place(province, each.unit_key)}  {each.respondent}"
        )


@round.command("close")
@click.argument("round_id", metavar="ID")
def close(round_id: str) -> None:
    """Ring nobody any more for this round; what was answered stays."""
    from monitoring.round_desk import end_round

    with _database() as (session, _):
        found = end_round(session, round_id, CLI, utc_now())
        click.echo(f"{found.id[:SHOWN_ID]}  closed")


def _local(option: str, text: str) -> datetime:
    """A local day or minute, without its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        told = f"expected a local time such as 2026-11-22 14:00, found {text!r}"
        raise click.BadParameter(told, param_hint=option)
    return found


def _place(province: "Province", unit_key: Any) -> str:
    if unit_key is None:
        return "the province"
    unit = province.unit(unit_key)
    return unit.full_name if unit else str(unit_key)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
        for name, value in fields.items()
    }


@contextmanager
def _database() -> "Iterator[tuple[Session, Province]]":
    from accounts.errors import AccountsError
    from hotline.wiring import database, the_province
    from monitoring.errors import MonitoringError
    from storage.database import transaction

    settings = read_settings()
    province = the_province(settings)
    with (
        told_plainly(MonitoringError, AccountsError),
        database(settings) as engine,
        transaction(engine) as session,
    ):
        yield session, province
