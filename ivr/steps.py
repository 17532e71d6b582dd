"""What a flow may ask for, and what may come back.

A flow yields steps and is sent results; it knows no telephone, socket, clock or
database. Each `key` names a place in the conversation and its wording, never the
words themselves, so a prompt can be reworded while calls are in progress.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

T = TypeVar("T")
_NO_VALUES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Say:
    """Play a prompt; nothing comes back. `values` fill its wording's placeholders."""

    key: str
    values: Mapping[str, str] = field(default_factory=lambda: _NO_VALUES)


@dataclass(frozen=True)
class Gather:
    """Play a prompt and collect keypad digits.

    Keys count from the turn's first sound on: whoever knows the menu need not listen
    to it, for each minute costs. `finish_on` ends an entry and is not part of it.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=lambda: _NO_VALUES)
    max_digits: int = 1
    timeout_s: float = 7.0
    between_digits_s: float = 3.0
    finish_on: str = "#"


@dataclass(frozen=True)
class Record:
    """Play a prompt and a beep, then record the caller until `#`, silence or the limit."""

    key: str
    max_length_s: int = 120
    # Whoever is old, upset or looking for a street's name pauses long in mid-sentence.
    silence_s: int = 4


@dataclass(frozen=True)
class Do:
    """Have the engine carry out a command in the transaction that journals it."""

    key: str
    command: object


Wait = Gather | Record | Do  # a flow that returns hangs up
Step = Say | Wait


@dataclass(frozen=True)
class Digits:
    """What the caller keyed in, without the finish key."""

    value: str


@dataclass(frozen=True)
class Recorded:
    """A recording lies safe on disk. `silent`: nothing audible is in it."""

    name: str
    length_s: float
    size_bytes: int
    sha256: str
    silent: bool


@dataclass(frozen=True)
class NoInput:
    """The caller stayed silent until the step's timeout."""


@dataclass(frozen=True)
class Done:
    """What a command's handler returned: a string, or nothing."""

    value: str | None = None


@dataclass(frozen=True)
class HungUp:
    """The caller left; raised in the flow as `CallerHungUp`."""


Result = Digits | Recorded | NoInput | Done | HungUp
Flow = Generator[Step, Any, T]


class CallerHungUp(Exception):
    """Raised at a flow's current step; the flow may still `Do`, but speak no more."""


def step_name(wait: Wait | None) -> str:
    """How the journal names a wait: `Gather:category`; `end` where the flow has returned."""
    return f"{type(wait).__name__}:{wait.key}" if wait else "end"
