"""Reads what callers may key in or be told beside categories: areas, dangers, topics, limits."""

import itertools
from collections.abc import Mapping
from types import MappingProxyType

from provinces.limits import Limits
from provinces.located import Document, Report, read_toml
from provinces.menu import check_keys
from provinces.raw import AreasFile, DangerFile, InfoFile, LimitsFile, check_names, shaped
from provinces.schema import (
    LOWEST_KINDS,
    Area,
    Category,
    Danger,
    Edition,
    Priority,
    ShortNumber,
    Topic,
    Unit,
    UnitKey,
)

AREAS, DANGER, INFO, LIMITS = "areas.toml", "danger.toml", "info.toml", "limits.toml"
UNITS = "units.csv"


def read_areas(
    report: Report,
    languages: tuple[str, ...],
    units: Mapping[UnitKey, Unit],
    editions: Mapping[str, Edition],
) -> tuple[Area, ...]:
    """Every commune of the newest edition in exactly one area."""
    document = read_toml(report, AREAS)
    shape = shaped(report, document, AreasFile)
    if document is None or shape is None:
        return ()
    check_keys(report, document, ("area",), [raw.key for raw in shape.area], "list of areas")
    edition = list(editions)[-1]
    areas: list[Area] = []
    seen: dict[UnitKey, str] = {}
    for index, raw in enumerate(shape.area):
        check_names(report, document, ("area", index), raw.name, languages)
        line = document.line("area", index, "units")
        keys = tuple(UnitKey(edition, code) for code in raw.units)
        for key in keys:
            unit = units.get(key)
            if (unit is None or unit.kind not in LOWEST_KINDS) and UNITS not in report.unreadable:
                message = f"area {raw.key}: {key.code} is no commune of edition {edition}"
                report.add(AREAS, line, message)
            if key in seen:
                message = f"area {raw.key}: unit {key.code} is already in area {seen[key]}"
                report.add(AREAS, line, message)
            seen[key] = raw.key
        areas.append(Area(raw.key, MappingProxyType(dict(raw.name)), keys))
    if UNITS not in report.unreadable:
        for unit in units.values():
            here = unit.key.edition == edition and unit.kind in LOWEST_KINDS
            if here and unit.key not in seen:
                message = f"unit {unit.key.code} {unit.full_name} is in no area"
                report.add(AREAS, None, message)
    return tuple(areas)


def read_dangers(
    report: Report, languages: tuple[str, ...], numbers: Mapping[str, ShortNumber]
) -> tuple[Danger, ...]:
    """The dangers in the order of their keys."""
    document = read_toml(report, DANGER)
    shape = shaped(report, document, DangerFile)
    if document is None or shape is None:
        return ()
    check_keys(report, document, ("danger",), [raw.key for raw in shape.danger], "list of dangers")
    dangers: list[Danger] = []
    for index, raw in enumerate(shape.danger):
        check_names(report, document, ("danger", index), raw.name, languages)
        if raw.code in (danger.code for danger in dangers):
            line = document.line("danger", index, "code")
            report.add(DANGER, line, f"danger {raw.code} is there twice")
        if raw.number not in numbers and "numbers.toml" not in report.unreadable:
            line = document.line("danger", index, "number")
            message = f'danger {raw.code}: number "{raw.number}" is not in numbers.toml'
            report.add(DANGER, line, message)
        dangers.append(Danger(raw.key, raw.code, raw.number, MappingProxyType(dict(raw.name))))
    return tuple(dangers)


def read_info(
    report: Report, languages: tuple[str, ...], categories: Mapping[str, Category]
) -> tuple[tuple[Topic, ...], Mapping[str, str]]:
    """The topics in the order of their keys; diverted category → wording."""
    document = read_toml(report, INFO)
    shape = shaped(report, document, InfoFile)
    if document is None or shape is None:
        return (), {}
    check_keys(report, document, ("topic",), [raw.key for raw in shape.topic], "list of topics")
    for index, raw in enumerate(shape.topic):
        check_names(report, document, ("topic", index), raw.name, languages)
    topics = (Topic(raw.key, MappingProxyType(dict(raw.name)), raw.wording) for raw in shape.topic)
    if "categories.toml" not in report.unreadable:
        _check_diverted(report, document, shape.diverted, categories)
    return tuple(topics), MappingProxyType(dict(shape.diverted))


def _check_diverted(
    report: Report,
    document: Document,
    diverted: Mapping[str, str],
    categories: Mapping[str, Category],
) -> None:
    for code in diverted:
        line = document.line("diverted", code)
        if code not in categories:
            report.add(INFO, line, f'diverted: category "{code}" is not in categories.toml')
        elif categories[code].priority is not Priority.DIVERTED:
            report.add(INFO, line, f"diverted: {code} is not diverted in categories.toml")
    for category in categories.values():
        if category.priority is Priority.DIVERTED and category.code not in diverted:
            line = document.line("diverted")
            report.add(INFO, line, f"diverted: nothing says where {category.code} belongs")


def read_limits(report: Report) -> Limits | None:
    """The limits; None after problems."""
    document = read_toml(report, LIMITS)
    shape = shaped(report, document, LimitsFile)
    if document is None or shape is None:
        return None
    graded = ("warn_calls_hour", "record_only_calls_hour", "blocked_calls_hour")
    periods = (
        ("callback_from", "callback_until"),
        ("survey_from", "survey_until"),
        ("round_from", "round_until"),
    )
    for lower, higher in (*itertools.pairwise(graded), *periods):
        low, high = getattr(shape, lower), getattr(shape, higher)
        if not low < high:
            message = f"{higher}: expected more than {lower}, {low}; found {high}"
            report.add(LIMITS, document.line(higher), message)
    return Limits(**shape.model_dump())
