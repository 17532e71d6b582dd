"""The sentences a province's hotline says, and whether none is missing or misspelt."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from provinces.errors import Problem
from provinces.located import Document, Report, read_toml
from provinces.schema import MenuChoice, Province

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"[a-z][a-z0-9_]*")
_FOLDER = "wording"


def read_wording(report: Report, menu: tuple[MenuChoice, ...]) -> Mapping[str, Mapping[str, str]]:
    """Language → key → text of every file in the pack's wording folder."""
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
            elif (wrong := _bad_placeholder(text)) is not None:
                report.add(document.file, line, f"{key}: {wrong}")
            else:
                texts[key] = text
        for choice in menu:
            if choice.wording_key not in document.values:
                message = f'key "{choice.wording_key}" is missing: menu.toml has key {choice.key}'
                report.add(document.file, None, message)
        wording[language] = MappingProxyType(texts)
    if not wording and not report.problems_in(_FOLDER):
        report.add(f"{_FOLDER}/vi.toml", None, "the file is missing")
    return MappingProxyType(wording)


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


def _bad_placeholder(text: str) -> str | None:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return f"braces do not pair: {error}"
    for _, name, form, conversion in parts:
        if name is not None and (form or conversion or not _PLACEHOLDER.fullmatch(name)):
            return f"expected a placeholder such as {{reference}}, found {{{name}}}"
    return None
