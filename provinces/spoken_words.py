"""What callers may say instead of pressing keys: a province's words for each question."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from provinces.located import Document, Report, read_toml

_FOLDER = "spoken"
EVERYWHERE = "everywhere"
_KEY = re.compile(r"[0-9*#]")
_PHRASE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")

SpokenWords = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Language → question → phrase → key."""


def read_spoken_words(report: Report, wording: Mapping[str, Mapping[str, str]]) -> SpokenWords:
    """The words of every file in the pack's `spoken` folder; a pack need not have one.

    `wording` has the questions that there are.
    """
    found: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for path in sorted(Path(report.folder / _FOLDER).glob("*.toml")):
        document = read_toml(report, f"{_FOLDER}/{path.name}")
        if document is None:
            continue
        if path.stem not in wording:
            report.add(document.file, None, f'the pack has no wording in "{path.stem}"')
            continue
        found[path.stem] = _questions(report, document, wording[path.stem])
    return MappingProxyType(found)


def _questions(
    report: Report, document: Document, texts: Mapping[str, str]
) -> Mapping[str, Mapping[str, str]]:
    everywhere = _phrases(report, document, EVERYWHERE)
    questions = {}
    for question in document.values:
        if question == EVERYWHERE:
            continue
        if question not in texts:
            report.add(document.file, document.line(question), f"{question}: no such question")
        own = _phrases(report, document, question)
        questions[question] = MappingProxyType({**everywhere, **own})
    return MappingProxyType(questions)


def _phrases(report: Report, document: Document, question: str) -> Mapping[str, str]:
    """Phrase → key of one table; each wrong entry is told."""
    table = document.values.get(question, {})
    if not isinstance(table, dict):
        report.add(document.file, document.line(question), f"{question}: expected a table of keys")
        return {}
    found: dict[str, str] = {}
    for key, phrases in table.items():
        line = document.line(question, key)
        if not _KEY.fullmatch(key):
            message = f'{question}: expected a key of the telephone, found "{key}"'
            report.add(document.file, line, message)
            continue
        if not isinstance(phrases, list) or not phrases:
            report.add(document.file, line, f"{question}, key {key}: expected a list of phrases")
            continue
        for phrase in phrases:
            if not isinstance(phrase, str) or not _PHRASE.fullmatch(plain(phrase)):
                message = f"{question}, key {key}: expected words of letters, found {phrase!r}"
                report.add(document.file, line, message)
            elif plain(phrase) in found:
                message = f'{question}: "{phrase}" stands for key {found[plain(phrase)]} already'
                report.add(document.file, line, message)
            else:
                found[plain(phrase)] = key
    return found


def plain(phrase: str) -> str:
    """The phrase in small letters and one form."""
    return unicodedata.normalize("NFC", phrase).lower()
