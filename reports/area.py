"""A part of the map that somebody drew, and whether a point lies in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, or_

MOST_CORNERS = 30  # each is a condition of the query, and stands in the address

Point = tuple[float, float]  # latitude and longitude, degrees of WGS 84


@dataclass(frozen=True)
class Box:
    """Between these degrees, its edges included."""

    south: float
    west: float
    north: float
    east: float

    def holds_columns(self, latitude: Any, longitude: Any) -> tuple[ColumnElement[bool], ...]:
        """That a point lies in it, as conditions of a query over these columns."""
        return latitude.between(self.south, self.north), longitude.between(self.west, self.east)


@dataclass(frozen=True)
class Area:
    """Within the line through `corners`; two corners are those of a box.

    Most reports are told by telephone and have no point, only a unit: those of `places`
    (`edition:code`), the units whose middle lies in the area, are in it as well.
    """

    corners: tuple[Point, ...]
    places: tuple[str, ...] = ()

    @property
    def box(self) -> Box:
        """What the area lies in."""
        latitudes, longitudes = zip(*self.corners, strict=True)
        return Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))

    def holds(self, point: Point) -> bool:
        """Whether the point lies in it."""
        box, (latitude, longitude) = self.box, point
        if not (box.south <= latitude <= box.north and box.west <= longitude <= box.east):
            return False
        passed = [
            low <= latitude < high and longitude < start + slope * (latitude - low)
            for low, high, start, slope in _edges(self.corners)
        ]
        return len(self.corners) == 2 or sum(passed) % 2 == 1


def lies_in(area: Area, latitude: Any, longitude: Any, place: Any) -> ColumnElement[bool]:
    """The same as a condition of a query over these columns."""
    inside = list(area.box.holds_columns(latitude, longitude))
    if len(area.corners) > 2:
        passed: Any = literal(0)
        for low, high, start, slope in _edges(area.corners):
            crossed = and_(
                latitude >= low, latitude < high, longitude < start + slope * (latitude - low)
            )
            passed = passed + case((crossed, 1), else_=0)
        inside.append(passed % 2 == 1)
    if not area.places:
        return and_(*inside)
    return or_(and_(*inside), and_(latitude.is_(None), place.in_(area.places)))


def _edges(corners: Sequence[Point]) -> Iterator[tuple[float, float, float, float]]:
    """Each edge that a line eastward can cross: from which latitude to which, the longitude where
    it begins, and by how much that grows with the latitude."""
    for one, other in pairwise((*corners, corners[0])):
        (low, start), (high, end) = sorted((one, other))
        if low < high:
            yield low, high, start, (end - start) / (high - low)
