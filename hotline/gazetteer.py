"""The names of a province's places, for `understanding.places`."""

from collections.abc import Iterator

from provinces.schema import (
    DISTRICT_KINDS,
    LOWEST_KINDS,
    Landmark,
    Province,
    Unit,
    UnitKey,
    UnitKind,
)
from understanding.places_names import Gazetteer, Head, PlaceName, gazetteer

_RESORT, LEAST_ALONE = "Khu du lịch ", 3
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
    return gazetteer(_names(province), province.elsewhere)


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
        elif unit.kind is UnitKind.PROVINCE:
            yield PlaceName(unit.name, Head.PROVINCE, None)
    for landmark in province.landmarks:
        for today in _communes_of(province, landmark):
            for words in _landmark_words(landmark, province.names["vi"]):
                yield PlaceName(
                    words, Head.LANDMARK, unit_text(today), None, where.get(today, frozenset())
                )


def _landmark_words(landmark: Landmark, province: str) -> tuple[str, ...]:
    """Nobody says "khu du lịch" of what has a name of its own, unless a commune has it too.

    Nor the province's name, where a word is left that is no other thing's.
    """
    short = landmark.name.removeprefix(_RESORT)
    words = [landmark.name, *landmark.aliases]
    if short != landmark.name and len(short.split()) >= LEAST_ALONE:
        words.append(short)
    local = landmark.name.removesuffix(f" {province}")
    if local != landmark.name and len(local.split()) == 1:
        words.append(local)
    return tuple(words)


def _communes_of(province: Province, landmark: Landmark) -> tuple[UnitKey, ...]:
    """Where a landmark may lie today: of a district, in the communes that its `where` names."""
    here = province.units.get(landmark.unit) if landmark.unit else None
    if here is None:
        return ()
    if here.kind in LOWEST_KINDS:
        return _today(province, here.key)
    within = [unit for unit in province.units.values() if unit.parent == here.key]
    named = [unit for unit in within if unit.name in landmark.where.split(", ")]
    found = {today: None for unit in named or within for today in _today(province, unit.key)}
    return tuple(found)


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
