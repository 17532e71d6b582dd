"""Writes a pack's units.csv and units_map.csv from the public tables of vietnamadminunits.

Run as `python -m provinces.build_units bac_lieu`, with the extra `province` installed. It is a
build-time tool only: that library pulls in a GPL one, so no part of the running hotline may
import it, and the tables that it writes are kept in the repository.

A pack covers its first edition's province whole, and of the last edition's province those
communes in which the old ones were merged.
"""

import csv
import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provinces.errors import ProvinceBroken, ProvinceError, UnitsNotBuilt
from provinces.loader import MAIN_FILE, find_province
from provinces.located import Report, read_toml
from provinces.raw import ProvinceFile, RawEdition, shaped
from provinces.schema import UnitKind
from provinces.units import MAP_COLUMNS, UNIT_COLUMNS, UNITS, UNITS_MAP

_KINDS = {
    "Tỉnh": UnitKind.PROVINCE,
    "Thành phố": UnitKind.CITY,
    "Thị xã": UnitKind.TOWN,
    "Huyện": UnitKind.DISTRICT,
    "Phường": UnitKind.WARD,
    "Xã": UnitKind.COMMUNE,
    "Thị trấn": UnitKind.TOWNSHIP,
}

Line = dict[str, str]


@dataclass(frozen=True)
class Source:
    """The library's two tables and its converter of old addresses to new ones."""

    old: list[Mapping[str, Any]]
    new: list[Mapping[str, Any]]
    convert: Any


def build(folder: Path, read: Callable[[str, str], Source] | None = None) -> tuple[int, int]:
    """Writes the two tables of the pack in `folder`; how many units and how many successions.

    `read` gives the source for an old and a new province code; the library by default.

    Raises:
        ProvinceBroken: province.toml cannot be read or has not exactly two editions.
        UnitsNotBuilt: the library is not installed, or lacks the province.
    """
    old, new = _editions(folder)
    source = (read or library)(old.province_code, new.province_code)
    successors = _successors(source)
    kept = {code for _, code in successors}
    units = [*_old_units(old.key, source.old), *_new_units(new.key, source.new, kept)]
    names = {(unit["edition"], unit["code"]): unit["full_name"] for unit in units}
    pairs = [(old.province_code, new.province_code), *sorted(successors)]
    changes = [
        {
            "old_edition": old.key,
            "old_code": before,
            "old_full_name": names[old.key, before],
            "new_edition": new.key,
            "new_code": after,
            "new_full_name": names[new.key, after],
        }
        for before, after in pairs
    ]
    _write(folder / UNITS, UNIT_COLUMNS, units)
    _write(folder / UNITS_MAP, MAP_COLUMNS, changes)
    return len(units), len(changes)


def _editions(folder: Path) -> tuple[RawEdition, RawEdition]:
    report = Report(folder)
    shape = shaped(report, read_toml(report, MAIN_FILE), ProvinceFile)
    if shape is None:
        raise ProvinceBroken(report.problems)
    if len(shape.edition) != 2:
        raise UnitsNotBuilt(f"expected 2 editions in {MAIN_FILE}, found {len(shape.edition)}")
    return shape.edition[0], shape.edition[1]


def library(old_code: str, new_code: str) -> Source:
    """What vietnamadminunits knows of these two provinces.

    Raises:
        UnitsNotBuilt: it is not installed, or lacks one of them.
    """
    try:
        package = importlib.import_module("vietnamadminunits")
        tables = importlib.import_module("vietnamadminunits.database")
    except ImportError as error:
        message = "vietnamadminunits is not installed; install the extra: pip install .[province]"
        raise UnitsNotBuilt(message) from error

    def rows(table: str, code: str) -> list[Mapping[str, Any]]:
        found = [row for row in tables.get_data(table=table) if row["provinceCode"] == code]
        if not found:
            raise UnitsNotBuilt(f"vietnamadminunits has no province {code} in its table {table}")
        return sorted(found, key=lambda row: str(row["wardCode"]))

    return Source(
        rows("admin_units_legacy", old_code), rows("admin_units", new_code), package.convert_address
    )


def _successors(source: Source) -> list[tuple[str, str]]:
    codes = {row["wardKey"]: row["wardCode"] for row in source.new}
    pairs = []
    for row in source.old:
        address = f"{row['ward']}, {row['district']}, {row['province']}"
        converted = source.convert(address)
        if converted.ward_key not in codes:
            raise UnitsNotBuilt(f"vietnamadminunits does not convert {address!r}")
        pairs.append((row["wardCode"], codes[converted.ward_key]))
    return pairs


def _old_units(edition: str, rows: list[Mapping[str, Any]]) -> Iterable[Line]:
    yield _line(edition, rows[0], "province")
    districts = {row["districtCode"]: row for row in rows}
    for _, row in sorted(districts.items()):
        yield _line(edition, row, "district", "province")
    for row in rows:
        yield _line(edition, row, "ward", "district")


def _new_units(edition: str, rows: list[Mapping[str, Any]], kept: set[str]) -> Iterable[Line]:
    yield _line(edition, rows[0], "province")
    for row in rows:
        if row["wardCode"] in kept:
            yield _line(edition, row, "ward", "province")


def _line(edition: str, row: Mapping[str, Any], level: str, parent: str | None = None) -> Line:
    full_name = str(row[level])
    title = next(title for title in _KINDS if full_name.startswith(f"{title} "))
    name = full_name.removeprefix(f"{title} ")
    return {
        "edition": edition,
        "code": str(row[f"{level}Code"]),
        # "Phường 1" is called so, never "1".
        "name": full_name if name.isdigit() else name,
        "full_name": full_name,
        # A city may be a province by itself.
        "kind": (UnitKind.PROVINCE if level == "province" else _KINDS[title]).value,
        "parent_code": str(row[f"{parent}Code"]) if parent else "",
        "parent_name": str(row[parent]) if parent else "",
        "latitude": f"{row[f'{level}Lat']:.5f}",
        "longitude": f"{row[f'{level}Lon']:.5f}",
    }


def _write(path: Path, columns: tuple[str, ...], lines: Iterable[Line]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def main(arguments: list[str]) -> int:
    """Builds the pack named on the command line; the exit code."""
    if len(arguments) != 1:
        print("expected one province, as in: python -m provinces.build_units bac_lieu")
        return 2
    try:
        folder = find_province(arguments[0])
        units, changes = build(folder)
    except ProvinceError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder.name}: {units} units, {changes} successions")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
