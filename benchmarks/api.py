"""How the API's lists, search, figures and exports grow: `python -m benchmarks.api FOLDER`.

FOLDER gets a database of generated reports for each size and kind (every report says that it is
generated); one that is there already is used again. Each question is asked `--times` times, one
after the other, on warm caches, as a page of 20 whose reports are loaded as the API loads them.
`--sizes 1000000` takes about 2.5 GB and ten minutes for each kind on two idle cores.
"""

import json
import logging
import resource
import statistics as figures
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click
import structlog
from sqlalchemy import Engine, func, select

from api.report_view import WITH_SOUND
from benchmarks.generated_reports import NOW, RARE, SCARCE, generate
from benchmarks.marking import marking
from provinces.loader import load_province
from provinces.schema import Province, UnitKey
from reports.actors import Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.days import pack_days
from reports.errors import ChangedMeanwhile
from reports.export import columns, exported
from reports.models import Report, Update
from reports.search_filters import OPEN, Filters, Near, categories_of, places_of
from reports.search_list import Sort, find_reports
from reports.search_words import read_query
from reports.statistics import counted, statistics
from reports.table_files import csv_lines, write_xlsx
from storage.crypto import use_key
from storage.database import open_engine, reading, transaction
from storage.migrations import current, head, upgrade
from tests.databases.postgresql import running_postgres

PAGE = 21  # and one that tells whether there is more
WRITERS = 8
KEY = b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
STAFF = Actor("benchmark", Party.STAFF)


@dataclass(frozen=True)
class Timed:
    """Milliseconds, on the wall and on the processor of this process."""

    database: str
    reports: int
    question: str
    found: int
    p50_ms: float
    p95_ms: float
    cpu_ms: float


def questions(engine: Engine, province: Province) -> dict[str, tuple[Filters, Sort]]:
    """What is asked, from the commonest to the rarest of each kind."""
    category, rare_category = _ends(engine, Report.category)
    place, rare_place = _ends(engine, Report.place)
    agency, _ = _ends(engine, Report.agency)
    edition, _, code = place.partition(":")
    middle = province.units[UnitKey(edition, code)]

    def said(text: str, **more: Any) -> Filters:
        return Filters(words=read_query(text), **more)

    def near(radius_m: float, **more: Any) -> Filters:
        return Filters(near=Near(middle.latitude, middle.longitude, radius_m), **more)

    month_ago = NOW - timedelta(days=30)
    plain = {
        "list: first page": Filters(),
        "list: open": Filters(statuses=OPEN),
        "list: waiting for the citizen": Filters(statuses=("waiting_citizen",)),
        "list: commonest category": Filters(categories=(category,)),
        "list: rarest category": Filters(categories=(rare_category,)),
        "list: group of categories": Filters(
            categories=categories_of(province, None, ["giao_thong"], None)
        ),
        "list: commonest place, both editions": Filters(places=places_of(province, [place])),
        "list: rarest place and category": Filters(
            places=(rare_place,), categories=(rare_category,)
        ),
        "list: an agency's open ones": Filters(agencies=(agency,), statuses=OPEN),
        "list: an officer's open ones": Filters(officer="officer007", statuses=OPEN),
        "list: urgent": Filters(urgent=True),
        "list: overdue": Filters(overdue=True),
        "list: a month": Filters(received_from=month_ago - timedelta(days=30),
                                 received_to=month_ago),
        "words: in every report": said("generated"),
        "words: common": said("ngập nước"),
        "words: two": said("đèn đường hư"),
        "words: 1 in 100": said(SCARCE),
        "words: 1 in 1000": said(RARE),
        "words: common and rare": said(f"đường {RARE}"),
        "words: in quotes": said('"nước ngập tới"'),
        "words: in no report": said("khongcochunao"),
        "words: common, open": said("ngập", statuses=OPEN),
        "words: common, a category without them": said("giao thông", categories=(rare_category,)),
        "near: 300 m, a town": near(300),
        "near: 5 km, a town": near(5000),
        "near: 300 m, open": near(300, statuses=OPEN),
        "near: 500 m, nothing there": Filters(near=Near(8.6, 104.8, 500)),
    }  # fmt: skip
    found = {name: (filters, Sort.NEWEST) for name, filters in plain.items()}
    found["list: changed last"] = (Filters(), Sort.UPDATED)
    found["list: most urgent deadline"] = (Filters(), Sort.DUE)
    found["list: changed last, commonest category"] = (
        Filters(categories=(category,)),
        Sort.UPDATED,
    )
    return found


def figures_asked(engine: Engine) -> dict[str, Filters]:
    """What figures are asked for."""
    category, _ = _ends(engine, Report.category)
    agency, _ = _ends(engine, Report.agency)
    return {
        "figures: 30 days": Filters(received_from=NOW - timedelta(days=30)),
        "figures: a year": Filters(received_from=NOW - timedelta(days=365)),
        "figures: everything": Filters(),
        "figures: an agency": Filters(agencies=(agency,)),
        "figures: commonest category": Filters(categories=(category,)),
        "figures: open": Filters(statuses=OPEN),
    }


def _ends(engine: Engine, column: Any) -> tuple[str, str]:
    """The commonest value and the rarest."""
    with reading(engine) as session:
        counted = select(column).where(column.is_not(None)).group_by(column)
        values = list(session.scalars(counted.order_by(func.count().desc(), column)))
    return values[0], values[-1]


def ask(engine: Engine, filters: Filters, sort: Sort) -> int:
    """A page as the API reads it."""
    with reading(engine) as session:
        ids = [place.id for place in find_reports(session, filters, NOW, PAGE, sort)]
        session.scalars(select(Report).where(Report.id.in_(ids)).options(*WITH_SOUND)).all()
    return len(ids)


def timed(database: str, size: int, name: str, times: int, work: Callable[[], int]) -> Timed:
    """After one time that does not count."""
    found = work()
    walls, processor = [], time.process_time()
    for _ in range(times):
        begun = time.perf_counter()
        work()
        walls.append(1000 * (time.perf_counter() - begun))
    cpu = 1000 * (time.process_time() - processor) / times
    walls.sort()
    p95 = walls[min(len(walls) - 1, round(0.95 * len(walls)))]
    return Timed(
        database, size, name, found, round(figures.median(walls), 2), round(p95, 2), round(cpu, 2)
    )


def export(engine: Engine, province: Province, rows: int, xlsx: bool) -> tuple[float, float]:
    """Rows a second, and by how many MB the process grew."""
    shown = columns(province, lambda unit: unit, words=True)
    table = exported(engine, Filters(), shown, NOW)

    def first() -> Iterator[Any]:
        for number, row in enumerate(table):
            if number >= rows:
                return
            yield row

    heading = [column.name for column in shown]
    before, begun = _peak_mb(), time.perf_counter()
    if xlsx:
        with Path("/dev/null").open("wb") as nowhere:
            write_xlsx(nowhere, heading, first(), province.timezone)
    else:
        for _ in csv_lines(heading, first()):
            pass
    return rows / (time.perf_counter() - begun), _peak_mb() - before


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True)
class Written:
    """`lost`: changes that were told to be done and are not there."""

    per_s: float
    done: int
    refused: int
    lost: int


def write(engine: Engine, province: Province, seconds: float) -> Written:
    """Eight at once change the same few reports and others, each having looked first."""
    with reading(engine) as session:
        newest = select(Report.id).order_by(Report.requested_at.desc()).limit(64)
        ids = list(session.scalars(newest))
        versions = dict(
            session.execute(select(Report.id, Report.version).where(Report.id.in_(ids))).all()
        )
        noted = _noted(engine)
    end = time.monotonic() + seconds
    done, refused = [0] * WRITERS, [0] * WRITERS

    def work(writer: int) -> None:
        number = writer
        while time.monotonic() < end:
            number += 7
            report_id = ids[number % (8 if number % 2 else len(ids))]
            with reading(engine) as session:
                seen = session.scalar(select(Report.version).where(Report.id == report_id))
            try:
                with transaction(engine) as session:
                    change = Change(internal_text=f"generated {writer} {number}")
                    change_report(session, province, report_id, change, STAFF, NOW, seen)
                done[writer] += 1
            except ChangedMeanwhile:
                refused[writer] += 1

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begun
    with reading(engine) as session:
        after = dict(
            session.execute(select(Report.id, Report.version).where(Report.id.in_(ids))).all()
        )
    counted = sum(after[each] - versions[each] for each in ids)
    lost = max(sum(done) - counted, sum(done) - (_noted(engine) - noted))
    return Written(round(sum(done) / took, 1), sum(done), sum(refused), lost)


def _noted(engine: Engine) -> int:
    with reading(engine) as session:
        mine = select(func.count()).select_from(Update).where(Update.author == STAFF.id)
        return session.scalar(mine) or 0


def measure(
    engine: Engine, province: Province, size: int, times: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """All of one database."""
    kind = engine.dialect.name
    rows: list[Timed] = []

    def note(row: Timed) -> None:
        rows.append(row)
        say(f"| {kind} | {size:,} | {row.question} | {row.p50_ms} | {row.p95_ms} | {row.cpu_ms} |")

    for name, (filters, sort) in questions(engine, province).items():
        note(timed(kind, size, name, times, partial(ask, engine, filters, sort)))
    for name, filters in figures_asked(engine).items():

        def count(filters: Filters = filters) -> int:
            with reading(engine) as session:
                return statistics(session, province, filters, NOW).total

        note(timed(kind, size, name, times, count))

    def by_the_database() -> int:
        with reading(engine) as session:
            return counted(session, province, Filters(), NOW).total

    note(timed(kind, size, "figures: everything, by the database", 3, by_the_database))
    exports = {}
    for ending, most in (("csv", min(size, 200_000)), ("xlsx", min(size, 20_000))):
        per_s, grown = export(engine, province, most, ending == "xlsx")
        exports[ending] = {"rows_per_s": round(per_s), "grown_mb": round(grown, 1)}
        say(f"| {kind} | {size:,} | export {ending} | {per_s:,.0f} rows/s | +{grown:.1f} MB | |")
    written = write(engine, province, 10.0)
    say(f"| {kind} | {size:,} | {WRITERS} writers | {written} | | |")
    marked = marking(engine, province)
    say(f"| {kind} | {size:,} | marks | {marked} | | |")
    return {
        "timed": [asdict(row) for row in rows],
        "export": exports,
        "written": asdict(written),
        "marking": asdict(marked),
    }


@contextmanager
def databases(folder: Path, kinds: Sequence[str], sizes: Sequence[int]) -> Iterator[Any]:
    """(size, URL) of each; PostgreSQL's live only as long as this runs."""
    urls = [
        (size, f"sqlite:///{folder / f'generated-{size}.sqlite3'}")
        for size in sizes
        if "sqlite" in kinds
    ]
    if "postgresql" not in kinds:
        yield urls
        return
    with running_postgres(durable=True) as postgres:
        yield [*urls, *((size, postgres.create(f"generated_{size}")) for size in sizes)]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--sizes", default="10000,100000", show_default=True, help="with commas between")
@click.option("--kinds", default="sqlite,postgresql", show_default=True, help="of database")
@click.option("--times", default=40, show_default=True, help="each question is asked")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object at the end")
def main(folder: Path, sizes: str, kinds: str, times: int, as_json: bool) -> None:
    """Measure the API's questions on generated reports kept in FOLDER."""
    # A line for each change would be more work than the change.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    use_key(KEY)
    folder.mkdir(parents=True, exist_ok=True)
    province = load_province(Path(__file__).parent.parent / "provinces" / "bac_lieu")

    def say(line: str) -> None:
        click.echo(line, err=as_json)

    found = []
    wanted = [int(each) for each in sizes.split(",")]
    with databases(folder, kinds.split(","), wanted) as urls:
        say("| database | reports | question | p50 ms | p95 ms | own CPU ms |")
        say("|---|---|---|---|---|---|")
        for size, url in urls:
            engine = open_engine(url)
            if current(engine) is None:
                upgrade(engine)
                begun = time.monotonic()
                generate(engine, province, size)
                say(f"<!-- {size:,} generated in {time.monotonic() - begun:.0f} s -->")
            elif current(engine) != head():
                upgrade(engine)
            begun = time.monotonic()
            if days := pack_days(engine):
                say(f"<!-- {days} days packed in {time.monotonic() - begun:.0f} s -->")
            found.append(measure(engine, province, size, times, say))
            engine.dispose()
    if as_json:
        click.echo(json.dumps(found))


if __name__ == "__main__":
    sys.exit(main())
