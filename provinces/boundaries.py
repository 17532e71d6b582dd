"""Boundaries of units, from a GeoJSON file that an operator has.

They are kept as a file of ours for each edition, with the units of the pack alone and in degrees to
five places, which is about a metre.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provinces.errors import BoundariesBroken
from provinces.schema import LOWEST_KINDS, Province, Unit, UnitKey

MOST_BYTES = 100_000_000
MOST_POINTS = 200_000  # some 4 MB for a browser; simplified ones have a twentieth of that
CODES = ("code", "ma", "ma_xa", "maxa")  # properties that may hold a unit's code
_PLACES = 5
_AWAY = 0.05  # degrees: how far a unit's approximate middle may lie outside its boundary's box
_SHAPES = {"Polygon": 1, "MultiPolygon": 2}  # how deep their rings lie

Ring = list[list[float]]


@dataclass(frozen=True)
class Boundaries:
    """GeoJSON geometries by the code of their unit.

    `strange` counts features of no unit of the pack, `missing` are lowest units without one.
    """

    edition: str
    geometries: Mapping[str, Mapping[str, Any]]
    strange: int
    missing: Sequence[Unit]

    @property
    def points(self) -> int:
        return sum(len(ring) for each in self.geometries.values() for ring in _rings(each))


def read_boundaries(
    file: Path, province: Province, edition: str, code_property: str | None = None
) -> Boundaries:
    """The boundaries that `file` has of units of that edition.

    Raises:
        BoundariesBroken: it cannot be read, is no GeoJSON of areas in degrees, or has no such unit.
    """
    properties = (code_property,) if code_property else CODES
    problems: list[str] = []
    geometries: dict[str, Mapping[str, Any]] = {}
    strange = 0
    for number, feature in enumerate(_features(file), start=1):
        unit = _unit(feature, province, edition, properties)
        if unit is None:
            strange += 1
            continue
        problem, geometry = _geometry(feature.get("geometry"), unit)
        if unit.key.code in geometries:
            problem = "is there twice"
        if problem:
            problems.append(f"feature {number} ({unit.key.code} {unit.full_name}): {problem}")
        else:
            geometries[unit.key.code] = geometry
    if problems:
        raise BoundariesBroken(problems)
    if not geometries:
        known = ", ".join(properties)
        raise BoundariesBroken(
            [f"expected units of edition {edition} by id or {known}, found none of {strange}"]
        )
    missing = [
        unit
        for unit in province.units.values()
        if unit.key.edition == edition
        and unit.kind in LOWEST_KINDS
        and unit.key.code not in geometries
    ]
    found = Boundaries(edition, geometries, strange, missing)
    if found.points > MOST_POINTS:
        raise BoundariesBroken(
            [f"expected at most {MOST_POINTS} points, found {found.points}: simplify them first"]
        )
    return found


def keep_boundaries(found: Boundaries, folder: Path) -> Path:
    """Written whole or not at all, instead of what was kept of that edition."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{found.edition}.geojson"
    features = [
        {"type": "Feature", "properties": {"place": f"{found.edition}:{code}"}, "geometry": shape}
        for code, shape in sorted(found.geometries.items())
    ]
    draft = kept.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    )
    draft.replace(kept)
    return kept


def kept_boundaries(folder: Path, province: Province) -> Iterator[Mapping[str, Any]]:
    """The kept features of every edition, the oldest first."""
    for edition in province.editions:
        try:
            yield from json.loads((folder / f"{edition}.geojson").read_bytes())["features"]
        except FileNotFoundError:
            continue


def kept_state(folder: Path, province: Province) -> Sequence[tuple[str, int, int]]:
    """Another one whenever another boundary may be kept."""
    found = []
    for edition in province.editions:
        try:
            told = (folder / f"{edition}.geojson").stat()
        except FileNotFoundError:
            continue
        found.append((edition, told.st_mtime_ns, told.st_size))
    return found


def _features(file: Path) -> Sequence[Mapping[str, Any]]:
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise BoundariesBroken([f"expected at most {MOST_BYTES} bytes, found {size}"])
        found = json.loads(file.read_bytes())
    except OSError as error:
        raise BoundariesBroken([f"cannot be read: {error.strerror}"]) from error
    except (ValueError, RecursionError) as error:
        raise BoundariesBroken([f"expected JSON: {error}"]) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise BoundariesBroken(["expected a GeoJSON FeatureCollection"])
    return features


def _unit(
    feature: Mapping[str, Any], province: Province, edition: str, properties: Sequence[str]
) -> Unit | None:
    told = feature.get("properties")
    named = (
        {str(name).lower(): value for name, value in told.items()} if isinstance(told, dict) else {}
    )
    for code in (*(named.get(each.lower()) for each in properties), feature.get("id")):
        if isinstance(code, str | int):
            for written in (str(code), str(code).zfill(5)):  # a table may have eaten zeros
                if unit := province.units.get(UnitKey(edition, written)):
                    return unit
    return None


def _geometry(told: Any, unit: Unit) -> tuple[str | None, Mapping[str, Any]]:
    """What is wrong with it, or the geometry as it is kept."""
    if not isinstance(told, dict) or told.get("type") not in _SHAPES:
        kind = told.get("type") if isinstance(told, dict) else told
        return f"expected a Polygon or MultiPolygon, found {kind}", {}
    try:
        rounded = _rounded(told["coordinates"], _SHAPES[told["type"]])
    except (LookupError, OverflowError, TypeError, ValueError):
        return "expected rings of longitude and latitude in degrees, each closed", {}
    geometry = {"type": told["type"], "coordinates": rounded}
    points = [point for ring in _rings(geometry) for point in ring]
    if not points:
        return "expected at least one ring, found none", {}
    (west, east), (south, north) = ((min(each), max(each)) for each in zip(*points, strict=True))
    inside = (
        south - _AWAY <= unit.latitude <= north + _AWAY
        and west - _AWAY <= unit.longitude <= east + _AWAY
    )
    if not inside:
        middle = f"{unit.latitude}, {unit.longitude}"
        box = f"{south}, {west} to {north}, {east}"
        return f"its middle {middle} lies far outside it ({box}, expected WGS 84)", {}
    return None, geometry


def _rounded(coordinates: Any, deep: int) -> Any:
    if deep:
        if not isinstance(coordinates, list):
            raise TypeError
        return [_rounded(each, deep - 1) for each in coordinates]
    ring = [[round(float(p[0]), _PLACES), round(float(p[1]), _PLACES)] for p in coordinates]
    on_earth = all(abs(x) <= 180 and abs(y) <= 90 for x, y in ring)
    if len(ring) < 4 or ring[0] != ring[-1] or not on_earth:
        raise ValueError
    return ring


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    if geometry["type"] == "Polygon":
        yield from geometry["coordinates"]
    else:
        for polygon in geometry["coordinates"]:
            yield from polygon
