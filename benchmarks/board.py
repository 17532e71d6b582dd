"""How quickly the operations board comes: `python -m benchmarks.board FOLDER --rows 1000000`.

FOLDER gets a SQLite database of made-up observations, a year of hours for each series, with reports
and alerts; one that is there already is used again. `--postgresql` starts a server for as long as
this runs, `--database` names an empty database of one that runs. Each page is asked for `--times`
times, one after the other, as the server answers it; the network and the browser come on top.
"""

import json
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
import structlog
from sqlalchemy import Engine, func, select

from accounts.models import User
from accounts.roles import Role
from accounts.users import create_user
from benchmarks.console import EMAIL, KEY, PASSWORD, measure
from benchmarks.generated_observations import fill
from benchmarks.generated_reports import NOW, generate
from monitoring.models import Alert, AlertEvent, Observation
from monitoring.subjects import communes
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.models import Report
from storage.crypto import use_key
from storage.database import open_engine, reading, transaction
from storage.migrations import upgrade
from tests.databases.postgresql import running_postgres

LIMIT_MS = 300
OPEN_ALERTS, CLOSED_ALERTS = 60, 3000
HOUR = timedelta(hours=1)


def fill_alerts(engine: Engine, province: Province) -> None:
    """As many as a bad week leaves open, over those of some years; each was raised once."""
    units, indicators = communes(province), list(province.indicators.values())
    with transaction(engine) as session:
        for number in range(1, OPEN_ALERTS + CLOSED_ALERTS + 1):
            open_ = number > CLOSED_ALERTS
            indicator = indicators[number % len(indicators)]
            opened = NOW - (HOUR if open_ else 8 * HOUR) * (
                OPEN_ALERTS + CLOSED_ALERTS + 1 - number
            )
            alert = Alert(
                id=uuid.UUID(int=number).hex,
                number=number,
                module=indicator.module,
                rule="threshold",
                subject=indicator.code,
                unit_key=units[number % len(units)],
                level="alert" if number % 3 == 0 else "watch",
                state="open" if open_ else "closed",
                open_key=f"bench|{number}" if open_ else None,
                why={
                    "value": 12.0,
                    "unit": indicator.unit,
                    "bound": 10.0,
                    "release": 8.0,
                    "worse": "higher",
                    "phenomenon_at": opened.isoformat(),
                    "source": indicator.source,
                },
                first_at=opened,
                last_at=opened,
                opened_at=opened,
                changed_at=opened,
                closed_at=None if open_ else opened + 4 * HOUR,
                version=1,
            )
            session.add(alert)
            session.flush()
            for kind, at in (("opened", opened), ("raised", opened + HOUR)):
                session.add(
                    AlertEvent(
                        alert_id=alert.id, at=at, actor="system", kind=kind, level=alert.level
                    )
                )


def prepare(engine: Engine, province: Province, rows: int, reports: int) -> int:
    """What is missing; how many observations there are."""
    upgrade(engine)
    fill(engine, province, rows)
    with reading(engine) as session:
        no_reports = session.scalar(select(Report.id).limit(1)) is None
        no_alerts = session.scalar(select(Alert.id).limit(1)) is None
    if no_reports:
        generate(engine, province, reports)
    if no_alerts:
        fill_alerts(engine, province)
    with transaction(engine) as session:
        if session.scalar(select(User.id).where(User.email == EMAIL)) is None:
            create_user(session, EMAIL, PASSWORD, Role.ADMINISTRATOR, NOW)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(Observation)) or 0


def paths(province: Province) -> list[str]:
    """The pages of the board, now and as they were known."""
    local = NOW.astimezone(province.timezone)
    morning = f"{local:%Y-%m-%d}T08:00"
    week = f"{local - timedelta(days=7):%Y-%m-%d}T08:00"
    unit = communes(province)[0]
    return [
        "/board",
        f"/board?known_at={morning}",
        f"/board?known_at={week}",
        "/board/modules/security",
        "/board/indicators/security.cameras_online",
        "/board/indicators/security.cameras_online?days=365",
        f"/board/indicators/security.cameras_online?unit={unit}",
        f"/board/indicators/security.cameras_online?known_at={morning}",
        "/board/wall",
        "/board/briefing",
        "/alerts",
        "/alerts?state=any",
        f"/alerts/{uuid.UUID(int=CLOSED_ALERTS + 1).hex}",
    ]


@contextmanager
def database(folder: Path, url: str | None, postgresql: bool, rows: int) -> Iterator[str]:
    """Where it lies."""
    if url is not None:
        yield url
    elif postgresql:
        with running_postgres(durable=True) as postgres:
            yield postgres.create("board")
    else:
        yield f"sqlite:///{folder / f'board-{rows}.sqlite3'}"


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rows", default=1_000_000, show_default=True)
@click.option("--reports", default=20_000, show_default=True)
@click.option("--times", default=40, show_default=True)
@click.option("--postgresql", is_flag=True, help="start a server for as long as this runs")
@click.option("--database", "url", help="an empty database's URL")
@click.option("--json", "as_json", is_flag=True)
def main(
    folder: Path,
    rows: int,
    reports: int,
    times: int,
    postgresql: bool,
    url: str | None,
    as_json: bool,
) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    use_key(KEY)
    folder.mkdir(parents=True, exist_ok=True)
    province = load_province(find_province("bac_lieu"))
    with database(folder, url, postgresql, rows) as where:
        engine = open_engine(where)
        count = prepare(engine, province, rows, reports)
        told = measure(engine, province, folder, times, paths(province))
        kind = engine.dialect.name
        engine.dispose()
    if as_json:
        click.echo(json.dumps({"database": kind, "observations": count, "pages": told}))
        return
    click.echo(f"{kind}, {count:,} observations")
    for path, one in told.items():
        late = "" if one["p95_ms"] < LIMIT_MS else "  LATE"
        click.echo(f"{one['p50_ms']:7.1f} {one['p95_ms']:7.1f} ms  {one['kb']:4d} kB  {path}{late}")


if __name__ == "__main__":
    main()
