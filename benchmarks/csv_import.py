"""How long a long CSV file takes: `python -m benchmarks.csv_import FOLDER --lines 1000000`.

FOLDER gets the file and a new database (or `--database URL`, which must be empty and migrated).
Of a thousand lines one is faulty, in turn in each way that there is, and two say again what was
said. First the file is looked through, then stored, then sent again. Told: seconds, lines a second,
and how much memory the process held (RSS) before, in the middle and at its most.
"""

import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy import Engine

from benchmarks.console import KEY
from monitoring.csv_in import Imported, bring_in, look_through
from provinces.loader import find_province, load_province
from provinces.modules import SYSTEM, IndicatorLevel, Period
from provinces.schema import Province
from storage.crypto import use_key
from storage.database import open_engine
from storage.migrations import upgrade

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HEADER = "phenomenon_time;indicator;unit;value;measure;source\n"
FAULTS = (
    "31/02/2026 07:00;{indicator};{unit};1;;",
    "20/11/2026 07:00;no.such;{unit};1;;",
    "20/11/2026 07:00;{indicator};Phường 1;1;;",
    "20/11/2026 07:00;{indicator};{unit};1.234;;",
    "20/11/2026 07:00;{indicator};{unit};-1;;",
    "20/11/2099 07:00;{indicator};{unit};1;;",
    "20/11/2026 07:00;{indicator};{unit};1;năm ánh sáng;",
    "20/11/2026 07:00;{indicator};{unit};1;;nobody",
    "20/11/2026 07:00;{indicator}",
    '20/11/2026 07:00;{indicator};"{unit};1;;',
)
_SAMPLE = 10_000  # lines between two looks at the memory
_PAGE_BYTES = 4096


class Watched(io.BytesIO):
    """A file that looks at the process's memory while it is read line by line."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._read = 0
        self.mb: list[float] = []

    def readline(self, size: int | None = -1, /) -> bytes:
        if self._read % _SAMPLE == 0:
            self.mb.append(held_mb())
        self._read += 1
        return self._file.readline(-1 if size is None else size)


def held_mb() -> float:
    """What the process holds in memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * _PAGE_BYTES / 1e6


def lines(province: Province, count: int) -> Iterator[str]:
    """Figures of every commune, hour after hour, the newest last."""
    told = [
        each
        for each in province.indicators.values()
        if each.source != SYSTEM
        and each.level is IndicatorLevel.UNIT
        and each.period is Period.HOUR
        and each.highest >= 10
    ][:8]
    units = [
        unit.full_name
        for unit in province.units.values()
        if unit.key.edition == province.current_edition and unit.parent is not None
    ]
    hours = count // (len(told) * len(units)) + 1
    number = 0
    line = ""
    while number < count:
        hour, place = divmod(number, len(told) * len(units))
        at = (NOW - timedelta(hours=hours - hour)).astimezone(province.timezone)
        indicator, unit = told[place // len(units)], units[place % len(units)]
        number += 1
        if number % 1000 == 0:
            fault = FAULTS[number // 1000 % len(FAULTS)]
            yield fault.format(indicator=indicator.code, unit=unit) + "\n"
        elif number % 500 == 1 and line:
            yield line
        else:
            value = f"{max(indicator.lowest, number % 10)}".replace(".", ",")
            line = f"{at:%d/%m/%Y %H:%M};{indicator.code};{unit};{value};;{indicator.source}\n"
            yield line


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--lines", "count", default=1_000_000, show_default=True)
@click.option("--database", help="URL; else a new SQLite file in FOLDER.")
@click.option("--json", "as_json", is_flag=True)
def main(folder: Path, count: int, database: str | None, as_json: bool) -> None:
    use_key(KEY)
    province = load_province(find_province("bac_lieu"))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{count}.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write(HEADER)
        out.writelines(lines(province, count))
    kept = folder / "csv_import.sqlite3"
    if database is None:
        kept.unlink(missing_ok=True)
    engine = open_engine(database or f"sqlite:///{kept}")
    upgrade(engine)
    size_bytes, backend = file.stat().st_size, engine.dialect.name
    runs = {
        "looked through": lambda stream: look_through(stream, province, NOW),
        "stored": lambda stream: _stored(engine, province, stream),
        "sent again": lambda stream: _stored(engine, province, stream),
    }
    results = {name: _measured(file, run) for name, run in runs.items()}
    engine.dispose()
    if as_json:
        click.echo(
            json.dumps(
                {"lines": count, "bytes": size_bytes, "backend": backend, "runs": results},
                ensure_ascii=False,
            )
        )
        return
    click.echo(f"{count} lines, {size_bytes / 1e6:.1f} MB, {backend}")
    for name, result in results.items():
        shown = ", ".join(f"{key} {value}" for key, value in result.items())
        click.echo(f"{name}: {shown}")


def _stored(engine: Engine, province: Province, stream: BinaryIO) -> Imported:
    return bring_in(engine, province, stream, lambda: NOW, "benchmark")


def _measured(file: Path, run: Callable[[BinaryIO], Imported]) -> dict[str, float]:
    with file.open("rb") as stream:
        watched = Watched(stream)
        begin = time.perf_counter()
        found = run(watched)
        took_s = time.perf_counter() - begin
    return {
        "s": round(took_s, 1),
        "lines_a_second": round(found.lines / took_s),
        "mb_before": round(watched.mb[0], 1),
        "mb_middle": round(watched.mb[len(watched.mb) // 2], 1),
        "mb_most": round(max(watched.mb), 1),
        "new": found.new,
        "repeated": found.repeated,
        "corrected": found.corrected,
        "faults": found.fault_count,
        "faults_told": len(found.faults),
    }


if __name__ == "__main__":
    main()
