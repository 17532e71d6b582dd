"""Which unit somebody means who writes a name or a code into a table of figures.

Codes and names were used again with another meaning, so what holds is the map of the day that
the figure is about: "Phước Long" of 2026 is today's commune, of 2024 the one of then. What that
map does not have is looked for in the others. `edition:code` always says it exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from provinces.schema import LOWEST_KINDS, Edition, Province, Unit, UnitKey
from understanding.fold import clean, fold


class UnitNames:
    """The lowest units of every edition, by all that they are called."""

    def __init__(self, province: Province) -> None:
        self._province = province
        self._editions = list(province.editions.values())
        names = {fold(name) for name in province.names.values()}
        tops = [each for each in province.units.values() if each.parent is None]
        called = {fold(each.full_name) for each in tops if fold(each.name) in names}
        self._whole = frozenset({"", fold(province.key)} | names | called)
        self._names: Mapping[str, Mapping[str, Sequence[Unit]]] = {
            edition: _by_name(
                unit
                for unit in province.units.values()
                if unit.key.edition == edition and unit.kind in LOWEST_KINDS
            )
            for edition in province.editions
        }

    def find(self, text: str, on: date) -> Sequence[UnitKey | None]:
        """The units that may be meant of a figure of that day, one where it is clear; None is the
        whole province, as is no text at all."""
        units = self._units(text, on)
        return [*units, None] if fold(text) in self._whole else units

    def _units(self, text: str, on: date) -> Sequence[UnitKey]:
        unit = self._province.unit(text)
        if unit is not None:
            return [unit.key] if unit.kind in LOWEST_KINDS else []
        then = [each.key for each in self._editions if _holds(each, on)]
        others = [each.key for each in self._editions[::-1] if each.key not in then]
        for editions in (then, others):
            # What is written exactly so goes before what differs in accents.
            for form in (clean(text).strip(), fold(text)):
                found = {
                    unit.key: None
                    for edition in editions
                    for unit in self._names[edition].get(form, ())
                }
                if found:
                    return list(found)
        return []


def _holds(edition: Edition, on: date) -> bool:
    after = edition.from_on is None or edition.from_on <= on
    return after and (edition.until_on is None or on <= edition.until_on)


def _by_name(units: Iterable[Unit]) -> Mapping[str, Sequence[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        forms = {unit.key.code}
        for name in (unit.name, unit.full_name):
            forms |= {clean(name), fold(name)}
        for form in forms:
            found.setdefault(form, []).append(unit)
    return found
