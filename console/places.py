"""Places by what somebody types: `vinh loi`, `ấp 3 xã Vĩnh Lợi`, with or without accents."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from provinces.schema import Province, Unit, UnitKey
from understanding.fold import folded_words

MOST = 8
_Folded = tuple[tuple[str, Unit], ...]


def find_units(province: Province, typed: str, most: int = MOST) -> Sequence[Unit]:
    """Units whose name has what was typed, those of today first, and those that begin with it."""
    wanted = folded_words(typed)
    if not wanted:
        return ()
    found = [
        (unit.key.edition != province.current_edition, not name.startswith(wanted), name, unit)
        for name, unit in _known(_Key(province))
        if f" {wanted}" in f" {name}" or wanted == folded_words(unit.full_name)
    ]
    found.sort(key=lambda one: (*one[:3], one[3].key))
    return list({unit.key: unit for *_, unit in found}.values())[:most]


class FoundPlace(Protocol):
    """A unit of today, `edition:code`, that words name; `old` is the former one they used."""

    @property
    def unit(self) -> str: ...
    @property
    def old(self) -> str | None: ...
    @property
    def words(self) -> str: ...


FindPlaces = Callable[[str], Sequence[FoundPlace]]


def search_units(province: Province, typed: str, hear: FindPlaces) -> Sequence[Unit]:
    """As `find_units`; what is no name, but says one as people speak, is understood as a call is:
    `ngã tư chợ Vĩnh Lợi`."""
    found = find_units(province, typed)
    if found or not typed.strip():
        return found
    units = (province.unit(one.old or one.unit) for one in hear(typed))
    return [unit for unit in units if unit is not None]


def labelled_units(province: Province, typed: str) -> Sequence[Unit]:
    """Units by what a field offers: a former one has its edition behind its name."""
    wanted = typed.strip()
    labelled = _labels(_Key(province))
    found = [unit for unit in province.units.values() if labelled[unit.key] == wanted]
    if found or _LABEL.fullmatch(wanted) is None:
        return found or find_units(province, typed)
    return [unit for unit in province.units.values() if _plain_label(province, unit) == wanted]


_LABEL = re.compile(r"(?P<name>.+) \([^()]+\)")


def place_of(unit: Unit) -> str:
    """As reports keep it: `edition:code`."""
    return f"{unit.key.edition}:{unit.key.code}"


def unit_label(province: Province, unit: Unit) -> str:
    """Its name; of a former one, with the edition that had it. Where several are called so, as
    wards that are numbered, with what it is a part of."""
    return _labels(_Key(province)).get(unit.key) or _plain_label(province, unit)


def _plain_label(province: Province, unit: Unit) -> str:
    if unit.key.edition == province.current_edition:
        return unit.full_name
    return f"{unit.full_name} ({unit.key.edition})"


def place_name(province: Province, place: str | None) -> str | None:
    """The name of a report's place; the code where the province knows it no more."""
    if place is None:
        return None
    unit = province.unit(place)
    return place if unit is None else unit_label(province, unit)


class _Key:
    """A province compared by which one it is: its tables cannot be hashed."""

    def __init__(self, province: Province) -> None:
        self.province = province

    def __hash__(self) -> int:
        return id(self.province)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.province is self.province


@lru_cache(maxsize=4)
def _known(key: _Key) -> _Folded:
    units = key.province.units.values()
    named = ((folded_words(name), unit) for unit in units for name in (unit.name, unit.full_name))
    return tuple({(unit.key, name): (name, unit) for name, unit in named}.values())


@lru_cache(maxsize=4)
def _labels(key: _Key) -> Mapping[UnitKey, str]:
    province = key.province
    plain = {unit.key: _plain_label(province, unit) for unit in province.units.values()}
    often = Counter(plain.values())
    found = dict(plain)
    for unit in province.units.values():
        parent = province.units.get(unit.parent) if unit.parent is not None else None
        if often[plain[unit.key]] > 1 and parent is not None:
            name = f"{unit.full_name}, {parent.full_name}"
            found[unit.key] = plain[unit.key].replace(unit.full_name, name, 1)
    return found
