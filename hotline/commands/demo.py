"""`hotline demo`: a made-up year to look at and to train with, and its removal."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from hotline.clock import utc_now
from hotline.settings import read_settings

if TYPE_CHECKING:
    from hotline.demo.filling import Filled

DAYS = 365
_MOST_DAYS = 3 * 365
_NAMES = {
    "scam": "calls and messages of swindlers",
    "dengue": "dengue in neighbouring communes",
    "flood": "flood of a high tide",
}


@click.command()
@click.option(
    "--days", type=click.IntRange(2, _MOST_DAYS), default=DAYS, show_default=True, help="How many."
)
@click.option("--seed", type=int, help="Another one makes another year. Default: always the same.")
@click.option(
    "--hourly-days",
    type=click.IntRange(1, _MOST_DAYS),
    help="Of so many days figures are kept by the hour; of older ones by the day. Default: 60.",
)
@click.option("--beside", is_flag=True, help="Fill also where there are real data.")
@click.option("--remove", is_flag=True, help="Take all of it away again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def demo(
    days: int,
    seed: int | None,
    hourly_days: int | None,
    beside: bool,
    remove: bool,
    as_json: bool,
) -> None:
    """Fill a year of made-up calls, reports and figures, with a flood, dengue and a wave of scams.

    All of it is marked wherever it is shown. Nobody is rung or sent anything for it: its telephone
    numbers do not exist. Early warning goes through it day by day, and what it found is printed.

    \b
    Example:
      hotline demo
      hotline demo --days 60 --seed 7
      hotline demo --remove
    """
    if remove and (beside or seed is not None or hourly_days is not None):
        raise click.UsageError("--remove takes no other option but --json")
    # Imported here, not above: whoever asks another command for help should not wait for them.
    from hotline.commands.databases import told_plainly
    from hotline.demo.filling import HOURLY_DAYS, Wanted, fill_demo
    from hotline.demo.plan import SEED
    from hotline.demo.removing import remove_demo
    from hotline.errors import DemoRefused
    from hotline.wiring import database, the_province

    settings = read_settings()
    with told_plainly(DemoRefused), database(settings) as engine:
        province = the_province(settings)
        if remove:
            gone = remove_demo(
                engine, province, settings.recordings, settings.attachments, utc_now()
            )
            _print_gone(gone, as_json)
            return
        wanted = Wanted(days, SEED if seed is None else seed, beside, hourly_days or HOURLY_DAYS)
        filled = fill_demo(engine, settings, province, wanted, utc_now(), _progress(as_json))
    if as_json:
        click.echo(json.dumps(asdict(filled), ensure_ascii=False, indent=1, default=str))
    else:
        _print(filled)


def _progress(as_json: bool) -> Callable[[date], None]:
    def tell(day: date) -> None:
        if not as_json and day.day == 1:
            click.echo(f"  {day:%Y-%m} …", err=True)

    return tell


def _print(filled: "Filled") -> None:
    counts = ", ".join(f"{count} {name}" for name, count in filled.counts.items())
    click.echo(f"{filled.first} to {filled.last}: {counts}")
    click.echo(f"took {sum(filled.took_s.values()):.0f} s")
    found = filled.finding
    click.echo("Early warning, day by day:")
    for each in found.outbreaks:
        what = f"  {_NAMES[each.name]}, {each.begin} to {each.end}, {each.reports} reports: "
        if each.delay_days is None:
            click.echo(what + "not found")
            continue
        alarm = "never" if each.alarm_days is None else f"day {each.alarm_days}"
        click.echo(what + f"found on day {each.delay_days} ({each.rule}), alert level: {alarm}")
    click.echo(f"False alarms in {found.watched_days} days over {found.series} series:")
    for false in found.false_alarms:
        click.echo(
            f"  {false.rule:<8} {false.level:<6} {false.count:>4}  "
            f"{false.per_100_days:g} in 100 days" + _a_series(false.per_series)
        )
    click.echo("`hotline demo --remove` takes all of it away again.")


def _a_series(rate: float | None) -> str:
    return "" if rate is None else f", {rate:g} a series"


def _print_gone(gone: Mapping[str, int], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(gone, indent=1))
    elif gone:
        click.echo("removed: " + ", ".join(f"{count} {name}" for name, count in gone.items()))
    else:
        click.echo("there is no demonstration")
