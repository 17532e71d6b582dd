"""Reads the phone's category menu: at most two levels of at most five keys."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from provinces.located import Document, Location, Report, read_toml
from provinces.raw import MenuFile, RawChoice, RawSubChoice, check_names, shaped
from provinces.schema import Category, Group, MenuChoice, MenuTarget

KEY_LIMIT = 5  # more choices than this are forgotten before the menu ends


def read_menu(
    report: Report,
    languages: tuple[str, ...],
    groups: Mapping[str, Group],
    categories: Mapping[str, Category],
) -> tuple[MenuChoice, ...]:
    """The category menu in the order it is spoken."""
    document = read_toml(report, "menu.toml")
    shape = shaped(report, document, MenuFile)
    if document is None or shape is None:
        return ()
    check_keys(report, document, ("choice",), [raw.key for raw in shape.choice], "menu")
    choices = []
    for index, raw in enumerate(shape.choice):
        check_names(report, document, ("choice", index), raw.name, languages)
        target = _target(report, document, index, raw, groups, categories)
        if target is None:
            continue
        sub = _second_level(report, document, index, raw, target, languages, categories)
        choices.append(MenuChoice(raw.key, target, MappingProxyType(dict(raw.name)), sub))
    return tuple(choices)


def check_keys(
    report: Report, document: Document, table: Location, keys: Sequence[str], what: str
) -> None:
    """Adds a problem for more keys than a caller can remember, and for one out of order."""
    if len(keys) > KEY_LIMIT:
        line = document.line(*table, KEY_LIMIT)
        message = f"the {what} has {len(keys)} choices, expected at most {KEY_LIMIT}"
        report.add(document.file, line, message)
    for index, key in enumerate(keys):
        expected = str(index + 1)
        if key != expected:
            line = document.line(*table, index, "key")
            message = f'{table[-1]} {index + 1}: expected key "{expected}", found "{key}"'
            report.add(document.file, line, f"{message}: keys go up from 1 without gaps")


def _target(
    report: Report,
    document: Document,
    index: int,
    raw: RawChoice,
    groups: Mapping[str, Group],
    categories: Mapping[str, Category],
) -> MenuTarget | None:
    if (raw.group is None) == (raw.category is None):
        message = f"choice {raw.key}: expected either group or category"
        report.add(document.file, document.line("choice", index), message)
        return None
    if raw.group is not None:
        target, known = MenuTarget("group", raw.group), raw.group in groups
    else:
        code = raw.category or ""
        target, known = MenuTarget("category", code), code in categories
    if not known and "categories.toml" in report.unreadable:
        return None
    if not known:
        line = document.line("choice", index, target.kind)
        message = f'choice {raw.key}: {target.kind} "{target.code}" is not in categories.toml'
        report.add(document.file, line, message)
        return None
    return target


def _second_level(
    report: Report,
    document: Document,
    index: int,
    raw: RawChoice,
    above: MenuTarget,
    languages: tuple[str, ...],
    categories: Mapping[str, Category],
) -> tuple[MenuChoice, ...]:
    table = ("choice", index, "sub")
    check_keys(report, document, table, [sub.key for sub in raw.sub], f"menu under {raw.key}")
    found = []
    for place, sub in enumerate(raw.sub):
        check_names(report, document, (*table, place), sub.name, languages)
        target = _below(report, document, (*table, place), raw, sub, above, categories)
        names = MappingProxyType(dict(sub.name))
        found.append(MenuChoice(sub.key, target, names, within=raw.key))
    codes = [choice.target.code for choice in found]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            line = document.line(*table, place)
            report.add(document.file, line, f'sub {raw.key} {place + 1}: "{code}" is there twice')
    return tuple(found)


def _below(
    report: Report,
    document: Document,
    table: Location,
    raw: RawChoice,
    sub: RawSubChoice,
    above: MenuTarget,
    categories: Mapping[str, Category],
) -> MenuTarget:
    """Where a key of the second level leads; without a category: to what lies above it."""
    if sub.category is None:
        return above
    if sub.category not in categories and "categories.toml" not in report.unreadable:
        line = document.line(*table, "category")
        message = f'sub {raw.key} {sub.key}: category "{sub.category}" is not in categories.toml'
        report.add(document.file, line, message)
    return MenuTarget("category", sub.category)
