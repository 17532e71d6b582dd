"""Changes single values of a TOML text and leaves the rest as its author wrote it.

The comments of a pack hold the reasons for its figures: writing a file anew would lose them. What
comes out is read again and compared with what it was to mean, so a slip of this editor is an error
and never a wrong figure.
"""

import copy
import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from provinces.errors import UneditableText
from provinces.toml_scan import Entry, Location, entries

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONG = 88


def set_value(text: str, path: Location, value: Any) -> str:
    """The text with `value` at `path`; None takes what is there out.

    Raises:
        UneditableText: the text is no TOML, or is written in a way that this cannot change.
    """
    wanted = values_of(text)
    _put(wanted, path, value)
    found = list(entries(text))
    at = _entry_around(found, path)
    if at is None and _are_tables(value):
        changed = _with_tables(text, found, path, value)
    elif at is not None and len(at.location) == len(path) and value is None:
        changed = text[: at.start] + text[at.end :]
    elif at is not None:
        # A part of an inline table is written with the whole of it.
        whole = _value_at(wanted, at.location)
        changed = f"{text[: at.value]} {_inline(whole)}{text[at.value_end :]}"
    elif value is None:
        changed = _without_tables(text, found, path)
    else:
        changed = _with_key(text, found, path, value)
    return _checked(changed, wanted)


def add_table(text: str, path: Location, values: Mapping[str, Any]) -> str:
    """The text with one more `[[path]]`, behind the last one that there is.

    Raises:
        UneditableText: as `set_value`.
    """
    wanted = values_of(text)
    existing = list(_value_at(wanted, path) or ())
    _put(wanted, path, [*existing, dict(values)])
    found = list(entries(text))
    if (at := _entry_around(found, path)) is not None:
        whole = _value_at(wanted, at.location)
        changed = f"{text[: at.value]} {_inline(whole)}{text[at.value_end :]}"
        return _checked(changed, wanted)
    inside = [each for each in found if each.table[: len(path)] == path]
    position = inside[-1].end if inside else len(text)
    before = text[:position].rstrip("\n")
    after = text[position:]
    changed = f"{before}\n\n{_table(path, values)}" + (
        f"\n{after.lstrip(chr(10))}" if after else ""
    )
    return _checked(changed, wanted)


def values_of(text: str) -> dict[str, Any]:
    """The values of a TOML text.

    Raises:
        UneditableText: it is none.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UneditableText(f"expected TOML, found {error}") from error


def _checked(changed: str, wanted: Mapping[str, Any]) -> str:
    try:
        found: dict[str, Any] | None = tomllib.loads(changed)
    except tomllib.TOMLDecodeError:
        found = None
    if found != wanted:
        raise UneditableText("expected tables and keys on lines of their own, found another form")
    return changed


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _entry_around(found: Sequence[Entry], path: Location) -> Entry | None:
    """The `key = value` whose value is at `path` or has it within."""
    return next(
        (
            each
            for each in found
            if each.kind == "key" and path[: len(each.location)] == each.location
        ),
        None,
    )


def _value_at(values: Any, path: Location) -> Any:
    for part in path:
        if isinstance(values, list):
            values = values[part] if isinstance(part, int) and part < len(values) else None
        else:
            values = values.get(part) if isinstance(values, dict) else None
    return values


def _put(values: dict[str, Any], path: Location, value: Any) -> None:
    """Set what is at `path`, or take it out; tables on the way are made."""
    here: Any = values
    for part, following in itertools.pairwise(path):
        if isinstance(here, list):
            if not isinstance(part, int) or part >= len(here):
                raise UneditableText(f"expected an entry at {_name(path)}, found none")
            here = here[part]
        else:
            here = here.setdefault(part, [] if isinstance(following, int) else {})
    last: Any = path[-1]
    if value is not None:
        here[last] = copy.deepcopy(value)
    elif isinstance(here, list):
        del here[last]
    else:
        here.pop(last, None)
    if value is None and isinstance(last, int) and not here:
        # An array without tables is written by leaving it out.
        _put(values, path[:-1], None)
    elif value is None and len(path) > 1 and here == {} and isinstance(path[-2], str):
        _put(values, path[:-1], None)


def _without_tables(text: str, found: Sequence[Entry], path: Location) -> str:
    """Without every header and key of that table; comments between them stay."""
    pieces, position = [], 0
    for entry in found:
        if entry.location[: len(path)] == path:
            pieces.append(text[position : entry.start])
            position = entry.end
    pieces.append(text[position:])
    return re.sub(r"\n{3,}", "\n\n", "".join(pieces))


def _with_tables(
    text: str, found: Sequence[Entry], path: Location, tables: Sequence[Mapping[str, Any]]
) -> str:
    """With exactly these `[[path]]`, where the first of them stood."""
    inside = [each for each in found if each.table[: len(path)] == path]
    start = inside[0].start if inside else len(text)
    written = "\n".join(_table(path, each) for each in tables)
    pieces, position = [], 0
    for entry in inside:
        pieces.append(text[position : entry.start])
        if entry.start == start:
            pieces.append(written)
        position = entry.end
    pieces.append(text[position:])
    if not inside and written:
        pieces.append(f"\n{written}")
    return re.sub(r"\n{3,}", "\n\n", "".join(pieces))


def _with_key(text: str, found: Sequence[Entry], path: Location, value: Any) -> str:
    """With a new key, behind the others of the innermost table that is there already."""
    headers = {each.location: each for each in found if each.kind != "key"}
    length = next((n for n in range(len(path) - 1, 0, -1) if path[:n] in headers), 0)
    table = path[:length]
    inside = [each for each in found if each.kind == "key" and each.table == table]
    if any(isinstance(part, int) for part in path[length:]):
        raise UneditableText(f"expected an entry at {_name(path)}, found none")
    key = ".".join(_key(str(part)) for part in path[length:])
    after = inside[-1] if inside else headers.get(table)
    position = after.end if after is not None else 0
    before = text[:position]
    if before and not before.endswith("\n"):
        before += "\n"
    return f"{before}{key} = {_inline(value)}\n{text[position:]}"


def _table(path: Location, values: Mapping[str, Any]) -> str:
    name = ".".join(_key(str(part)) for part in path if isinstance(part, str))
    rows = [f"[[{name}]]"]
    for key, value in values.items():
        if isinstance(value, Mapping):
            rows += [f"{_key(key)}.{_key(each)} = {_inline(told)}" for each, told in value.items()]
        elif value is not None:
            rows.append(f"{_key(key)} = {_inline(value)}")
    return "\n".join(rows) + "\n"


def _inline(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _string(value)
        case date() | time():
            return value.isoformat()
        case Mapping():
            inside = ", ".join(f"{_key(key)} = {_inline(each)}" for key, each in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            written = [_inline(each) for each in value]
            one_line = f"[{', '.join(written)}]"
            if len(one_line) <= _LONG:
                return one_line
            return "[\n" + "".join(f"  {each},\n" for each in written) + "]"
        case _:
            raise UneditableText(f"expected what TOML can hold, found {type(value).__name__}")


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04x}", escaped) + '"'


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _name(path: Location) -> str:
    return ".".join(str(part) for part in path)
