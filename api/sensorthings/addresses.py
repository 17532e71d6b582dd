"""The path of an address as its steps: `Things('2025:31825')/Datastreams(7)/Observations`."""

import re
from dataclasses import dataclass
from http import HTTPStatus

from api.sensorthings.errors import Refused, quoted
from api.sensorthings.kinds import Id

MOST_STEPS = 8
_STEP = re.compile(r"(\$?[A-Za-z]\w*)(?:\((?:(-?\d{1,19})|'((?:[^']|'')*)')\))?", re.ASCII)


@dataclass(frozen=True)
class Step:
    """A name and, where one of them is meant, its id."""

    name: str
    id: Id | None = None


def read_address(path: str) -> tuple[Step, ...]:
    """The steps of a path below the root.

    Raises:
        Refused: there is nothing at such an address.
    """
    parts = [part for part in _parts(path) if part]
    if len(parts) > MOST_STEPS:
        raise Refused(f"expected at most {MOST_STEPS} steps in the address", HTTPStatus.NOT_FOUND)
    return tuple(_step(part) for part in parts)


def _parts(path: str) -> list[str]:
    """Between slashes, but not within quotes."""
    return re.findall(r"(?:'[^']*'|[^/'])+|'", path)


def _step(part: str) -> Step:
    match = _STEP.fullmatch(part)
    if match is None:
        expected = "a name such as Datastreams or Datastreams(7)"
        raise Refused(f"expected {expected}, found {quoted(part)}", HTTPStatus.NOT_FOUND)
    name, number, text = match.groups()
    if number is not None:
        return Step(name, int(number))
    return Step(name, None if text is None else text.replace("''", "'"))
