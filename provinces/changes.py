"""What differs between two states of a pack's file, value by value, and bringing changes together.

Entries of a list of tables are known by their code and not by their place, so that an agency added
by one and a telephone number changed by another are two changes and not a quarrel.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provinces.toml_edit import add_table, set_value, values_of
from provinces.toml_scan import Location

# By which of its values an entry of a list is known; the first that all entries have.
_KNOWN_BY = ("code", "number", "key", "off")

Steps = tuple[str, ...]
"""Where a value stands: names of tables and, in lists, what the entry is known by."""


@dataclass(frozen=True)
class Difference:
    """One value before and after; None where there is none. `whole`: of an entry that is new or
    gone, all values in one."""

    file: str
    where: Steps
    before: Any
    after: Any
    whole: bool = False


@dataclass(frozen=True)
class Merged:
    """`text` has both sides' changes; where both changed a value it has mine, and `quarrels` tells
    theirs (`before`) and mine (`after`)."""

    text: str
    quarrels: tuple[Difference, ...]


def differences(file: str, before: str, after: str) -> tuple[Difference, ...]:
    """What stands otherwise in `after` than in `before`, in the order of the file.

    Raises:
        UneditableText: one of the texts is no TOML.
    """
    return tuple(_differences(file, (), values_of(before), values_of(after)))


def merge(file: str, base: str, theirs: str, mine: str) -> Merged:
    """`theirs` with what `mine` changed of `base`.

    Raises:
        UneditableText: a text is no TOML, or is written in a way that cannot be changed in part.
    """
    text, quarrels = theirs, []
    by_them = {each.where: each for each in differences(file, base, theirs)}
    for change in differences(file, base, mine):
        for where, other in by_them.items():
            if one_in_other(where, change.where) and (
                where != change.where or other.after != change.after
            ):
                quarrels.append(Difference(file, change.where, other.after, change.after))
        text = _carried_out(text, change)
    return Merged(text, tuple(quarrels))


def one_in_other(one: Steps, other: Steps) -> bool:
    """Whether both are the same place, or one lies within the other."""
    return one[: len(other)] == other[: len(one)]


def find(values: Any, where: Steps) -> Location | None:
    """The location in `values` of what stands there; None where an entry on the way is not there.

    The last step need not exist.
    """
    location: Location = ()
    here = values
    for step in where:
        if _known_by(here) is not None:
            index = next((n for n, each in enumerate(here) if _name(here, each) == step), None)
            if index is None:
                return None
            location, here = (*location, index), here[index]
        else:
            location = (*location, step)
            here = here.get(step) if isinstance(here, dict) else None
    return location


def by_name(entries: list[Any]) -> dict[str, Any]:
    """The entries of a list of tables by what they are known by; none of a list that is none."""
    key = _known_by(entries)
    return {} if key is None else {str(each[key]): each for each in entries}


def _differences(file: str, where: Steps, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    old_table, new_table = _table(before), _table(after)
    if old_table is not None and new_table is not None:
        for key in dict.fromkeys([*old_table, *new_table]):
            there = (*where, key)
            yield from _differences(file, there, old_table.get(key), new_table.get(key))
    elif _are_entries(before, after):
        old, new = by_name(before or []), by_name(after or [])
        for name in dict.fromkeys([*old, *new]):
            if name in old and name in new:
                yield from _differences(file, (*where, name), old[name], new[name])
            else:
                yield Difference(file, (*where, name), old.get(name), new.get(name), whole=True)
    else:
        yield Difference(file, where, before, after)


def _table(value: Any) -> dict[str, Any] | None:
    """A table, for which nothing is an empty one; None for everything else."""
    if value is None:
        return {}
    return value if isinstance(value, dict) else None


def _are_entries(before: Any, after: Any) -> bool:
    """Whether both are lists of entries that are known by a value, or one is and the other none."""
    found = [each for each in (before, after) if each]
    keys = {_known_by(each) for each in found}
    return len(keys) == 1 and None not in keys


def _known_by(values: Any) -> str | None:
    if not isinstance(values, list) or not values:
        return None
    if not all(isinstance(each, Mapping) for each in values):
        return None
    return next((key for key in _KNOWN_BY if all(key in each for each in values)), None)


def _name(entries: Any, entry: Mapping[str, Any]) -> str:
    return str(entry[_known_by(entries) or ""])


def _carried_out(text: str, change: Difference) -> str:
    values = values_of(text)
    location = find(values, change.where)
    if change.whole and change.after is not None:
        without = text if location is None else set_value(text, location, None)
        return add_table(without, change.where[:-1], change.after)
    if location is None:  # they took out the entry that this is about
        return text
    return set_value(text, location, change.after)
