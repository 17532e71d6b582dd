"""How quickly the map's figures come: `python -m benchmarks.map FOLDER --reports 100000`.

As `benchmarks.console`, whose folder it shares: the page with its table, what a browser asks for as
the map moves, and what selecting an area asks for. The tallies of the days are packed first, as the
worker does every few minutes.
"""

from pathlib import Path

import click

from benchmarks.console import measure, measured, opened, show
from reports.days import pack_all_days

# The whole province, a town, and a part drawn around.
BOXES = ("9.0,105.2~9.7,105.9", "9.25,105.67~9.33,105.75")
AROUND = "9.1,105.3~9.4,105.3~9.5,105.5~9.45,105.7~9.3,105.8~9.15,105.6"
ASKED = (
    "",
    "&status=any",
    "&status=ended",
    "&status=any&category=GT01",
    "&status=any&since=2026-10-01",
    "&status=any&agency=so_xay_dung",
    "&status=any&q=%22den+duong%22",
)
PATHS = (
    *(f"/map?{asked}" for asked in ASKED),
    "/map/units",
    *(f"/map/data?box={box}{asked}" for box in BOXES for asked in ASKED),
    *(f"/map/count?area={area}{asked}" for area in (*BOXES, AROUND) for asked in ASKED),
    *(f"/reports?area={area}{asked}" for area in (*BOXES, AROUND) for asked in ASKED),
)


@click.command(help=__doc__)
@measured
def main(folder: Path, count: int, times: int, as_json: bool) -> None:
    engine, province = opened(folder, count)
    pack_all_days(engine)
    show(measure(engine, province, folder, times, PATHS), as_json)


if __name__ == "__main__":
    main()
