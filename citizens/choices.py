"""What can be chosen: categories by group, and communes as they are today and as they were."""

from collections.abc import Iterator
from dataclasses import dataclass

from citizens.services import CitizensServices
from provinces.schema import LOWEST_KINDS, Province, Unit, UnitKey

MOST_SUGGESTED = 5


@dataclass(frozen=True)
class Choice:
    """A value to be sent, and its name; `also` are further words that it is found by."""

    value: str
    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices that stand together under a name."""

    name: str
    choices: tuple[Choice, ...]


def category_choices(province: Province, language: str) -> tuple[ChoiceGroup, ...]:
    """Every category, also those that are led elsewhere: who chooses one is told where."""
    groups = (
        ChoiceGroup(
            group.names[language],
            tuple(
                Choice(category.code, category.names[language], category.keywords)
                for category in province.categories.values()
                if category.group == group.code
            ),
        )
        for group in province.groups.values()
    )
    return tuple(group for group in groups if group.choices)


def place_choices(province: Province, today: str) -> tuple[ChoiceGroup, ...]:
    """Communes of today under the name `today`, then the former ones by their district."""
    lowest = [unit for unit in province.units.values() if unit.kind in LOWEST_KINDS]
    current = [unit for unit in lowest if unit.key.edition == province.current_edition]
    groups = [ChoiceGroup(today, tuple(_place(unit) for unit in current))]
    districts: dict[UnitKey, list[Unit]] = {}
    for unit in lowest:
        if unit.key.edition != province.current_edition and unit.parent is not None:
            districts.setdefault(unit.parent, []).append(unit)
    for district, communes in districts.items():
        name = province.units[district].full_name
        groups.append(
            ChoiceGroup(
                name, tuple(Choice(_key(unit), unit.full_name, (name,)) for unit in communes)
            )
        )
    return tuple(groups)


def category_name(province: Province, code: str | None, language: str) -> str | None:
    """The name of a category or group; None for none, or one that is no longer there."""
    found = province.categories.get(code or "") or province.groups.get(code or "")
    return found.names[language] if found else None


def place_name(province: Province, place: str | None) -> str | None:
    """The full name of a unit; None for none, or one that is no longer there."""
    unit = province.unit(place) if place else None
    return unit.full_name if unit else None


def suggested_categories(
    services: CitizensServices, words: str, language: str
) -> tuple[Choice, ...]:
    """What the words seem to be about, the likeliest first."""
    if not words.strip():
        return ()
    found = services.propose(words).categories[:MOST_SUGGESTED]
    named = (
        (one.category, category_name(services.province, one.category, language)) for one in found
    )
    return tuple(Choice(code, name) for code, name in named if name is not None)


def suggested_places(services: CitizensServices, words: str) -> tuple[Choice, ...]:
    """Which communes the words may mean: of a former name, what it was is said as well."""
    return tuple(_suggested_places(services, words)) if words.strip() else ()


def _suggested_places(services: CitizensServices, words: str) -> Iterator[Choice]:
    for found in services.find_places(words):
        name = place_name(services.province, found.unit)
        old = place_name(services.province, found.old)
        if name is not None:
            yield Choice(found.old or found.unit, f"{old} → {name}" if old else name)


def place_of_today(province: Province, place: str) -> tuple[str, str | None]:
    """The unit that a former one lies in today, and the former one's name.

    Of one that was split it stays the former unit itself: nobody guesses which.
    """
    unit = province.unit(place)
    if unit is None or unit.key.edition == province.current_edition:
        return place, None
    now: tuple[UnitKey, ...] = (unit.key,)
    while now and now[0].edition != province.current_edition:
        now = tuple(later for key in now for later in province.successors[key])
    return (f"{now[0].edition}:{now[0].code}" if len(now) == 1 else place), _with_district(
        province, unit
    )


def _with_district(province: Province, unit: Unit) -> str:
    """Two former communes may have one name: their districts tell them apart."""
    district = province.units.get(unit.parent) if unit.parent else None
    return f"{unit.full_name}, {district.full_name}" if district else unit.full_name


def _place(unit: Unit) -> Choice:
    return Choice(_key(unit), unit.full_name)


def _key(unit: Unit) -> str:
    return f"{unit.key.edition}:{unit.key.code}"
