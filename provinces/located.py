"""Text files read so that every value can be traced to the line it stands on.

The standard TOML reader keeps no positions, so `provinces.toml_scan` finds the line of every key
and table in the same text.
"""

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from provinces.errors import Problem
from provinces.toml_scan import Location as Location
from provinces.toml_scan import lines

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")


@dataclass
class Report:
    """Collects the problems of one pack, so that a single run shows them all.

    `texts` are read instead of the files of these names.
    """

    folder: Path
    texts: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)  # nothing is said of what would refer to them

    def add(self, file: str, line: int | None, message: str) -> None:
        self.problems.append(Problem(file, line, message))

    def problems_in(self, folder: str) -> list[Problem]:
        """The problems found so far in files of that folder of the pack."""
        return [problem for problem in self.problems if problem.file.startswith(f"{folder}/")]


@dataclass(frozen=True)
class Document:
    """One TOML file: its values and the lines they stand on."""

    file: str
    values: dict[str, object]
    lines: dict[Location, int]

    def line(self, *location: str | int) -> int:
        """The line of that value, or of the nearest thing around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)


@dataclass(frozen=True)
class Row:
    """One record of a table and the line it ends on."""

    file: str
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


def read_toml(report: Report, file: str) -> Document | None:
    """The document in `file`; None after a problem was added to `report`."""
    text = read_text(report, file)
    if text is None:
        return None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        report.add(file, line, f"not TOML: {_AT_LINE.sub('', str(error))}")
        report.unreadable.add(file)
        return None
    return Document(file, values, dict(lines(text)))


def read_csv(report: Report, file: str, columns: Sequence[str]) -> list[Row]:
    """The rows of `file`, whose first line must name exactly `columns`; cells are stripped."""
    text = read_text(report, file)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header, *records = [(reader.line_num, cells) for cells in reader] or [(1, [])]
    except csv.Error as error:
        report.add(file, reader.line_num, f"not a table: {error}")
        report.unreadable.add(file)
        return []
    if header[1] != list(columns):
        message = f"expected columns {','.join(columns)}, found {','.join(header[1])}"
        report.add(file, 1, message)
        report.unreadable.add(file)
        return []
    rows = []
    for line, cells in records:
        if len(cells) != len(columns):
            report.add(file, line, f"expected {len(columns)} cells, found {len(cells)}")
            continue
        values = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
        rows.append(Row(file, line, values))
    return rows


def read_text(report: Report, file: str) -> str | None:
    """The text of `file`, UTF-8 and NFC; None after a problem that stops reading."""
    written = report.texts.get(file)
    try:
        data = written.encode() if written is not None else (report.folder / file).read_bytes()
    except FileNotFoundError:
        report.add(file, None, "the file is missing")
        report.unreadable.add(file)
        return None
    except OSError as error:
        report.add(file, None, f"cannot be read: {error.strerror}")
        report.unreadable.add(file)
        return None
    try:
        text = data.decode("utf-8-sig")  # spreadsheets put a byte order mark before a table
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.add(file, line, f"not UTF-8: byte 0x{data[error.start]:02x}")
        report.unreadable.add(file)
        return None
    for number, line_text in enumerate(text.split("\n"), start=1):
        if not unicodedata.is_normalized("NFC", line_text):
            # Two encodings of one letter would make equal names unequal.
            report.add(file, number, "accents are not in composed form (Unicode NFC)")
    return text.replace("\r\n", "\n")
