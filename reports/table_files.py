"""A table as one file: CSV in pieces as it is sent, XLSX row by row; never held whole.

Making a workbook of 100,000 reports takes some 20 s of processor: a process makes one at a time.
"""

import csv
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import IO, Any

from reports.errors import ExportBusy
from reports.export import Cell

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOM = "\ufeff"  # without it Excel takes UTF-8 for something else
_ROWS_SENT = 500
_LEFT_AFTER = timedelta(hours=1)
RETRY_AFTER_S = 30
_making = threading.Lock()
_MOST_ROWS = 1_048_575  # of one XLSX sheet, below its heading
# A spreadsheet takes what begins like this for a formula, and may send the table elsewhere.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(heading: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
    """The table in pieces of some hundred lines."""
    lines: list[str] = [_BOM]
    writer = csv.writer(_Kept(lines.append))
    writer.writerow(heading)
    for number, row in enumerate(rows, 1):
        writer.writerow([_IN_CSV[type(cell)](cell) for cell in row])
        if number % _ROWS_SENT == 0:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


class _Kept:
    """A "file" whose lines are handed on as they are written."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self.write = write


def _text(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _as_it_is(cell: Any) -> Any:
    return cell


# By type, as every cell of a million rows passes here; moments are UTC.
_IN_CSV: Mapping[type, Callable[[Any], Any]] = {
    str: _text,
    bool: int,
    datetime: lambda cell: cell.isoformat()[:19] + "Z",
    type(None): _as_it_is,
    int: _as_it_is,
    float: _as_it_is,
}


def make_xlsx(
    folder: Path,
    heading: Sequence[str],
    rows: Iterator[Sequence[Cell]],
    timezone: tzinfo,
    now: datetime,
) -> IO[bytes]:
    """The table as a workbook, to be read and closed; it is gone then.

    All that is written on the way lies in `folder`, which nobody else may read.

    Raises:
        ExportBusy: this process makes another one.
    """
    if not _making.acquire(blocking=False):
        raise ExportBusy("another workbook is being made")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        _clear(folder, now)
        file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # whoever sends it closes it
        try:
            write_xlsx(file, heading, rows, timezone, folder)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file
    finally:
        _making.release()


def _clear(folder: Path, now: datetime) -> None:
    """What processes that were killed have left. Others may be writing theirs."""
    before = (now - _LEFT_AFTER).timestamp()
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()


def write_xlsx(
    file: Any,
    heading: Sequence[str],
    rows: Iterator[Sequence[Cell]],
    timezone: tzinfo,
    folder: Path | None = None,
) -> None:
    """The table as a workbook, row by row; texts are texts whatever they begin with."""
    # XlsxWriter: kept for a dozen years, needs nothing else, and writes each row as it comes.
    from xlsxwriter import Workbook

    with Workbook(
        file,
        {
            "constant_memory": True,
            "tmpdir": str(folder) if folder else None,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet, at = None, _MOST_ROWS
        for row in rows:
            if at >= _MOST_ROWS:
                sheet, at = _sheet(book, heading, bold), 0
            at += 1
            for index, cell in enumerate(row):
                _write(sheet, at, index, cell, moment, timezone)
        if sheet is None:
            _sheet(book, heading, bold)


def _sheet(book: Any, heading: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for index, name in enumerate(heading):
        sheet.write_string(0, index, name, bold)
    return sheet


def _write(sheet: Any, row: int, index: int, cell: Cell, moment: Any, timezone: tzinfo) -> None:
    match cell:
        case None:
            pass
        case str():
            sheet.write_string(row, index, cell)
        case bool():
            sheet.write_boolean(row, index, cell)
        case datetime():  # a workbook knows no zones
            local = cell.astimezone(timezone).replace(tzinfo=None)
            sheet.write_datetime(row, index, local, moment)
        case _:
            sheet.write_number(row, index, cell)
