"""Places by what somebody types: `vinh loi`, `ấp 3 xã Vĩnh Lợi`, with or without accents."""

from collections.abc import Sequence
from functools import lru_cache

from provinces.schema import Province, Unit
from understanding.fold import syllables

MOST = 8
_Folded = tuple[tuple[str, Unit], ...]


def find_units(province: Province, typed: str, most: int = MOST) -> Sequence[Unit]:
    """Units whose name has what was typed, those of today first, and those that begin with it."""
    wanted = _fold(typed)
    if not wanted:
        return ()
    found = [
        (unit.key.edition != province.current_edition, not name.startswith(wanted), name, unit)
        for name, unit in _known(_Key(province))
        if f" {wanted}" in f" {name}" or wanted == _fold(unit.full_name)
    ]
    found.sort(key=lambda one: (*one[:3], one[3].key))
    return list({unit.key: unit for *_, unit in found}.values())[:most]


def place_of(unit: Unit) -> str:
    """As reports keep it: `edition:code`."""
    return f"{unit.key.edition}:{unit.key.code}"


def unit_label(province: Province, unit: Unit) -> str:
    """Its name; of a former one, with the edition that had it."""
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
    named = ((name, unit) for unit in units for name in {_fold(unit.name), _fold(unit.full_name)})
    return tuple({(unit.key, name): (name, unit) for name, unit in named}.values())


def _fold(text: str) -> str:
    return " ".join(each.folded for each in syllables(text))
