"""Lines of a CSV file as cells, however large the file is: one line is held at a time.

A record is one line. A quotation mark that nobody closes therefore spoils its own line and not
the million that follow; our columns have no text of several lines.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from monitoring.errors import UnreadableCsv

MOST_LINE_BYTES = 4000
_MARK = b"\xef\xbb\xbf"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ";\t,"


@dataclass(frozen=True)
class Cells:
    """A line's cells, without spaces around them. `number` counts from 1, the header's line too."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be taken apart."""

    number: int
    why: Literal["long", "encoding", "quotes"]


class CsvLines:
    """A file's header, read at once, and then its lines.

    Attributes:
        separator: what stands between cells: of `;`, tab and `,` what the header has most.
        header: its cells.

    Raises:
        UnreadableCsv: there is no header, or it is not UTF-8.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._number = 0
        first = self._raw()
        while first is not None and first.removeprefix(_MARK).strip() == b"":
            first = self._raw()
        if first is None:
            raise UnreadableCsv("empty", "a header and lines", "nothing")
        if first.startswith(_OTHER_ENCODINGS) or b"\0" in first:
            raise UnreadableCsv("encoding", "UTF-8", "UTF-16")
        try:
            text = first.removeprefix(_MARK).decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnreadableCsv("encoding", "UTF-8", "another encoding") from error
        if len(first) > MOST_LINE_BYTES:
            found = f"a first line of more than {MOST_LINE_BYTES} bytes"
            raise UnreadableCsv("long", "a header and lines", found)
        self.separator = max(_SEPARATORS, key=text.count)
        try:
            self.header = self._cells(text)
        except csv.Error as error:
            raise UnreadableCsv("quotes", "quotation marks in pairs", "one alone") from error

    def __iter__(self) -> Iterator[Cells | BadLine]:
        """Every line after the header that is not empty."""
        while (raw := self._raw()) is not None:
            if not raw.strip(b" \t\r\n;,"):
                continue  # as spreadsheets write empty rows
            if len(raw) > MOST_LINE_BYTES:
                yield BadLine(self._number, "long")
                continue
            try:
                yield Cells(self._number, self._cells(raw.decode("utf-8")))
            except UnicodeDecodeError:
                yield BadLine(self._number, "encoding")
            except csv.Error:
                yield BadLine(self._number, "quotes")

    def _raw(self) -> bytes | None:
        """The next line; of one that is too long its beginning. None at the end."""
        raw = self._stream.readline(MOST_LINE_BYTES + 1)
        if not raw:
            return None
        self._number += 1
        rest = raw
        while len(rest) > MOST_LINE_BYTES and not rest.endswith(b"\n"):
            rest = self._stream.readline(MOST_LINE_BYTES + 1)
        return raw

    def _cells(self, text: str) -> Sequence[str]:
        if '"' not in text:
            return [cell.strip() for cell in text.split(self.separator)]
        (cells,) = csv.reader([text], delimiter=self.separator, strict=True)
        return [cell.strip() for cell in cells]
