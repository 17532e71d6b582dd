"""How quickly the console's pages come: `python -m benchmarks.console FOLDER --reports 100000`.

FOLDER gets a database of generated reports; one that is there already is used again. Each page is
asked for `--times` times, one after the other, as the server answers it: session, permissions,
queries, template. What the network and the browser take comes on top.
"""

import json
import re
import statistics as figures
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from apiflask import APIFlask
from sqlalchemy import Engine, func, select

from accounts.models import User
from accounts.roles import Role
from accounts.users import create_user
from benchmarks.generated_reports import NOW, generate
from console.blueprint import register_console
from console.services import ConsoleServices
from console.simulator import Simulated
from console.visit import install_visits
from hotline.lasting import spare_the_collector
from hotline.understood import places_of, proposals_of, understanding_of
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.alarms import Watch
from reports.models import Report
from reports.search_filters import OPEN
from reports.web_filing import Alert
from storage.crypto import use_key
from storage.database import open_engine, reading, transaction
from storage.migrations import current, head, upgrade

KEY = b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
EMAIL, PASSWORD = "bench@example.vn", "only a benchmark"
LIMIT_MS = 150


def measured(command: Any) -> Any:
    """What every measurement of pages is asked for."""
    for option in (
        click.option("--json", "as_json", is_flag=True),
        click.option("--times", default=40, show_default=True),
        click.option("--reports", "count", default=100_000, show_default=True),
        click.argument("folder", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@click.command(help=__doc__)
@measured
def main(folder: Path, count: int, times: int, as_json: bool) -> None:
    engine, province = opened(folder, count)
    told = measure(engine, province, folder, times, _paths(engine))
    show(told, as_json)


def show(told: Mapping[str, Mapping[str, float]], as_json: bool) -> None:
    """A line for each page; which are late."""
    if as_json:
        click.echo(json.dumps(told))
        return
    for path, one in told.items():
        late = "" if one["p95_ms"] < LIMIT_MS else "  LATE"
        click.echo(f"{one['p50_ms']:7.1f} {one['p95_ms']:7.1f} ms  {one['kb']:4d} kB  {path}{late}")


def opened(folder: Path, count: int) -> tuple[Engine, Province]:
    """`count` generated reports and somebody who may see them; made anew unless they are there, all
    of them and with today's tables."""
    use_key(KEY)
    province = load_province(find_province("bac_lieu"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"console-{count}.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    if not _is_filled(engine, count):
        engine.dispose()
        for left in folder.glob(f"{path.name}*"):
            left.unlink()
        engine = open_engine(f"sqlite:///{path}")
        upgrade(engine)
        generate(engine, province, count)
    with transaction(engine) as session:
        if session.scalar(select(User.id).where(User.email == EMAIL)) is None:
            create_user(session, EMAIL, PASSWORD, Role.ADMINISTRATOR, NOW)
    return engine, province


def _is_filled(engine: Engine, count: int) -> bool:
    if current(engine) != head():
        return False
    with reading(engine) as session:
        return (session.scalar(select(func.count()).select_from(Report)) or 0) >= count


def measure(
    engine: Engine, province: Province, folder: Path, times: int, paths: Sequence[str]
) -> dict[str, dict[str, float]]:
    """How long each page takes, in milliseconds: half of the times, and 95 of 100."""
    app = APIFlask("console", spec_path=None, docs_path=None)
    install_visits(app, "only a benchmark's secret")
    services = ConsoleServices(
        engine=engine,
        clock=lambda: NOW + timedelta(minutes=1),
        province=province,
        attachments=folder,
        recording_url=lambda name: f"/sound/{name}",
        simulate=lambda _: Simulated(()),
        alert=Alert(lambda _: None, Watch()),
        propose=proposals_of(province, understanding_of(province)),
        find_places=places_of(province),
        recordings=folder,
    )
    register_console(app, services)
    client = app.test_client()
    spare_the_collector()  # as the web server does
    mark = re.search(r'name="mark" value="([^"]+)"', client.get("/sign-in").text)
    assert mark is not None
    form = {"email": EMAIL, "password": PASSWORD, "mark": mark[1]}
    assert client.post("/sign-in", data=form).location == "/"
    told = {}
    for path in paths:
        taken = []
        size = 0
        for _ in range(times):
            begun = time.perf_counter()
            answer = client.get(path)
            taken.append(1000 * (time.perf_counter() - begun))
            assert answer.status_code == 200, (path, answer.status_code)
            size = len(answer.data)
        p95 = figures.quantiles(taken, n=20)[-1]
        told[path] = {
            "p50_ms": round(figures.median(taken), 1),
            "p95_ms": round(p95, 1),
            "kb": round(size / 1000),
        }
    return told


def _paths(engine: Engine) -> list[str]:
    with reading(engine) as session:
        one, two = session.scalars(
            select(Report.reference).where(Report.status.in_(OPEN)).limit(2)
        ).all()
    return [
        "/reports",
        "/reports?status=any",
        "/reports?sort=due",
        "/reports?sort=updated",
        "/reports?overdue=1",
        "/reports?urgent=1",
        "/reports?status=any&q=duong+ngap",
        "/reports?status=any&q=%22den+duong%22",
        "/reports?category=GT01",
        "/reports?place=vinh+loi",
        "/reports?agency=so_xay_dung&status=any",
        f"/reports/{one}",
        f"/reports/{one}/sheet",
        f"/reports/{one}/beside/{two}",
        "/reports/new",
        "/reports/presence",
        "/categories?q=ngap",
        "/places?q=hoa+binh",
        "/map",
        "/users",
        "/audit",
        "/account",
    ]


if __name__ == "__main__":
    main()
