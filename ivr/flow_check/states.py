"""When two moments of a call are the same, and when one shows something new.

A moment is its turn, where the flow's generators stand, and what their variables hold. Left out
are the facts, which a walk varies by itself, and what only colours the words: language, pace.
Categories are alike, and units are: no flow does more with them than say and file them.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from ivr.dialogue import Talk
from ivr.facts import CallFacts
from ivr.session import CallSession
from ivr.steps import Digits, NoInput

# Amounts above this are one: seconds waited, people ahead.
LARGE = 600
# Generators that tell places apart; those outside of them only wait for the call's end.
INNERMOST = 4
# An answer decides where the flow goes; what is left of it in a variable does so no more.
_LEFT_OUT = (CallFacts, Talk, Digits, NoInput)
_PRESSED = frozenset("0123456789*#")
_SHAPES: dict[type[Any], tuple[tuple[str, ...], bool]] = {}


@dataclass(frozen=True)
class Alike:
    """Codes that stand for one another, by the facts of a call: units are `edition:code`."""

    units: frozenset[str]
    categories: frozenset[str]
    diverted: frozenset[str]

    @classmethod
    def by(cls, facts: CallFacts) -> "Alike":
        below = (code for keys in facts.submenu.values() for code in keys.values())
        return cls(
            frozenset(unit for units in facts.areas.values() for unit in units),
            frozenset([*facts.menu.values(), *below]) - frozenset(facts.diverted),
            frozenset(facts.diverted),
        )

    @property
    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """The name of each kind to its codes as prompts have them."""
        return {
            "<unit>": tuple(sorted(unit.partition(":")[2] for unit in self.units)),
            "<category>": tuple(sorted(self.categories)),
            "<diverted>": tuple(sorted(self.diverted)),
        }


def one_for_all(alike: Alike) -> Callable[[str], str]:
    """A text with the code that it is or ends with, if any, replaced by the name of its kind."""
    spoken = {code: kind for kind, codes in alike.kinds.items() for code in codes}
    names = spoken | dict.fromkeys(alike.units, "<unit>")

    @cache
    def name(text: str) -> str:
        if text in names:
            return names[text]
        if text in _PRESSED:
            return "<key>"
        if text.startswith("@"):
            for code, kind in spoken.items():
                if text.endswith(f"_{code}"):
                    return text.removesuffix(code) + kind
        return text

    return name


@dataclass(frozen=True)
class State:
    """`turn`: what is said and asked. `at`: the question and where the flow stands. `holds`: each
    sentence and each variable's value, by itself."""

    turn: Hashable
    at: Hashable
    case: Hashable
    holds: frozenset[Hashable]

    def news(self) -> frozenset[Hashable]:
        """What is worth a walk if no moment before had it: a place, for each case, and each
        sentence and each value of each variable at a place. What is new only together is left to
        chance: the property tests."""
        return frozenset([(self.at, self.case), *((self.at, held) for held in self.holds)])


def state_of(session: CallSession, name: Callable[[str], str], case: Hashable = None) -> State:
    """Equal for moments that are the same. `case`: how the facts differ from the usual ones."""
    turn = session.turn
    reading = _Reading(name)
    says = tuple((say.key, reading.plain(say.values), say.language) for say in turn.says)
    reading.holds.extend(says)
    wait = reading.plain(turn.wait)
    places = tuple(_frames(session.generator, reading))
    return State((says, wait), (wait, places[-INNERMOST:]), case, frozenset(reading.holds))


def _frames(generator: Any, reading: "_Reading") -> Iterator[Hashable]:
    while generator is not None:
        frame = getattr(generator, "gi_frame", None)
        if frame is not None:
            place = (id(frame.f_code), frame.f_lasti)
            for key, value in frame.f_locals.items():
                reading.holds.append((place, key, reading.plain(value)))
            yield place
        generator = getattr(generator, "gi_yieldfrom", None)


def _shape(kind: type[Any]) -> tuple[tuple[str, ...], bool]:
    """The names of a dataclass's fields, and whether they may change."""
    if kind not in _SHAPES:
        names = tuple(part.name for part in fields(kind))
        _SHAPES[kind] = names, not kind.__dataclass_params__.frozen
    return _SHAPES[kind]


class _Reading:
    """Turns what variables hold into something that can be compared."""

    def __init__(self, name: Callable[[str], str]) -> None:
        self.name = name
        self.holds: list[Hashable] = []
        self._known: dict[int, Hashable] = {}

    def plain(self, value: Any) -> Hashable:
        kind = type(value)
        if kind is str:
            return self.name(value)
        if value is None or kind is bool:
            return bool(value) if kind is bool else None
        if kind is int or kind is float:
            amount: float = min(value, LARGE)
            return amount
        done = self._known.get(id(value))
        if done is None:
            done = self._known[id(value)] = self._whole(value)
        return done

    def _whole(self, value: Any) -> Hashable:
        if isinstance(value, _LEFT_OUT):
            return "left out"
        if isinstance(value, str):
            return self.name(str(value))
        if is_dataclass(value):
            return self._fields(value)
        if isinstance(value, Mapping):
            return tuple((key, self.plain(part)) for key, part in value.items())
        if isinstance(value, list | tuple | set | frozenset):
            return tuple(self.plain(part) for part in value)
        return type(value).__name__  # a function, a generator: its frame tells the rest

    def _fields(self, value: Any) -> Hashable:
        names, changes = _shape(type(value))
        kind = type(value).__name__
        told = tuple((kind, name, self.plain(getattr(value, name))) for name in names)
        if not changes:
            return told
        self.holds.extend(told)  # what changes during a call is a variable for each field
        return kind
