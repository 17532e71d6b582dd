"""Where in a TOML text every table and value stands.

The standard reader keeps no positions. This scan may be lenient: it runs only over text that the
TOML reader has accepted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Location = tuple[str | int, ...]

_TABLE = re.compile(r"[ \t]*(\[\[?)([^\[\]#\n]+)\]\]?")
_KEY = re.compile(r"[ \t]*((?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')(?:[ \t]*\.[ \t]*[\w\"'-]+)*)[ \t]*=")
_VALUE_PART = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]',
    re.DOTALL,
)


@dataclass(frozen=True)
class Entry:
    """A header or a `key = value`; offsets into the text, `end` after its line's end.

    `table` is where it belongs; of a key, `value` to `value_end` is what stands behind the `=`.
    """

    kind: Literal["table", "array", "key"]
    location: Location
    table: Location
    start: int
    value: int
    value_end: int
    end: int


def entries(text: str) -> Iterator[Entry]:
    """Headers and keys in the order of the text. An array's header is its newest table."""
    table: Location = ()
    counts: dict[Location, int] = {}
    position = 0
    while position < len(text):
        if found := _TABLE.match(text, position):
            path = _path(found[2])
            table = (*_current(path[:-1], counts), path[-1])
            of_array = found[1] == "[["
            if of_array:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            end = _end_of_line(text, found.end())
            kind: Literal["table", "array"] = "array" if of_array else "table"
            yield Entry(kind, table, table, position, end, end, end)
            position = end
        elif found := _KEY.match(text, position):
            value_end = _end_of_value(text, found.end())
            end = _end_of_line(text, value_end)
            yield Entry(
                "key",
                (*table, *_path(found[1])),
                table,
                position,
                found.end(),
                found.end() + len(text[found.end() : value_end].rstrip()),
                end,
            )
            position = end
        else:
            position = _end_of_line(text, position)


def lines(text: str) -> Iterator[tuple[Location, int]]:
    """Every location and the line on which it begins, counted from 1."""
    for entry in entries(text):
        line = text.count("\n", 0, entry.start) + 1
        if entry.kind == "key":
            # Of `name.vi`, `name` stands here too.
            for length in range(len(entry.table) + 1, len(entry.location) + 1):
                yield entry.location[:length], line
        else:
            if entry.kind == "array":
                yield entry.location[:-1], line
            yield entry.location, line


def _path(dotted: str) -> Location:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _current(path: Location, counts: dict[Location, int]) -> Location:
    """`path` with the index of the entry being written added after each array of tables."""
    location: Location = ()
    for part in path:
        location = (*location, part)
        if location in counts:
            location = (*location, counts[location])
    return location


def _end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


def _end_of_value(text: str, position: int) -> int:
    """Where the value ends: before the comment or the line's end behind it."""
    depth = 0
    for part in _VALUE_PART.finditer(text, position):
        if part[0] in "[{":
            depth += 1
        elif part[0] in "]}":
            depth -= 1
        elif depth == 0 and part[0][0] in "#\n":
            return part.start()
    return len(text)
