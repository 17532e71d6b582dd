"""The options of a query: `$filter`, `$orderby`, `$top`, `$skip`, `$count`, `$select`, `$expand`,
and `$skiptoken`, which our own `@iot.nextLink` carries."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from api.sensorthings.errors import Refused, quoted
from api.sensorthings.filters import Condition, Path, read_filter, read_moment, read_path

PAGE, MOST = 100, 1000  # entities of an answer: where nothing is said, and at most
FURTHEST = 100_000  # entities that may be skipped; `@iot.nextLink` has no such end
DEEPEST = 3  # expansions within one another
_WHOLE = re.compile(r"\d{1,9}")
_DIRECTIONS = {"asc": False, "desc": True}
_TRUTH = {"true": True, "false": False}

Mark = tuple[str | float | int | datetime, ...]
"""The values by which the last entity of a page was ordered; the next page has what follows."""


@dataclass(frozen=True)
class Order:
    path: Path
    descending: bool = False


@dataclass(frozen=True)
class Options:
    condition: Condition | None = None
    order: tuple[Order, ...] = ()
    top: int = PAGE
    skip: int = 0
    count: bool = False
    select: tuple[str, ...] | None = None
    expand: tuple["Expand", ...] = ()
    after: Mark | None = None


@dataclass(frozen=True)
class Expand:
    """What is told within an entity, in place of the link to it; `given` is how it was asked."""

    navigation: str
    options: Options
    given: tuple[tuple[str, str], ...] = ()


def read_options(given: Iterable[tuple[str, str]], depth: int = 0) -> Options:
    """What the parameters ask for.

    Raises:
        Refused: one cannot be read, stands there twice, or is not known here.
    """
    found: dict[str, str] = {}
    for name, value in given:
        if name in found:
            raise Refused(f"expected {quoted(name)} once")
        found[name] = value
    unknown = [name for name in found if name not in _KNOWN]
    if unknown:
        known = ", ".join(_KNOWN)
        raise Refused(f"expected parameters of {known}, found {quoted(unknown[0])}")
    return Options(
        condition=read_filter(found["$filter"]) if "$filter" in found else None,
        order=tuple(_orders(found.get("$orderby"))),
        top=min(_whole("$top", found.get("$top"), PAGE), MOST),
        skip=_skip(found.get("$skip")),
        count=_truth(found.get("$count")),
        select=_several("$select", found.get("$select")),
        expand=tuple(_expansions(found.get("$expand"), depth)),
        after=read_mark(found["$skiptoken"]) if "$skiptoken" in found else None,
    )


_KNOWN = ("$filter", "$orderby", "$top", "$skip", "$count", "$select", "$expand", "$skiptoken")


def write_mark(mark: Mark) -> str:
    """As an address carries it; clients read nothing into it."""
    plain = [{"at": each.isoformat()} if isinstance(each, datetime) else each for each in mark]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read_mark(text: str) -> Mark:
    """What `write_mark` wrote.

    Raises:
        Refused: it was not written by us.
    """
    try:
        plain = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
        return tuple(_marked(each) for each in plain)
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError, Refused) as error:
        raise Refused("$skiptoken: expected the one of an @iot.nextLink") from error


def _marked(plain: object) -> str | float | int | datetime:
    if isinstance(plain, Mapping):
        return read_moment(plain["at"])
    if isinstance(plain, str | float | int):
        return plain
    raise TypeError


def _whole(name: str, text: str | None, usual: int) -> int:
    if text is None:
        return usual
    if not _WHOLE.fullmatch(text) or not text.isascii():
        raise Refused(f"{name}: expected a whole number from 0, found {quoted(text)}")
    return int(text)


def _skip(text: str | None) -> int:
    found = _whole("$skip", text, 0)
    if found > FURTHEST:
        raise Refused(f"$skip: expected at most {FURTHEST}, found {found}; follow @iot.nextLink")
    return found


def _truth(text: str | None) -> bool:
    if text is None:
        return False
    if text.lower() not in _TRUTH:
        raise Refused(f"$count: expected true or false, found {quoted(text)}")
    return _TRUTH[text.lower()]


def _several(name: str, text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(each.strip() for each in text.split(","))
    if not all(names):
        raise Refused(f"{name}: expected names with commas between them, found {quoted(text)}")
    return names


def _orders(text: str | None) -> Iterator[Order]:
    for each in _several("$orderby", text) or ():
        path, _, direction = each.partition(" ")
        descending = _DIRECTIONS.get(direction.strip().lower() or "asc")
        if descending is None:
            raise Refused(f"$orderby: expected asc or desc, found {quoted(direction)}")
        yield Order(read_path(path), descending)


def _expansions(text: str | None, depth: int) -> Iterator[Expand]:
    if text is None:
        return
    if depth >= DEEPEST:
        raise Refused(f"$expand: expected at most {DEEPEST} levels")
    for each in _split(text, ","):
        name, bracket, rest = each.strip().partition("(")
        if bracket and not rest.endswith(")"):
            raise Refused(f"$expand: expected a closing parenthesis, found {quoted(each)}")
        given = [_pair(option) for option in _split(rest[:-1], ";")] if bracket else []
        first, _, further = name.partition("/")
        if not further:
            yield Expand(first, read_options(given, depth + 1), tuple(given))
            continue
        # `Datastream/Thing`: the options are those of the last.
        inner = f"{further}({rest}" if bracket else further
        given = [("$expand", inner)]
        yield Expand(first, read_options(given, depth + 1), tuple(given))


def _pair(option: str) -> tuple[str, str]:
    name, _, value = option.partition("=")
    return name.strip(), value.strip()


def _split(text: str, mark: str) -> Iterator[str]:
    """At `mark`, but not within parentheses or quotes."""
    depth, quoted_text, begin = 0, False, 0
    for at, letter in enumerate(text):
        if letter == "'":
            quoted_text = not quoted_text
        elif quoted_text:
            continue
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == mark and depth == 0:
            yield text[begin:at]
            begin = at + 1
    yield text[begin:]
