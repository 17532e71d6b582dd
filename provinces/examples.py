"""Reads what categories are learnt from: reports as callers tell them, and phrases of each."""

import json
from collections.abc import Iterator, Mapping, Sequence

from pydantic import ValidationError

from provinces.errors import ProvinceBroken
from provinces.located import Document, Report, read_text, read_toml
from provinces.raw import CuesFile, RawCues, RawExample, shaped
from provinces.schema import Category, Example, Province

CUES = "cues.toml"
EXAMPLES = "examples/reports.jsonl"
# Of a whole report. Three of four are no better by more: docs/understanding.md.
WEIGHTS = {"strong": 0.5, "weak": 0.2}


def load_examples(province: Province) -> tuple[Example, ...]:
    """All that the pack tells of its categories.

    Raises:
        ProvinceBroken: files are missing or malformed, or name unknown categories.
    """
    report = Report(province.folder)
    found = [*_cues(report, province.categories), *_reports(report, province.categories)]
    if report.problems:
        raise ProvinceBroken(report.problems)
    return tuple(found)


def _reports(report: Report, categories: Mapping[str, Category]) -> Iterator[Example]:
    if not (report.folder / EXAMPLES).exists():
        return  # a new pack has phrases alone
    seen: set[str] = set()
    for number, line in enumerate((read_text(report, EXAMPLES) or "").splitlines(), start=1):
        try:
            raw = RawExample.model_validate(json.loads(line))
        except (ValueError, ValidationError):
            report.add(EXAMPLES, number, 'expected {"said": "...", "category": "..."}')
            continue
        if raw.category not in categories:
            report.add(EXAMPLES, number, _unknown(raw.category))
        if raw.said in seen:
            report.add(EXAMPLES, number, "these words are there already")
        seen.add(raw.said)
        yield Example(raw.category, raw.said, 1.0)


def _cues(report: Report, categories: Mapping[str, Category]) -> Iterator[Example]:
    """The phrases of every category; one belongs to one list of its category only."""
    document = read_toml(report, CUES)
    shape = shaped(report, document, CuesFile)
    if document is None or shape is None:
        return
    seen: set[str] = set()
    for index, raw in enumerate(shape.category):
        line = document.line("category", index, "code")
        if raw.code not in categories:
            report.add(CUES, line, _unknown(raw.code))
        if raw.code in seen:
            report.add(CUES, line, f"category {raw.code} is there twice")
        seen.add(raw.code)
        yield from _cues_of(report, document, index, raw)
    for code in categories:
        if code not in seen:
            report.add(CUES, None, f"category {code} has no cues")


def _cues_of(report: Report, document: Document, index: int, raw: RawCues) -> Iterator[Example]:
    lists: Mapping[str, Sequence[str]] = {"strong": raw.strong, "weak": raw.weak}
    where: dict[str, str] = {}
    for name, phrases in lists.items():
        for phrase in phrases:
            if phrase in where:
                line = document.line("category", index, name)
                message = f'category {raw.code}: "{phrase}" is already in {where[phrase]}'
                report.add(CUES, line, message)
            where[phrase] = name
            yield Example(raw.code, phrase, WEIGHTS[name])


def _unknown(code: str) -> str:
    return f'category "{code}" is not in categories.toml'
