"""How quickly figures come: `python -m benchmarks.figures FOLDER --reports 100000 --calls 100000`.

FOLDER gets the database of `benchmarks.console`, with as many calls; what is there already is used
again. Told first: how long the worker took to read all journals once, and to pack the days.
"""

import time
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import func, select

from benchmarks.console import measure, measured, opened, show
from benchmarks.generated_calls import generate_calls
from benchmarks.generated_reports import NOW
from ivr.models import Call, JournalEntry
from ivr.summing import sum_up_calls
from reports.days import pack_days
from storage.database import reading

_TODAY = NOW.date()
_YEAR = f"since={_TODAY - timedelta(days=365)}&until={_TODAY}"
PATHS = (
    "/statistics",
    f"/statistics?since={_TODAY}&until={_TODAY}",
    "/statistics?since=2026-10-01&until=2026-10-31",
    f"/statistics?{_YEAR}",
    "/statistics/report.xlsx?since=2026-10-01&until=2026-10-31",
    "/statistics/report.pdf?since=2026-10-01&until=2026-10-31",
    "/calls",
    f"/calls?{_YEAR}&left_at=Gather:contact",
    f"/calls?{_YEAR}&waited_s=300",
    f"/calls?{_YEAR}&outcome=failed",
    f"/calls?{_YEAR}&stage=person&hour=3",
    "/reports?status=any&since=2026-10-01&until=2026-10-31&deadline=missed",
    "/reports?status=any&since=2026-10-01&until=2026-10-31&score=1",
)


@click.command(help=__doc__)
@measured
@click.option("--calls", default=100_000, show_default=True)
def main(folder: Path, count: int, calls: int, times: int, as_json: bool) -> None:
    engine, province = opened(folder, count)
    with reading(engine) as session:
        there = session.scalar(select(func.count()).select_from(Call)) or 0
    if there < calls:
        generate_calls(engine, calls)
    with reading(engine) as session:
        entries = session.scalar(select(func.count()).select_from(JournalEntry))
    begun = time.perf_counter()
    read = sum_up_calls(engine, province.timezone)
    summed = time.perf_counter()
    packed = pack_days(engine)
    told = (
        f"{read} calls read in {summed - begun:.0f} s, {packed} days of reports packed in "
        f"{time.perf_counter() - summed:.0f} s; {entries} journal entries"
    )
    click.echo(told, err=as_json)
    show(measure(engine, province, folder, times, PATHS), as_json)


if __name__ == "__main__":
    main()
