"""`hotline report`: a day's or a month's figures as PDF, Excel file or JSON."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from console.wording import LANGUAGES
from hotline.commands.databases import told_plainly
from hotline.settings import read_settings

FORMATS = ("pdf", "xlsx", "json")


def _options(command: Any) -> Any:
    for option in (
        click.option(
            "--format", "form", type=click.Choice(FORMATS), default="pdf", show_default=True
        ),
        click.option("--language", type=click.Choice(LANGUAGES), default="vi", show_default=True),
        click.option(
            "--output",
            type=click.Path(path_type=Path, dir_okay=False),
            help="File to write; - for standard output. Without it, one named after the days.",
        ),
    ):
        command = option(command)
    return command


@click.group()
def report() -> None:
    """Figures of calls and reports, as the console's statistics show them."""


@report.command()
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Which day; yesterday without it.")
@_options
def daily(day: str | None, form: str, language: str, output: Path | None) -> None:
    """The figures of one day, compared with the day before."""
    from console.statistics.period import Period

    asked = _day(day) if day else None

    def period(today: date) -> Period:
        chosen = asked or today - timedelta(days=1)
        return Period(chosen, chosen)

    _make(period, form, language, output)


@report.command()
@click.option(
    "--date",
    "month",
    metavar="YYYY-MM[-DD]",
    help="Which month, by any of its days; the last whole month without it.",
)
@_options
def monthly(month: str | None, form: str, language: str, output: Path | None) -> None:
    """The figures of one month, compared with the month before."""
    from console.statistics.period import month_of

    asked = None
    if month is not None:
        asked = month_of(_day(f"{month}-01" if len(month) == 7 else month))
    _make(lambda today: asked or month_of(today).before(), form, language, output)


def _day(text: str) -> date:
    from console.statistics.period import EARLIEST, LATEST

    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"expected a date such as 2026-11-22, found {text!r}") from None
    if not EARLIEST < found < LATEST:
        raise click.UsageError(f"expected a date after {EARLIEST}, found {found}")
    return found


def _make(period_on: Callable[[date], Any], form: str, language: str, output: Path | None) -> None:
    """The figures of the period that is asked for on today's date."""
    from console.statistics.links import Links
    from console.statistics.make import Asked, make_sheet
    from console.statistics.paper import write_pdf
    from console.statistics.plain import write_json
    from console.statistics.workbook import write_xlsx
    from hotline.clock import utc_now
    from hotline.wiring import database, the_province
    from ivr.summing import sum_up_calls
    from reports.actors import SYSTEM

    settings = read_settings()
    province = the_province(settings)
    now = utc_now()
    period = period_on(now.astimezone(province.timezone).date())
    with told_plainly(), database(settings) as engine:
        sum_up_calls(engine, province.timezone)  # the worker may have been away
        asked = Asked(period, SYSTEM, language, Links(period))
        sheet = make_sheet(engine, province, asked, now)
    content = {"pdf": write_pdf, "xlsx": write_xlsx}.get(form, write_json)(
        sheet, province, language
    )
    if output is not None and str(output) == "-":
        click.echo(content, nl=False)
        return
    path = output or Path(f"hotline-{period}.{form}")
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from None
    click.echo(str(path))
