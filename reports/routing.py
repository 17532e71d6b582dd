"""Which agency a report goes to: by its category, its place and the day.

Districts ended on 30 June 2025 and departments were merged: what was received before goes to
those who existed then. An agency that exists once in every commune is named with its commune,
`ubnd_xa@2025:31825`.
"""

from dataclasses import dataclass
from datetime import date

from provinces.schema import (
    DISTRICT_KINDS,
    LOWEST_KINDS,
    Agency,
    Province,
    Unit,
    UnitKey,
)

AT = "@"


@dataclass(frozen=True)
class Receiver:
    """An agency that may handle a report. `id` is None while the place does not tell which."""

    id: str | None
    agency: str
    unit: UnitKey | None
    lead: bool  # receives it; the others take part


def receivers(
    province: Province, category: str | None, place: str | None, day: date
) -> tuple[Receiver, ...]:
    """Who handles such a report on that day, the lead first; a place that was split gives several.

    Empty for an unknown category or a group of categories: staff choose.
    """
    found = province.categories.get(category or "")
    if found is None:
        return ()
    return tuple(
        receiver
        for index, code in enumerate(found.agencies_on(day))
        for receiver in _of(province, province.agencies[code], place, day, index == 0)
    )


def find_agency(province: Province, agency_id: str, day: date) -> tuple[Agency, Unit | None] | None:
    """The agency, and its commune or district; None where there is none such on that day."""
    code, _, where = agency_id.partition(AT)
    agency = province.agencies.get(code)
    if agency is None or not _exists(agency, day):
        return None
    if not _local(agency):
        return None if where else (agency, None)
    unit = province.unit(where)
    if unit is None or unit.key.edition != _edition(province, day) or not _fits(agency, unit):
        return None
    return agency, unit


def agency_name(province: Province, agency_id: str, language: str) -> str:
    """Its name with that of its commune; the id where the province no longer knows it."""
    code, _, where = agency_id.partition(AT)
    agency = province.agencies.get(code)
    if agency is None:
        return agency_id
    name = agency.names.get(language, code)
    unit = province.unit(where)
    return name if unit is None else f"{name} ({unit.full_name})"


def _of(
    province: Province, agency: Agency, place: str | None, day: date, lead: bool
) -> list[Receiver]:
    if not _local(agency):
        return [Receiver(agency.code, agency.code, None, lead)]
    units = [u for u in _units_on(province, place, day) if _fits(agency, u)]
    if not units:
        return [Receiver(None, agency.code, None, lead)]
    return [
        Receiver(f"{agency.code}{AT}{u.key.edition}:{u.key.code}", agency.code, u.key, lead)
        for u in units
    ]


def _units_on(province: Province, place: str | None, day: date) -> list[Unit]:
    """The units of that day's map that `place` lies in, smallest first."""
    unit = province.unit(place or "")
    if unit is None:
        return []
    edition = _edition(province, day)
    found: list[Unit]
    if unit.key.edition == edition:
        found = [unit]
    else:
        later = province.successors.get(unit.key, ())
        keys = [key for key in later if key.edition == edition] or [
            old
            for old, new in province.successors.items()
            if unit.key in new and old.edition == edition
        ]
        found = [province.units[key] for key in keys]
    parents = dict.fromkeys(unit.parent for unit in found if unit.parent is not None)
    return [*found, *(province.units[key] for key in parents if key in province.units)]


def _edition(province: Province, day: date) -> str:
    for edition in province.editions.values():
        if edition.until_on is None or day <= edition.until_on:
            return edition.key
    return province.current_edition


def _exists(agency: Agency, day: date) -> bool:
    begun = agency.from_on is None or agency.from_on <= day
    return begun and (agency.until_on is None or day <= agency.until_on)


def _local(agency: Agency) -> bool:
    return agency.level in ("commune", "district")


def _fits(agency: Agency, unit: Unit) -> bool:
    return unit.kind in (DISTRICT_KINDS if agency.level == "district" else LOWEST_KINDS)
