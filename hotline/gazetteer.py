"""The names of a province's places, for `understanding.places`."""

from collections.abc import Iterator

from provinces.schema import DISTRICT_KINDS, LOWEST_KINDS, Province, Unit, UnitKey, UnitKind
from understanding.places import Gazetteer, Head, PlaceName, gazetteer

_HEADS = {
    UnitKind.CITY: Head.CITY,
    UnitKind.TOWN: Head.TOWN,
    UnitKind.DISTRICT: Head.DISTRICT,
    UnitKind.WARD: Head.WARD,
    UnitKind.COMMUNE: Head.COMMUNE,
    UnitKind.TOWNSHIP: Head.TOWNSHIP,
}


def the_gazetteer(province: Province) -> Gazetteer:
    """Units of every edition, former districts and landmarks. Made once: keep it."""
    return gazetteer(_names(province))


def unit_text(key: UnitKey) -> str:
    """A unit as reports and calls store it: `2025:31894`."""
    return f"{key.edition}:{key.code}"


def _names(province: Province) -> Iterator[PlaceName]:
    where = _districts(province)
    for unit in province.units.values():
        if unit.kind in DISTRICT_KINDS:
            yield PlaceName(
                unit.name, _HEADS[unit.kind], None, None, frozenset({unit_text(unit.key)})
            )
        elif unit.kind in LOWEST_KINDS:
            yield from _commune(province, unit, where)
    for landmark in province.landmarks:
        here = province.units.get(landmark.unit) if landmark.unit else None
        # One that is known by its district only would hide the commune within its name.
        if here is None or here.kind not in LOWEST_KINDS:
            continue
        for today in _today(province, here.key):
            for words in (landmark.name, *landmark.aliases):
                yield PlaceName(
                    words, Head.LANDMARK, unit_text(today), None, where.get(today, frozenset())
                )


def _commune(
    province: Province, unit: Unit, where: dict[UnitKey, frozenset[str]]
) -> Iterator[PlaceName]:
    head, districts = _HEADS[unit.kind], where.get(unit.key, frozenset())
    for today in _today(province, unit.key):
        old = None if today == unit.key else unit_text(unit.key)
        yield PlaceName(unit.name, head, unit_text(today), old, districts)


def _today(province: Province, key: UnitKey) -> tuple[UnitKey, ...]:
    """What became of a unit; itself where it is of the newest edition."""
    if key.edition == province.current_edition:
        return (key,)
    return tuple(
        today for next_one in province.successors[key] for today in _today(province, next_one)
    )


def _districts(province: Province) -> dict[UnitKey, frozenset[str]]:
    """Commune → the districts in which it lies or, of a newer one, in which its land lay."""
    found: dict[UnitKey, frozenset[str]] = {}
    for unit in province.units.values():
        parent = province.units.get(unit.parent) if unit.parent else None
        if parent is None or parent.kind not in DISTRICT_KINDS:
            continue
        for key in {unit.key, *_today(province, unit.key)}:
            found[key] = found.get(key, frozenset()) | {unit_text(parent.key)}
    return found
