"""Reads where things are: units of every edition, what became of them, streets, landmarks."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from provinces.located import Report, Row, read_csv
from provinces.raw import Box
from provinces.schema import (
    DISTRICT_KINDS,
    LOWEST_KINDS,
    Edition,
    Landmark,
    Street,
    Unit,
    UnitKey,
    UnitKind,
)

UNIT_COLUMNS = (
    "edition",
    "code",
    "name",
    "full_name",
    "kind",
    "parent_code",
    "parent_name",
    "latitude",
    "longitude",
)
MAP_COLUMNS = (
    "old_edition",
    "old_code",
    "old_full_name",
    "new_edition",
    "new_code",
    "new_full_name",
)
STREET_COLUMNS = ("edition", "district_code", "name", "source")
LANDMARK_COLUMNS = ("name", "aliases", "where", "edition", "unit_code", "source")

UNITS = "units.csv"
UNITS_MAP = "units_map.csv"


def read_units(report: Report, editions: Mapping[str, Edition], box: Box) -> Mapping[UnitKey, Unit]:
    """Every unit of every edition by its key."""
    rows = read_csv(report, UNITS, UNIT_COLUMNS)
    units: dict[UnitKey, Unit] = {}
    lines: dict[UnitKey, int] = {}
    for row in rows:
        unit = _unit(report, row, editions, box)
        if unit is None:
            continue
        if unit.key in units:
            message = f"{_said(unit.key)}: this key is already used in line {lines[unit.key]}"
            report.add(UNITS, row.line, message)
            continue
        units[unit.key] = unit
        lines[unit.key] = row.line
    for row in rows:
        _check_parent(report, row, units)
    return MappingProxyType(units)


def _unit(report: Report, row: Row, editions: Mapping[str, Edition], box: Box) -> Unit | None:
    key = UnitKey(row["edition"], row["code"])
    problems = []
    if key.edition not in editions:
        problems.append(f'edition "{key.edition}" is not in province.toml')
    if not key.code.isdigit():
        problems.append(f'expected a code of digits, found "{key.code}"')
    if not row["name"] or not row["full_name"]:
        problems.append("expected a name and a full name")
    kind = UnitKind(row["kind"]) if row["kind"] in set(UnitKind) else None
    if kind is None:
        problems.append(f'expected a kind of {", ".join(UnitKind)}, found "{row["kind"]}"')
    degrees = _degrees(row)
    if degrees is None:
        problems.append(f'expected degrees, found "{row["latitude"]}" and "{row["longitude"]}"')
    elif kind is not UnitKind.PROVINCE and not box.holds(*degrees):
        # A pack may cover a part of a province, whose centre then lies elsewhere.
        problems.append(f"{degrees[0]}, {degrees[1]} lies outside the province's box")
    for problem in problems:
        report.add(UNITS, row.line, f"{_said(key)}: {problem}")
    if problems or kind is None or degrees is None:
        return None
    parent = UnitKey(key.edition, row["parent_code"]) if row["parent_code"] else None
    return Unit(key, row["name"], row["full_name"], kind, parent, *degrees)


def _degrees(row: Row) -> tuple[float, float] | None:
    try:
        return float(row["latitude"]), float(row["longitude"])
    except ValueError:
        return None


def _check_parent(report: Report, row: Row, units: Mapping[UnitKey, Unit]) -> None:
    unit = units.get(UnitKey(row["edition"], row["code"]))
    if unit is None:
        return
    if unit.kind is UnitKind.PROVINCE:
        if unit.parent is not None:
            report.add(UNITS, row.line, f"{_said(unit.key)}: a province has no parent")
        return
    parent = units.get(unit.parent) if unit.parent is not None else None
    if parent is None:
        message = f'{_said(unit.key)}: parent "{row["parent_code"]}" is not in this file'
        report.add(UNITS, row.line, message)
    elif parent.full_name != row["parent_name"]:
        message = f'{_said(unit.key)}: parent {parent.key.code} is "{parent.full_name}"'
        report.add(UNITS, row.line, f'{message}, found "{row["parent_name"]}"')


def read_successors(
    report: Report, units: Mapping[UnitKey, Unit], editions: Mapping[str, Edition]
) -> Mapping[UnitKey, tuple[UnitKey, ...]]:
    """Old unit → the units its land went to; almost always one."""
    successors: dict[UnitKey, tuple[UnitKey, ...]] = {}
    order = list(editions)
    for row in read_csv(report, UNITS_MAP, MAP_COLUMNS):
        old = UnitKey(row["old_edition"], row["old_code"])
        new = UnitKey(row["new_edition"], row["new_code"])
        known = [
            _check_reference(report, row, key, row[name], units)
            for key, name in ((old, "old_full_name"), (new, "new_full_name"))
        ]
        if not all(known):
            continue
        if order.index(old.edition) >= order.index(new.edition):
            message = f"{_said(old)}: expected a later edition than {old.edition}"
            report.add(UNITS_MAP, row.line, f"{message}, found {new.edition}")
        elif new in successors.get(old, ()):
            report.add(UNITS_MAP, row.line, f"{_said(old)}: {_said(new)} is there twice")
        else:
            successors[old] = (*successors.get(old, ()), new)
    if not {UNITS, UNITS_MAP} & report.unreadable:
        _check_complete(report, units, successors, order)
    return MappingProxyType(successors)


def _check_reference(
    report: Report, row: Row, key: UnitKey, full_name: str, units: Mapping[UnitKey, Unit]
) -> bool:
    unit = units.get(key)
    if unit is None:
        if UNITS not in report.unreadable:
            report.add(UNITS_MAP, row.line, f"{_said(key)} is not in {UNITS}")
        return False
    if unit.full_name != full_name:
        message = f'{_said(key)} is "{unit.full_name}", found "{full_name}"'
        report.add(UNITS_MAP, row.line, message)
    return True


def _check_complete(
    report: Report,
    units: Mapping[UnitKey, Unit],
    successors: Mapping[UnitKey, tuple[UnitKey, ...]],
    order: list[str],
) -> None:
    reached = {key for keys in successors.values() for key in keys}
    for unit in units.values():
        if unit.kind not in LOWEST_KINDS:
            continue
        if unit.key.edition != order[-1] and unit.key not in successors:
            report.add(UNITS_MAP, None, f"{_said(unit.key)} {unit.full_name} has no successor")
        if unit.key.edition != order[0] and unit.key not in reached:
            report.add(UNITS_MAP, None, f"{_said(unit.key)} {unit.full_name} has no predecessor")


def read_streets(report: Report, units: Mapping[UnitKey, Unit]) -> tuple[Street, ...]:
    """Every street, each once in its district."""
    streets: list[Street] = []
    seen: set[tuple[UnitKey, str]] = set()
    for row in read_csv(report, "streets.csv", STREET_COLUMNS):
        district = UnitKey(row["edition"], row["district_code"])
        unit = units.get(district)
        if not row["name"] or not row["source"]:
            report.add(row.file, row.line, "expected a name and a source")
        if unit is None and UNITS not in report.unreadable:
            message = f"street {row['name']}: {_said(district)} is not in {UNITS}"
            report.add(row.file, row.line, message)
        elif unit is not None and unit.kind not in DISTRICT_KINDS | LOWEST_KINDS:
            message = f"street {row['name']}: expected a district or commune"
            report.add(row.file, row.line, f"{message}, found {unit.full_name}")
        if (district, row["name"]) in seen:
            message = f"street {row['name']} is there twice in {_said(district)}"
            report.add(row.file, row.line, message)
        seen.add((district, row["name"]))
        streets.append(Street(row["name"], district, row["source"]))
    return tuple(streets)


def read_landmarks(report: Report, units: Mapping[UnitKey, Unit]) -> tuple[Landmark, ...]:
    """Every landmark, each once."""
    landmarks: dict[str, Landmark] = {}
    for row in read_csv(report, "landmarks.csv", LANDMARK_COLUMNS):
        key = UnitKey(row["edition"], row["unit_code"])
        placed = bool(key.edition or key.code)
        if not row["name"] or not row["source"]:
            report.add(row.file, row.line, "expected a name and a source")
        if placed and key not in units and UNITS not in report.unreadable:
            message = f"landmark {row['name']}: {_said(key)} is not in {UNITS}"
            report.add(row.file, row.line, message)
        if row["name"] in landmarks:
            report.add(row.file, row.line, f"landmark {row['name']} is there twice")
        landmarks[row["name"]] = Landmark(
            row["name"],
            tuple(_split(row["aliases"])),
            row["where"],
            key if placed else None,
            row["source"],
        )
    return tuple(landmarks.values())


def _split(aliases: str) -> Iterable[str]:
    return (alias.strip() for alias in aliases.split("|") if alias.strip())


def _said(key: UnitKey) -> str:
    return f"unit {key.code} of edition {key.edition}"
