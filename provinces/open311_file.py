"""Reads what is told and asked over Open311."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from provinces.handling import Handling
from provinces.located import Document, Report, read_toml
from provinces.open311 import LISTS, Datatype, Names, Open311, Question
from provinces.raw import Code, Raw, Text, check_names, shaped
from provinces.schema import Category, Group

OPEN311 = "open311.toml"
_NO_NAMES: Names = MappingProxyType({})


class RawChoice(Raw):
    key: Code
    name: Mapping[str, Text]


class RawQuestion(Raw):
    code: Code
    categories: list[Code] = Field(min_length=1)
    datatype: Annotated[Datatype, Field(strict=False)]
    required: bool = False
    notice: bool = False
    name: Mapping[str, Text]
    hint: Mapping[str, Text] | None = None
    choice: list[RawChoice] = Field(default_factory=list)


class Open311File(Raw):
    hidden: list[Code]
    without_words: list[Code]
    hidden_reasons: list[Code]
    question: list[RawQuestion] = Field(default_factory=list)


def read_open311(
    report: Report,
    languages: tuple[str, ...],
    groups: Mapping[str, Group],
    categories: Mapping[str, Category],
    handling: Handling | None,
) -> Open311 | None:
    """Every code is one of the pack's, and of each category a question's code is asked once; None
    after problems."""
    document = read_toml(report, OPEN311)
    shape = shaped(report, document, Open311File)
    if document is None or shape is None:
        return None
    known = groups.keys() | categories.keys()
    _check_known(report, document, "hidden", shape.hidden, known)
    _check_known(report, document, "without_words", shape.without_words, known)
    if handling is not None:
        reasons = handling.rejected
        _check_known(report, document, "hidden_reasons", shape.hidden_reasons, reasons)
    questions: dict[str, dict[str, Question]] = {}
    for index, raw in enumerate(shape.question):
        question = _question(report, document, languages, index, raw)
        line = document.line("question", index, "categories")
        for code in raw.categories:
            if known and code not in known:
                report.add(OPEN311, line, f'question {raw.code}: no category or group "{code}"')
            asked = questions.setdefault(code, {})
            if raw.code in asked:
                report.add(OPEN311, line, f"question {raw.code} is asked twice of {code}")
            asked[raw.code] = question
    return Open311(
        hidden=frozenset(shape.hidden),
        without_words=frozenset(shape.without_words),
        hidden_reasons=frozenset(shape.hidden_reasons),
        questions=MappingProxyType(
            {code: tuple(each.values()) for code, each in questions.items()}
        ),
    )


def _check_known(
    report: Report, document: Document, key: str, given: list[str], known: Collection[str]
) -> None:
    for code in given:
        if known and code not in known:
            report.add(OPEN311, document.line(key), f'{key}: "{code}" is not in this pack')


def _question(
    report: Report,
    document: Document,
    languages: tuple[str, ...],
    index: int,
    raw: RawQuestion,
) -> Question:
    where = ("question", index)
    check_names(report, document, where, raw.name, languages)
    if raw.hint is not None:
        check_names(report, document, where, raw.hint, languages, "hint")
    choices: dict[str, Names] = {}
    for number, choice in enumerate(raw.choice):
        check_names(report, document, (*where, "choice", number), choice.name, languages)
        if choice.key in choices:
            line = document.line(*where, "choice", number, "key")
            report.add(OPEN311, line, f"question {raw.code}: choice {choice.key} is there twice")
        choices[choice.key] = MappingProxyType(dict(choice.name))
    line = document.line(*where, "datatype")
    if (raw.datatype in LISTS) != bool(choices):
        has = "no choices" if raw.datatype in LISTS else "choices"
        report.add(OPEN311, line, f"question {raw.code}: a {raw.datatype} with {has}")
    if raw.notice and raw.required:
        report.add(OPEN311, line, f"question {raw.code}: a notice has no answer to require")
    return Question(
        code=raw.code,
        datatype=raw.datatype,
        required=raw.required,
        notice=raw.notice,
        names=MappingProxyType(dict(raw.name)),
        hint=MappingProxyType(dict(raw.hint)) if raw.hint is not None else _NO_NAMES,
        choices=MappingProxyType(choices),
    )
