"""Which places lie next to which, by their boundaries where they are known and their middles."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

EARTH_M = 6_371_000.0
MOST = 5  # neighbours that a cluster is looked for among
_PLACES = 5  # of a degree: about a metre, as boundaries are kept


@dataclass(frozen=True)
class Point:
    """Degrees of WGS 84."""

    latitude: float
    longitude: float


def metres(one: Point, other: Point) -> float:
    """How far apart they are; the earth is taken as flat, which is right within a province."""
    north = math.radians(other.latitude - one.latitude)
    middle = math.radians((one.latitude + other.latitude) / 2)
    east = math.radians(other.longitude - one.longitude) * math.cos(middle)
    return EARTH_M * math.hypot(north, east)


def neighbours(
    middles: Mapping[str, Point],
    touching: Mapping[str, Iterable[str]] | None = None,
    most: int = MOST,
) -> Mapping[str, Sequence[str]]:
    """For each place at most `most` others, the nearest first.

    Where `touching` tells of a place which others it touches, those come before all others. Equally
    far ones are ordered by their names, so that the same places give the same order.
    """
    touching = touching or {}
    found = {}
    for place, middle in middles.items():
        beside = frozenset(touching.get(place, ()))
        others = sorted(
            (other not in beside, round(metres(middle, point)), other)
            for other, point in middles.items()
            if other != place
        )
        found[place] = tuple(other for _, _, other in others[:most])
    return found


def touching(outlines: Mapping[str, Iterable[Sequence[float]]]) -> Mapping[str, frozenset[str]]:
    """Places whose outlines have a point in common; points are longitude and latitude, degrees.

    A common border has the same points on both sides where both are of one map, simplified or not.
    """
    at: dict[tuple[float, float], set[str]] = defaultdict(set)
    for place, points in outlines.items():
        for point in points:
            at[round(point[0], _PLACES), round(point[1], _PLACES)].add(place)
    found: dict[str, set[str]] = {place: set() for place in outlines}
    for places in at.values():
        for place in places:
            found[place] |= places - {place}
    return {place: frozenset(others) for place, others in found.items()}
