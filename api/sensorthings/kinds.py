"""The kinds of entities, how they lead to one another, and what one of them is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from api.sensorthings.filters import Path

Id = str | int
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Kind(StrEnum):
    """The value is what addresses call the collection."""

    THINGS = "Things"
    LOCATIONS = "Locations"
    SENSORS = "Sensors"
    PROPERTIES = "ObservedProperties"
    DATASTREAMS = "Datastreams"
    OBSERVATIONS = "Observations"


class Way(NamedTuple):
    """To `target`; to one through the entity's own reference, to many by what refers back."""

    target: Kind
    back: Path | None  # of the target, where there are many


K = Kind
WAYS: Mapping[Kind, Mapping[str, Way]] = {
    K.THINGS: {
        "Datastreams": Way(K.DATASTREAMS, ("Thing", "id")),
        "Locations": Way(K.LOCATIONS, ("id",)),
    },
    K.LOCATIONS: {"Things": Way(K.THINGS, ("id",))},
    K.SENSORS: {"Datastreams": Way(K.DATASTREAMS, ("Sensor", "id"))},
    K.PROPERTIES: {"Datastreams": Way(K.DATASTREAMS, ("ObservedProperty", "id"))},
    K.DATASTREAMS: {
        "Thing": Way(K.THINGS, None),
        "Sensor": Way(K.SENSORS, None),
        "ObservedProperty": Way(K.PROPERTIES, None),
        "Observations": Way(K.OBSERVATIONS, ("Datastream", "id")),
    },
    K.OBSERVATIONS: {"Datastream": Way(K.DATASTREAMS, None)},
}
# What an entity has beside its id, its address and its ways.
MEMBERS: Mapping[Kind, tuple[str, ...]] = {
    K.THINGS: ("name", "description", "properties"),
    K.LOCATIONS: ("name", "description", "encodingType", "location"),
    K.SENSORS: ("name", "description", "encodingType", "metadata"),
    K.PROPERTIES: ("name", "definition", "description", "properties"),
    K.DATASTREAMS: (
        "name",
        "description",
        "observationType",
        "unitOfMeasurement",
        "properties",
    ),
    K.OBSERVATIONS: ("phenomenonTime", "resultTime", "result"),
}


@dataclass(frozen=True)
class Entity:
    """One of a kind. `refs`: the ids that ways to one lead to. `members` are plain JSON."""

    kind: Kind
    id: Id
    members: Mapping[str, Any]
    refs: Mapping[str, Id] = field(default_factory=lambda: _NOTHING)

    @property
    def address(self) -> str:
        """Below the root; ids that are texts stand in quotes."""
        shown = self.id if isinstance(self.id, int) else "'" + self.id.replace("'", "''") + "'"
        return f"{self.kind}({shown})"
