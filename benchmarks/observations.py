"""How observations grow: `python -m benchmarks.observations FOLDER`.

A database of made-up observations is filled to a hundredth, a tenth and all of `--rows`, a year of
hours for each series. At each size: the room that a value takes, how many are taken in a second (in
batches through `monitoring.observing.store`, one sender and four), how long series, the latest
values and "as it was known" take to read, and on PostgreSQL which tables a week's query reads.

Without `--database` a SQLite file in FOLDER; `--postgresql` starts a server for as long as this
runs. The database behind `--database` must be an empty one. Ten million rows take about 1.2 GB.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import structlog
from sqlalchemy import Engine, event, text

from benchmarks.api import Timed, timed
from benchmarks.generated_observations import LAST, empty_series, fill
from monitoring.observing import Reading, store
from monitoring.series import latest, points
from provinces.loader import load_province
from provinces.schema import Province
from storage.database import open_engine, reading, transaction
from storage.migrations import upgrade
from tests.databases.postgresql import running_postgres

DAY = timedelta(days=1)
SENDERS = 4
SENT_SERIES = 1000
_ONE_MODULE = 25
Say = Callable[[str], None]


def questions(
    engine: Engine, province: Province, streams: Sequence[int]
) -> dict[str, Callable[[], int]]:
    """What is asked of the newest series."""
    zone, end = province.timezone, LAST + timedelta(hours=1)
    one, some = streams[-1:], streams[-_ONE_MODULE:]
    eight = end.astimezone(zone).replace(hour=8) - DAY

    def series(ids: Sequence[int], days: int, bucket: str | None, **more: Any) -> int:
        with reading(engine) as session:
            found = points(session, ids, end - days * DAY, end, bucket, "sum", zone=zone, **more)
        return sum(each.value is not None for each in found)

    def last(ids: Sequence[int], **more: Any) -> int:
        with reading(engine) as session:
            return len(latest(session, ids, **more))

    many = streams[-1000:]
    return {
        "a series, a week by the hour": lambda: series(one, 7, "hour"),
        "a series, a year by the day": lambda: series(one, 365, "day"),
        "a series, a year by the month": lambda: series(one, 365, "month"),
        f"{len(some)} series, 14 days by the day": lambda: series(some, 14, "day"),
        f"{len(some)} series, a year by the week": lambda: series(some, 365, "week"),
        f"{len(some)} series, a day by the hour": lambda: series(some, 1, "hour"),
        f"{len(some)} series, 14 days as known at 8": lambda: series(
            some, 14, "day", known_at=eight
        ),
        f"latest of {len(some)} series": lambda: last(some),
        f"latest of {len(many)} series": lambda: last(many),
        f"latest of {len(many)} series as known at 8": lambda: last(many, known_at=eight),
    }


class Sending:
    """Sends what was not sent before: hour by hour, of each of many series."""

    def __init__(self, engine: Engine, province: Province, streams: Sequence[int]) -> None:
        self._engine = engine
        self._province = province
        self._streams = streams
        self._sent = 0
        self._lock = threading.Lock()

    def batch(self, size: int) -> Sequence[Reading]:
        with self._lock:
            first, self._sent = self._sent, self._sent + size
        many = len(self._streams)
        return [
            Reading(
                self._streams[number % many],
                LAST + (1 + number // many) * timedelta(hours=1),
                float(number % 11),
            )
            for number in range(first, first + size)
        ]

    def send(self, batch: Sequence[Reading]) -> int:
        """How many were new."""
        now = max(each.phenomenon_at for each in batch) + timedelta(minutes=1)
        with transaction(self._engine) as session:
            return store(session, self._province, batch, now).new

    def rate(self, size: int, batches: int) -> float:
        """New ones a second."""
        made = [self.batch(size) for _ in range(batches)]
        begun = time.perf_counter()
        assert all(self.send(each) == size for each in made)
        return size * batches / (time.perf_counter() - begun)

    def rate_of_many(self, size: int, batches: int) -> float:
        """New ones a second, by several senders together."""
        begun = time.perf_counter()
        threads = [
            threading.Thread(target=lambda: [self.send(self.batch(size)) for _ in range(batches)])
            for _ in range(SENDERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return size * batches * SENDERS / (time.perf_counter() - begun)

    def rate_again(self, size: int, change: float) -> float:
        """A second, of what is known already (`change` 0), or is corrected by so much."""
        batch = self.batch(size)
        self.send(batch)
        again = [Reading(r.stream_id, r.phenomenon_at, r.value + change) for r in batch]
        begun = time.perf_counter()
        self.send(again)
        return size / (time.perf_counter() - begun)


def room(engine: Engine) -> tuple[int, int]:
    """Bytes of observations with their index, and of days with theirs."""
    if engine.dialect.name == "postgresql":
        size = (
            "SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint "
            "FROM pg_partition_tree('observations') WHERE isleaf"
        )
        days = "SELECT pg_total_relation_size('observation_days')"
        with reading(engine) as session:
            return session.scalar(text(size)) or 0, session.scalar(text(days)) or 0
    pages = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = :table"
    with reading(engine) as session:
        try:
            values, days_ = (
                int(session.scalar(text(pages), {"table": table}) or 0)
                for table in ("observations", "observation_days")
            )
        except Exception as error:  # not every SQLite was built with dbstat
            assert "dbstat" in str(error), error
            session.rollback()
            whole = session.scalar(text("SELECT page_count * page_size FROM pragma_page_count, "
                                        "pragma_page_size")) or 0  # fmt: skip
            return int(whole), 0
        return values, days_


def tables_read(engine: Engine, streams: Sequence[int], province: Province) -> list[str]:
    """Of a week's query as `points` asks it: the months' tables in its plan."""
    if engine.dialect.name != "postgresql":
        return []
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if "FROM observations" in statement:
            asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    with reading(engine) as session:
        points(
            session, streams[:1], LAST - 47 * DAY, LAST - 40 * DAY, "hour", "sum",
            zone=province.timezone,
        )  # fmt: skip
        event.remove(engine, "before_cursor_execute", note)
        statement, values = asked[0]
        plan = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE) {statement}", values)
        lines = [str(row[0]) for row in plan]
    return sorted(set(re.findall(r"observations_(?:\d{4}_\d{2}|default)\b", "\n".join(lines))))


def measure(
    sending: Sending, engine: Engine, province: Province, rows: int, times: int, batches: int,
    say: Say,
) -> dict[str, Any]:  # fmt: skip
    """All of one size."""
    kind = engine.dialect.name
    begun = time.perf_counter()
    streams = fill(engine, province, rows)
    filled_s = time.perf_counter() - begun
    if kind == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    values, days = room(engine)
    with reading(engine) as session:
        count = session.scalar(text("SELECT count(*) FROM observations")) or 0
    say(f"\n{kind}, {count:,} observations of {len(streams):,} series (filled in {filled_s:.0f} s)")
    say(f"| room | {values / count:.0f} bytes a value, {days / count:.0f} more for its day |")
    timings: list[Timed] = []
    for name, ask in questions(engine, province, streams).items():
        row = timed(kind, count, name, times, ask)
        timings.append(row)
        say(f"| {name} | p50 {row.p50_ms} ms | p95 {row.p95_ms} ms | {row.found:,} values |")
    rates = {
        "batches of 1,000": sending.rate(1000, batches),
        "batches of 5,000": sending.rate(5000, batches),
        "batches of 20,000": sending.rate(20_000, max(1, batches // 4)),
        f"{SENDERS} senders, batches of 5,000": sending.rate_of_many(5000, max(1, batches // 4)),
        "known already, batch of 5,000": sending.rate_again(5000, 0),
        "corrections, batch of 5,000": sending.rate_again(5000, 1),
    }
    for name, rate in rates.items():
        say(f"| {name} | {rate:,.0f} a second |")
    read = tables_read(engine, streams, province)
    if read:
        say(f"| a week's query reads | {', '.join(read)} |")
    return {
        "rows": count,
        "streams": len(streams),
        "filled_s": round(filled_s, 1),
        "bytes_a_value": round(values / count, 1),
        "bytes_a_value_of_days": round(days / count, 1),
        "timed": [asdict(row) for row in timings],
        "taken_a_second": {name: round(rate) for name, rate in rates.items()},
        "tables_of_a_week": read,
    }


@contextmanager
def database(folder: Path, url: str | None, postgresql: bool) -> Iterator[str]:
    """Where to fill."""
    if url is not None:
        yield url
    elif postgresql:
        with running_postgres(durable=True) as postgres:
            yield postgres.create("observations")
    else:
        path = folder / "observations.sqlite3"
        for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            each.unlink(missing_ok=True)
        yield f"sqlite:///{path}"


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rows", default=1_000_000, show_default=True, help="in the end")
@click.option("--database", "url", help="an empty database's URL")
@click.option("--postgresql", is_flag=True, help="start a server for as long as this runs")
@click.option("--times", default=40, show_default=True, help="each question is asked")
@click.option("--batches", default=8, show_default=True, help="of each length are sent")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object at the end")
def main(
    folder: Path, rows: int, url: str | None, postgresql: bool, times: int, batches: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Measure observations in a database in FOLDER, or behind a URL."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder.mkdir(parents=True, exist_ok=True)
    province = load_province(Path(__file__).parent.parent / "provinces" / "bac_lieu")
    with database(folder, url, postgresql) as where:
        engine = open_engine(where)
        upgrade(engine)
        sending = Sending(engine, province, empty_series(engine, province, SENT_SERIES))
        sizes = sorted({rows // 100, rows // 10, rows})
        found = [
            measure(
                sending,
                engine,
                province,
                size,
                times,
                batches,
                lambda line: click.echo(line, err=True),
            )
            for size in sizes
        ]
        kind = engine.dialect.name
        engine.dispose()
    (folder / f"observations-{kind}.json").write_text(json.dumps(found, indent=1))
    if as_json:
        click.echo(json.dumps(found))


if __name__ == "__main__":
    main()
