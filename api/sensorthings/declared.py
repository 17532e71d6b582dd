"""Entities that the province's pack declares: units, what is measured, who tells it."""

from collections.abc import Mapping, Sequence

from api.sensorthings.kinds import Entity, Id, Kind
from monitoring.sources import source_name, sources_of
from provinces.modules import Indicator, Module
from provinces.schema import LOWEST_KINDS, Province, Unit

GEO_JSON = "application/geo+json"
PLAIN_TEXT = "text/plain"


class Declared:
    """The entities of a province, by kind and id.

    The province as a whole is a thing too: its id is the pack's key. It has no location, because
    a pack may cover a part of a province.
    """

    def __init__(self, province: Province) -> None:
        language = province.languages[0]
        units = [unit for unit in province.units.values() if unit.kind in LOWEST_KINDS]
        made: Mapping[Kind, Sequence[Entity]] = {
            Kind.THINGS: [_whole(province, language), *(_thing(province, unit) for unit in units)],
            Kind.LOCATIONS: [_location(unit) for unit in units],
            Kind.SENSORS: [_sensor(province, code, language) for code in sources_of(province)],
            Kind.PROPERTIES: [
                _property(module, indicator, language)
                for module in province.modules
                for indicator in module.indicators
            ],
        }
        self._made = {kind: {each.id: each for each in all_} for kind, all_ in made.items()}

    def all(self, kind: Kind) -> Sequence[Entity]:
        """All of that kind."""
        return list(self._made[kind].values())

    def find(self, kind: Kind, id: Id) -> Entity | None:
        """The one of that id; None where there is none."""
        return self._made[kind].get(id)


def unit_id(unit: Unit) -> str:
    """`edition:code`."""
    return f"{unit.key.edition}:{unit.key.code}"


def _whole(province: Province, language: str) -> Entity:
    name = province.names[language]
    members = {
        "name": name,
        "description": f"Toàn địa bàn {name} / the whole of {name}",
        "properties": {"kind": "province"},
    }
    return Entity(Kind.THINGS, province.key, members)


def _thing(province: Province, unit: Unit) -> Entity:
    current = unit.key.edition == province.current_edition
    members = {
        "name": unit.full_name,
        "description": f"{unit.full_name} ({unit_id(unit)})",
        "properties": {
            "edition": unit.key.edition,
            "code": unit.key.code,
            "kind": unit.kind.value,
            "current": current,
        },
    }
    return Entity(Kind.THINGS, unit_id(unit), members)


def _location(unit: Unit) -> Entity:
    members = {
        "name": unit.full_name,
        "description": f"Tâm của {unit.full_name}, gần đúng / approximate centre",
        "encodingType": GEO_JSON,
        "location": {"type": "Point", "coordinates": [unit.longitude, unit.latitude]},
    }
    return Entity(Kind.LOCATIONS, unit_id(unit), members)


def _sensor(province: Province, code: str, language: str) -> Entity:
    name = source_name(province, code, language)
    members = {
        "name": name,
        "description": f"Nguồn số liệu: {name} / source of figures",
        "encodingType": PLAIN_TEXT,
        "metadata": code,
    }
    return Entity(Kind.SENSORS, code, members)


def _property(module: Module, indicator: Indicator, language: str) -> Entity:
    name = indicator.names[language]
    measure = indicator.measure
    members = {
        "name": name,
        "definition": f"urn:x-hotline:indicator:{indicator.code}",
        "description": f"{module.names[language]}: {name}",
        "properties": {
            "module": module.code,
            "unit": measure.symbol or measure.code,
            "period": indicator.period.value,
            "level": indicator.level.value,
            "lowest": indicator.lowest,
            "highest": indicator.highest,
        },
    }
    return Entity(Kind.PROPERTIES, indicator.code, members)
