"""Answers to the questions of a service, as `attribute[code]=…` and `attribute[code][]=…`."""

import re
from collections.abc import Iterator, Sequence

from api.open311.parameters import Given, Reader, decimal, moment, tidy
from api.open311.services import questions_of
from provinces.open311 import Datatype, Question
from provinces.schema import Province

_NAME = re.compile(r"attribute\[([A-Za-z0-9_]{1,60})\](\[\])?")
_PREFIX = "attribute"
MOST_CHARACTERS = {Datatype.STRING: 255, Datatype.TEXT: 2000}
_MOST_VALUES = 100
_LOST = "\ufffd"


def answers(reader: Reader, given: Given, province: Province, code: str) -> list[str]:
    """`question: answer`, a line each, in the order of the questions and in staff's language."""
    sent = dict(_sent(reader, given))
    lines = []
    for question in questions_of(province, code):
        values = sent.pop(question.code, ())
        if question.notice:
            continue
        if not values:
            if question.required:
                reader.fault(
                    f"attribute[{question.code}]: cần trả lời câu hỏi này",
                    f"attribute[{question.code}]: expected an answer, found none",
                )
            continue
        answered = _answer(reader, province, question, values)
        if answered is not None:
            lines.append(f"{question.names[province.languages[0]]}: {answered}")
    if sent:
        reader.fault(
            "attribute: dịch vụ này không có câu hỏi mang mã đó",
            "attribute: the service definition has no attribute of that code",
        )
    return lines


def _sent(reader: Reader, given: Given) -> Iterator[tuple[str, tuple[str, ...]]]:
    found: dict[str, list[str]] = {}
    for name, values in given.lists():
        if not name.startswith(_PREFIX):
            continue
        match = _NAME.fullmatch(name)
        if match is None:
            reader.fault(
                "attribute: cần viết attribute[mã] hoặc attribute[mã][]",
                "attribute: expected attribute[code] or attribute[code][]",
            )
            return
        found.setdefault(match[1], []).extend(value for value in values if value.strip())
    for code, each in found.items():
        if each:
            yield code, tuple(each[:_MOST_VALUES])


def _answer(
    reader: Reader, province: Province, question: Question, values: Sequence[str]
) -> str | None:
    what = f"attribute[{question.code}]"
    if question.datatype is not Datatype.CHOICES and len(set(values)) > 1:
        reader.fault(
            f"{what}: cần một giá trị, nhận được {len(values)}",
            f"{what}: expected one value, found {len(values)}",
        )
        return None
    if any(_LOST in value for value in values):
        reader.fault(f"{what}: cần mã hoá UTF-8", f"{what}: expected UTF-8")
        return None
    value = tidy(values[0], question.datatype is Datatype.TEXT)
    match question.datatype:
        case Datatype.CHOICE | Datatype.CHOICES:
            if not set(values) <= question.choices.keys():
                reader.fault(
                    f"{what}: cần một trong các giá trị {', '.join(question.choices)}",
                    f"{what}: expected {', '.join(question.choices)}",
                )
                return None
            language = province.languages[0]
            chosen = dict.fromkeys(values)
            return ", ".join(question.choices[key][language] for key in chosen)
        case Datatype.NUMBER:
            if decimal(value) is None:
                reader.fault(f"{what}: cần một con số", f"{what}: expected a number")
                return None
        case Datatype.DATETIME:
            if moment(value, province.timezone) is None:
                reader.fault(
                    f"{what}: cần thời điểm, ví dụ 2026-01-31T00:00:00Z",
                    f"{what}: expected a moment such as 2026-01-31T00:00:00Z",
                )
                return None
        case _:
            most = MOST_CHARACTERS[question.datatype]
            if len(value) > most:
                reader.fault(
                    f"{what}: tối đa {most} ký tự, nhận được {len(value)}",
                    f"{what}: expected at most {most} characters, found {len(value)}",
                )
                return None
    return value
