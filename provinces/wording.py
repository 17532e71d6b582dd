"""The sentences a province's hotline says, and whether none is missing or misspelt."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from provinces.errors import Problem
from provinces.located import Document, Report, read_toml
from provinces.schema import Area, MenuChoice, Province, Topic

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"[a-z][a-z0-9_]*")
_FOLDER = "wording"


def read_wording(report: Report, wanted: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """Language → key → text of every file in the pack's wording folder.

    `wanted` are the keys that the pack's other files speak of, and where.
    """
    wording: dict[str, Mapping[str, str]] = {}
    for language, document in _documents(report):
        texts = {}
        for key, text in document.values.items():
            line = document.line(key)
            if not _KEY.fullmatch(key):
                message = f"{key}: keys are small letters, digits and _"
                report.add(document.file, line, message)
            elif not isinstance(text, str) or not text.strip():
                report.add(document.file, line, f"{key}: expected words, found {text!r}")
            elif (wrong := bad_placeholder(text)) is not None:
                report.add(document.file, line, f"{key}: {wrong}")
            else:
                texts[key] = text
        for key, where in wanted.items():
            if key not in document.values:
                report.add(document.file, None, f'key "{key}" is missing: {where}')
        wording[language] = MappingProxyType(texts)
    if not wording and not report.problems_in(_FOLDER):
        report.add(f"{_FOLDER}/vi.toml", None, "the file is missing")
    return MappingProxyType(wording)


def wanted_wording(
    menu: tuple[MenuChoice, ...],
    areas: tuple[Area, ...],
    topics: tuple[Topic, ...],
    diverted: Mapping[str, str],
) -> Mapping[str, str]:
    """Keys that a pack's files speak of → the place that does."""
    wanted = {choice.wording_key: f"menu.toml has key {choice.key}" for choice in menu}
    for choice in menu:
        for sub in choice.sub:
            wanted[sub.wording_key] = f"menu.toml has key {sub.key} under {choice.key}"
    wanted |= {area.wording_key: f"areas.toml has key {area.key}" for area in areas}
    for topic in topics:
        wanted[f"info_choice_{topic.key}"] = f"info.toml has key {topic.key}"
        wanted[topic.wording_key] = f"info.toml answers key {topic.key} with it"
    for code, key in diverted.items():
        wanted.setdefault(key, f"info.toml diverts {code} with it")
    return wanted


def check_wording(
    province: Province, required: Mapping[str, frozenset[str]]
) -> tuple[Problem, ...]:
    """What the pack's wording lacks for a program that says `required`; empty when all is there.

    `required` gives for each key the placeholders that the program fills. Every language of the
    pack must have every key, and name those placeholders and no others: a reference that is
    not said is as bad as one that is not known.
    """
    report = Report(province.folder)
    for language, document in _documents(report):
        for key, expected in sorted(required.items()):
            text = province.wording[language].get(key)
            if text is None:
                report.add(document.file, None, f'key "{key}" is missing')
                continue
            line = document.line(key)
            found = placeholders(text)
            known = ", ".join(f"{{{name}}}" for name in sorted(expected)) or "none"
            for name in sorted(found - expected):
                message = f"{key}: placeholder {{{name}}} is unknown here, expected {known}"
                report.add(document.file, line, message)
            for name in sorted(expected - found):
                report.add(document.file, line, f"{key}: placeholder {{{name}}} is missing")
    return tuple(report.problems)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces of a wording."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _documents(report: Report) -> list[tuple[str, Document]]:
    files = sorted(Path(report.folder / _FOLDER).glob("*.toml"))
    read = ((file.stem, read_toml(report, f"{_FOLDER}/{file.name}")) for file in files)
    return [(language, document) for language, document in read if document is not None]


def bad_placeholder(text: str) -> str | None:
    """What is wrong with the braces of a wording; None where nothing is."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return f"braces do not pair: {error}"
    for _, name, form, conversion in parts:
        if name is not None and (form or conversion or not _PLACEHOLDER.fullmatch(name)):
            return f"expected a placeholder such as {{reference}}, found {{{name}}}"
    return None
