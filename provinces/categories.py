"""Reads what a report can be about: groups, agencies, categories, numbers."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, TypeVar

from provinces.located import Document, Report, read_toml
from provinces.raw import (
    AgenciesFile,
    CategoriesFile,
    NumbersFile,
    RawCategory,
    check_names,
    shaped,
)
from provinces.schema import (
    Agency,
    AgencyPeriod,
    Category,
    Deadline,
    Group,
    Priority,
    ShortNumber,
)

_DEADLINE = re.compile(r"([1-9][0-9]?) working (hours|days)")

Entry = TypeVar("Entry")


def read_agencies(report: Report, languages: tuple[str, ...]) -> Mapping[str, Agency]:
    """Every agency by its code."""
    document = read_toml(report, "agencies.toml")
    shape = shaped(report, document, AgenciesFile)
    if document is None or shape is None:
        return {}
    for index, raw in enumerate(shape.agency):
        check_names(report, document, ("agency", index), raw.name, languages)
        if raw.from_on and raw.until and raw.until < raw.from_on:
            line = document.line("agency", index, "until")
            report.add(document.file, line, f"agency {raw.code}: ends before it begins")
        if raw.address is not None:
            check_names(report, document, ("agency", index), raw.address, languages, "address")
    agencies = (
        Agency(
            raw.code,
            MappingProxyType(dict(raw.name)),
            raw.level,
            raw.from_on,
            raw.until,
            raw.number,
            MappingProxyType(dict(raw.address or {})),
        )
        for raw in shape.agency
    )
    return by_code(report, document, "agency", agencies, lambda agency: agency.code)


def read_numbers(report: Report, languages: tuple[str, ...]) -> Mapping[str, ShortNumber]:
    """Every number a caller may be told to ring."""
    document = read_toml(report, "numbers.toml")
    shape = shaped(report, document, NumbersFile)
    if document is None or shape is None:
        return {}
    for index, raw in enumerate(shape.number):
        check_names(report, document, ("number", index), raw.name, languages)
    numbers = (
        ShortNumber(raw.number, MappingProxyType(dict(raw.name)), raw.free) for raw in shape.number
    )
    return by_code(report, document, "number", numbers, lambda number: number.number)


class CategoryReader:
    """Reads categories.toml against the agencies and numbers already read."""

    def __init__(
        self,
        report: Report,
        languages: tuple[str, ...],
        agencies: Mapping[str, Agency],
        numbers: Mapping[str, ShortNumber],
    ) -> None:
        self._report = report
        self._agencies = agencies
        self._numbers = numbers
        self.groups: Mapping[str, Group] = {}
        self.categories: Mapping[str, Category] = {}
        self.unclear: str | None = None
        document = read_toml(report, "categories.toml")
        shape = shaped(report, document, CategoriesFile)
        if document is not None and shape is not None:
            self._document = document
            self._read(shape, languages)

    def _read(self, shape: CategoriesFile, languages: tuple[str, ...]) -> None:
        report, document = self._report, self._document
        for table, entries in (
            ("group", shape.group),
            ("category", shape.category),
        ):
            for index, entry in enumerate(entries):
                check_names(report, document, (table, index), entry.name, languages)
        groups = (Group(raw.code, MappingProxyType(dict(raw.name))) for raw in shape.group)
        self.groups = by_code(report, document, "group", groups, lambda group: group.code)
        categories = [self._category(index, raw) for index, raw in enumerate(shape.category)]
        self.categories = by_code(
            report, document, "category", categories, lambda category: category.code
        )
        self.unclear = shape.unclear
        if self.unclear is not None and self.unclear not in self.categories:
            message = f'unclear: category "{self.unclear}" is not in this file'
            report.add(document.file, document.line("unclear"), message)
        for index, raw in enumerate(shape.category):
            if raw.code in self.groups:
                # The phone's menu hands on a bare code, which must say which of the two it is.
                self._wrong(index, "code", raw, "a group has this code too")
        used = {category.group for category in categories}
        for index, group in enumerate(shape.group):
            if group.code not in used:
                line = document.line("group", index)
                report.add(document.file, line, f"group {group.code}: no category belongs to it")

    def _category(self, index: int, raw: RawCategory) -> Category:
        if raw.group not in self.groups:
            self._wrong(index, "group", raw, f'group "{raw.group}" is not in this file')
        for number in raw.numbers:
            if number not in self._numbers:
                self._unknown(index, "numbers", raw, f'number "{number}"', "numbers.toml")
        for keyword in sorted({word for word in raw.keywords if raw.keywords.count(word) > 1}):
            self._wrong(index, "keywords", raw, f'keyword "{keyword}" is there twice')
        self._check_periods(index, raw)
        return Category(
            code=raw.code,
            group=raw.group,
            module=None,  # modules name their categories: they are read after these
            names=MappingProxyType(dict(raw.name)),
            keywords=tuple(raw.keywords),
            agencies=tuple(AgencyPeriod(p.from_on, tuple(p.codes)) for p in raw.agencies),
            numbers=tuple(raw.numbers),
            priority=raw.priority,
            deadline=self._deadline(index, raw),
            basis=raw.basis,
        )

    def _check_periods(self, index: int, raw: RawCategory) -> None:
        starts = [period.from_on for period in raw.agencies]
        later = [start for start in starts[1:] if start is not None]
        if starts[0] is not None or len(later) < len(starts) - 1 or later != sorted(set(later)):
            message = "agencies: expected the first list without a date, then rising dates"
            self._wrong(index, "agencies", raw, message)
            return
        for position, period in enumerate(raw.agencies):
            upto = later[position] if position < len(later) else None
            for code in period.codes:
                self._check_agency(index, raw, code, period.from_on, upto)

    def _check_agency(
        self, index: int, raw: RawCategory, code: str, start: date | None, upto: date | None
    ) -> None:
        agency = self._agencies.get(code)
        if agency is None:
            self._unknown(index, "agencies", raw, f'agency "{code}"', "agencies.toml")
            return
        last = None if upto is None else upto - timedelta(days=1)
        if agency.until_on and (last is None or last > agency.until_on):
            message = f'agency "{code}" is named after its last day, {agency.until_on}'
            self._wrong(index, "agencies", raw, message)
        if agency.from_on and (start is None or start < agency.from_on):
            message = f'agency "{code}" is named before its first day, {agency.from_on}'
            self._wrong(index, "agencies", raw, message)

    def _deadline(self, index: int, raw: RawCategory) -> Deadline | None:
        deadline: Deadline | None = None
        found = _DEADLINE.fullmatch(raw.deadline)
        if found:
            unit: Literal["hours", "days"] = "hours" if found[2] == "hours" else "days"
            deadline = Deadline(int(found[1]), unit)
        elif raw.deadline == "at once":
            deadline = Deadline(0, "hours")
        elif raw.deadline != "none":
            message = (
                'deadline: expected "at once", "none", "N working hours" or "N working days", '
                f'found "{raw.deadline}"'
            )
            self._wrong(index, "deadline", raw, message)
            return None
        self._check_priority(index, raw, deadline)
        return deadline

    def _check_priority(self, index: int, raw: RawCategory, deadline: Deadline | None) -> None:
        match raw.priority:
            case Priority.EMERGENCY:
                fits, expected = deadline is not None and deadline.at_once, '"at once"'
            case Priority.DIVERTED:
                fits, expected = deadline is None, '"none"'
            case _:
                fits = deadline is not None and not deadline.at_once
                expected = "working hours or days"
        if not fits:
            message = f'deadline: expected {expected} for {raw.priority}, found "{raw.deadline}"'
            self._wrong(index, "deadline", raw, message)

    def _unknown(self, index: int, key: str, raw: RawCategory, what: str, file: str) -> None:
        if file not in self._report.unreadable:
            self._wrong(index, key, raw, f"{what} is not in {file}")

    def _wrong(self, index: int, key: str, raw: RawCategory, message: str) -> None:
        line = self._document.line("category", index, key)
        self._report.add(self._document.file, line, f"category {raw.code}: {message}")


def by_code(
    report: Report,
    document: Document,
    table: str,
    entries: Iterable[Entry],
    code_of: Callable[[Entry], str],
) -> Mapping[str, Entry]:
    """The entries of an array of tables by their code, each code only once."""
    found: dict[str, Entry] = {}
    first_line: dict[str, int] = {}
    for index, entry in enumerate(entries):
        code = code_of(entry)
        line = document.line(table, index)
        if code in found:
            message = f"{table} {code}: this code is already used in line {first_line[code]}"
            report.add(document.file, line, message)
            continue
        found[code] = entry
        first_line[code] = line
    return MappingProxyType(found)
