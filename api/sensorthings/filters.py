"""`$filter` as a tree: what is compared with what. It knows neither tables nor entities.

condition = all of conditions, joined by `or`, of conditions joined by `and`
one       = `not` one | `(` condition `)` | function(path, 'text') | path operator literal
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal as Only
from typing import TypeAlias

from api.sensorthings.errors import Refused, quoted

LONGEST = 4000  # characters of a filter
DEEPEST = 30  # parentheses and `not` within one another
_LONGEST_WHOLE = 18

Operator = Only["eq", "ne", "gt", "ge", "lt", "le"]
Function = Only["startswith", "endswith", "contains"]
Path = tuple[str, ...]
"""`Datastream/Thing/id` as its parts; `@iot.id` is called `id`."""
Value: TypeAlias = str | float | int | bool | datetime | None


@dataclass(frozen=True)
class Compare:
    """The path's value stands so to the literal."""

    path: Path
    operator: Operator
    literal: Value


@dataclass(frozen=True)
class Text:
    """The path's text begins with, ends with or contains the other."""

    path: Path
    function: Function
    literal: str


@dataclass(frozen=True)
class Not:
    part: "Condition"


@dataclass(frozen=True)
class And:
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Condition", ...]


Condition: TypeAlias = Compare | Text | Not | And | Or

_MIRRORED: dict[str, Operator] = {
    "eq": "eq",
    "ne": "ne",
    "gt": "lt",
    "ge": "le",
    "lt": "gt",
    "le": "ge",
}
_OPERATORS: dict[str, Operator] = {name: name for name in _MIRRORED.values()}
_FUNCTIONS: dict[str, Function] = {
    "startswith": "startswith",
    "endswith": "endswith",
    "contains": "contains",
}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_TOKENS = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*')
  | (?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+\- ]\d\d:\d\d)?)
  | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?(?![\w.]))
  | (?P<word>@?[A-Za-z_][\w@.]*(?:/@?[A-Za-z_][\w@.]*)*)
  | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)


def read_filter(text: str) -> Condition:
    """The condition that `$filter` says.

    Raises:
        Refused: it cannot be read, or takes what is not understood here.
    """
    if len(text) > LONGEST:
        raise Refused(f"$filter: expected at most {LONGEST} characters, found {len(text)}")
    if "\0" in text:
        raise Refused("$filter: expected text, found a zero byte")
    reader = _Reader(_tokens(text))
    found = reader.condition(0)
    reader.end()
    return found


def read_path(text: str) -> Path:
    """`Datastream/@iot.id` as its parts."""
    return tuple("id" if part == "@iot.id" else part for part in text.split("/"))


def read_moment(text: str) -> datetime:
    """An aware moment in UTC.

    Raises:
        Refused: it is none, or has no zone.
    """
    try:
        # Whoever writes `+07:00` in an address without encoding it, sends a space.
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Refused(
        f"expected a moment with its zone such as 2026-01-31T07:00:00+07:00, found {quoted(text)}"
    )


def joined(*parts: Condition | None) -> Condition | None:
    """All of them at once; None where there are none."""
    given = tuple(part for part in parts if part is not None)
    return And(given) if len(given) > 1 else next(iter(given), None)


_Token = tuple[str, str]  # kind and text
_END: _Token = ("end", "")


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKENS.match(text, at)
        if match is None or match.lastgroup is None:
            raise Refused(
                f"$filter: expected a name, a value or a parenthesis at {text[at:][:20]!r}"
            )
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def condition(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Refused(f"$filter: expected at most {DEEPEST} levels of parentheses")
        parts = [self._all(depth)]
        while self._took("or"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise self._unexpected("and, or, or the end")

    def _all(self, depth: int) -> Condition:
        parts = [self._one(depth)]
        while self._took("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Refused(f"$filter: expected at most {DEEPEST} levels of not")
        if self._took("not"):
            return Not(self._one(depth + 1))
        if self._took("("):
            inner = self.condition(depth + 1)
            self._must("(", ")")
            return inner
        kind, text = self._peek()
        if kind == "word" and self._peek(1) == ("mark", "("):
            return self._function(text)
        return self._comparison()

    def _function(self, name: str) -> Condition:
        first_is_literal = name == "substringof"  # of the standard's older edition
        function = "contains" if first_is_literal else _FUNCTIONS.get(name)
        if function is None:
            known = ", ".join(_FUNCTIONS)
            raise Refused(f"$filter: expected one of {known}, found the function {quoted(name)}")
        self._at += 2
        first = self._operand()
        self._must(name, ",")
        second = self._operand()
        self._must(name, ")")
        path, literal = (second, first) if first_is_literal else (first, second)
        if not isinstance(path, tuple) or not isinstance(literal, str):
            raise Refused(f"$filter: expected a name and a text in quotes in {name}()")
        if self._peek() == ("word", "eq") and self._peek(1) == ("word", "true"):
            self._at += 2
        return Text(path, _FUNCTIONS[function], literal)

    def _comparison(self) -> Condition:
        left = self._operand()
        kind, text = self._peek()
        operator = _OPERATORS.get(text) if kind == "word" else None
        if operator is None:
            raise self._unexpected("one of eq, ne, gt, ge, lt, le")
        self._at += 1
        right = self._operand()
        if isinstance(left, tuple) and not isinstance(right, tuple):
            return Compare(left, operator, right)
        if isinstance(right, tuple) and not isinstance(left, tuple):
            return Compare(right, _MIRRORED[operator], left)
        raise Refused("$filter: expected a name on one side of a comparison, a value on the other")

    def _operand(self) -> Path | Value:
        kind, text = self._peek()
        self._at += 1
        match kind:
            case "text":
                return text[1:-1].replace("''", "'")
            case "moment":
                return read_moment(text)
            case "number":
                whole = not set(text) & set(".eE") and len(text) <= _LONGEST_WHOLE
                return int(text) if whole else float(text)
            case "word" if text in _WORDS:
                return _WORDS[text]
            case "word":
                return read_path(text)
        self._at -= 1
        raise self._unexpected("a name or a value")

    def _peek(self, ahead: int = 0) -> _Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else _END

    def _took(self, text: str) -> bool:
        kind, found = self._peek()
        if found != text or kind not in ("word", "mark"):
            return False
        self._at += 1
        return True

    def _must(self, after: str, text: str) -> None:
        if not self._took(text):
            raise self._unexpected(f"{text!r} after {after!r}")

    def _unexpected(self, expected: str) -> Refused:
        kind, text = self._peek()
        found = "the end" if kind == "end" else quoted(text)
        return Refused(f"$filter: expected {expected}, found {found}")
