"""Units as the map draws them, and as its table has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from console.places import place_of, unit_label
from console.wording import words
from provinces.schema import LOWEST_KINDS, Edition, Province, Unit
from reports.area import Box
from reports.spread import unit_today

_MARGIN = 0.04  # degrees around the middles of the outermost units


@dataclass(frozen=True)
class UnitRow:
    """A unit with its reports; `place` is None for those whose place nobody knows."""

    place: str | None
    name: str
    count: int
    share: int  # per cent of all


@dataclass(frozen=True)
class EditionUnits:
    """Where a report lies, as one edition of the administrative map calls it."""

    when: str
    names: Sequence[str]
    own: bool  # the edition that the report names


def rows_of_units(
    province: Province, counts: Mapping[str | None, int], language: str
) -> Sequence[UnitRow]:
    """A row for each that has reports, the most first; the unknown last."""
    total = sum(counts.values())
    rows = [
        UnitRow(place, _row_name(province, place, language), count, round(100 * count / total))
        for place, count in counts.items()
    ]
    return sorted(rows, key=lambda row: row.place is None)


def drawn_units(province: Province, features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the map draws: units of today at their middle, whatever higher ones reports may name,
    and the boundaries that were imported."""
    return {
        "units": [
            {
                "place": place_of(unit),
                "name": unit_label(province, unit),
                "latitude": unit.latitude,
                "longitude": unit.longitude,
                "lowest": unit.kind in LOWEST_KINDS,
            }
            for unit in province.units.values()
            if unit_today(province, place_of(unit)) == place_of(unit)
        ],
        "boundaries": list(features),
    }


def seen_at_first(province: Province) -> Box:
    """All units of today."""
    units = [u for u in province.units.values() if _is_small(province, u)]
    latitudes, longitudes = [u.latitude for u in units], [u.longitude for u in units]
    return Box(
        min(latitudes) - _MARGIN,
        min(longitudes) - _MARGIN,
        max(latitudes) + _MARGIN,
        max(longitudes) + _MARGIN,
    )


def editions_of(province: Province, place: str | None, language: str) -> Sequence[EditionUnits]:
    """The unit of that place in every edition, today's first: what it became, or was made of."""
    unit = province.unit(place) if place else None
    if unit is None:
        return ()
    found = []
    for edition in reversed(tuple(province.editions.values())):
        named = _in_edition(province, unit, edition.key)
        if named:
            names = [each.full_name for each in named]
            own = edition.key == unit.key.edition
            found.append(EditionUnits(_when(province, edition, language), names, own))
    return found


def middle_of(province: Province, place: str | None) -> tuple[float, float] | None:
    """Latitude and longitude of the middle of the unit."""
    unit = province.unit(place) if place else None
    return (unit.latitude, unit.longitude) if unit is not None else None


def _row_name(province: Province, place: str | None, language: str) -> str:
    if place is None:
        return words("map_nowhere", language)
    unit = province.unit(place)
    if unit is None:
        return place
    name = unit_label(province, unit)
    return name if unit.kind in LOWEST_KINDS else words("map_whole", language, name=name)


def _is_small(province: Province, unit: Unit) -> bool:
    return unit.kind in LOWEST_KINDS and unit.key.edition == province.current_edition


def _in_edition(province: Province, unit: Unit, edition: str) -> Sequence[Unit]:
    if unit.key.edition == edition:
        return [unit]
    order = list(province.editions)
    if order.index(edition) > order.index(unit.key.edition):
        reached = {unit.key}
        while reached and any(key.edition != edition for key in reached):
            reached = {n for key in reached for n in province.successors.get(key, ())}
        return [province.units[key] for key in sorted(reached)]
    return [
        each
        for each in province.units.values()
        if each.key.edition == edition
        and unit in _in_edition(province, each, unit.key.edition)
        and each.kind in LOWEST_KINDS
    ]


def _when(province: Province, edition: Edition, language: str) -> str:
    if edition.until_on is not None:
        return words("map_edition_until", language, day=_day(edition.until_on))
    if edition.from_on is not None:
        return words("map_edition_since", language, day=_day(edition.from_on))
    return words("map_edition_now", language)


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
