"""A section's form: what it shows of a pack, and the pack that comes of what was typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from console.errors import BadForm
from console.settings.sections import ENTRY, NEW, Field, Section, text_kind_of
from console.settings.shown import DAYS, beside, same, shown_before, typed_value
from notifications.errors import BadTexts
from notifications.texts import check_texts
from provinces.changes import Steps, by_name, find
from provinces.errors import Problem, ProvinceBroken, UneditableText
from provinces.published.files import Pack
from provinces.schema import Province
from provinces.toml_edit import add_table, set_value, values_of
from provinces.toml_scan import Location, lines


@dataclass(frozen=True)
class Shown:
    """A field as the form has it. `error` is a wording, `problems` are said as they are."""

    field: Field
    value: str
    error: str | None = None
    problems: tuple[str, ...] = ()

    @property
    def days(self) -> list[str]:
        """Of a week, one value a day."""
        return (self.value + "\n" * DAYS).split("\n")[:DAYS]


@dataclass(frozen=True)
class Entry:
    """One line of a section's list: its name in addresses, and the values of its columns."""

    name: str
    cells: tuple[str, ...]
    changed: bool


@dataclass(frozen=True)
class Applied:
    """The pack with what was typed, and the wording of what is wrong by the name of its field.

    `moved`: something of the form is otherwise by now than it was shown; then the pack is as it
    was, and `typed` is what the form is to have: what was typed over what is there now.
    """

    pack: Pack
    errors: Mapping[str, str]
    moved: bool = False
    typed: Mapping[str, str] | None = None


class Reader:
    """Values of a pack's files, each file read once."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._values: dict[str, Any] = {}
        self._lists: dict[tuple[str, Steps], Mapping[str, Any]] = {}

    def values(self, file: str) -> Any:
        if file not in self._values:
            self._values[file] = values_of(self._pack.text(file))
        return self._values[file]

    def at(self, field: Field, entry: str) -> Any:
        """The value of that field; None where there is none."""
        here: Any = self.values(field.file)
        where = field.where
        if ENTRY in where:
            table, where = where[: where.index(ENTRY)], where[where.index(ENTRY) + 1 :]
            here = self._listed(field.file, table).get(entry) if table else here.get(entry)
        for step in where:
            here = here.get(step) if isinstance(here, dict) else None
        return here

    def _listed(self, file: str, table: Steps) -> Mapping[str, Any]:
        """The entries of a list by their names."""
        if (file, table) not in self._lists:
            here: Any = self.values(file)
            for step in table:
                here = here.get(step, {})
            self._lists[file, table] = by_name(here or [])
        return self._lists[file, table]

    def entries(self, section: Section) -> Sequence[str]:
        """The names of a section's entries, in the order of the file."""
        assert section.file is not None
        if not section.table:
            return [key for key in self.values(section.file) if text_kind_of(key)]
        return list(self._listed(section.file, section.table))


def shown_form(
    reader: Reader,
    section: Section,
    entry: str,
    language: str,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Shown]:
    """The section's fields with what the pack has or, after a refusal, with what was typed."""
    found = []
    for field in section.fields:
        if field.key and entry != NEW:
            continue
        if typed is not None:
            value = typed_value(field, typed)
        else:
            value = field.kind.show(None if entry == NEW else reader.at(field, entry), language)
        found.append(Shown(field, value, (errors or {}).get(field.name)))
    return found


def listed(reader: Reader, before: Reader, section: Section, language: str) -> list[Entry]:
    """The entries of a section, names in that language; `before` is what holds."""
    columns = [_column(section, label, language) for label in section.columns]
    old = set(before.entries(section))
    return [
        Entry(
            name,
            tuple(cell(field, reader.at(field, name), language) for field in columns),
            name not in old
            or any(reader.at(each, name) != before.at(each, name) for each in section.fields),
        )
        for name in reader.entries(section)
    ]


def cell(field: Field, value: object, language: str) -> str:
    """A value to be read; of what is chosen, its wording."""
    if field.kind.shape == "check":
        return "set_yes" if value else "set_no"
    shown = field.kind.show(value, language)
    return dict(field.kind.choices).get(shown, shown)


def _column(section: Section, label: str, language: str) -> Field:
    found = [field for field in section.fields if field.label == label]
    return next((field for field in found if field.language == language), found[0])


def apply(pack: Pack, section: Section, entry: str, typed: Mapping[str, str]) -> Applied:
    """The pack with the form's values; with an error, the pack as it was.

    A field that was left as it was shown is left as it is: a colleague may have published another
    value since.
    """
    reader, errors, found = Reader(pack), dict[str, str](), list[tuple[Field, Any]]()
    shown = shown_before(typed) if entry != NEW else {}
    there = beside(section.fields, lambda field: reader.at(field, entry), typed, shown)
    if there is not None:
        errors = dict.fromkeys(there.quarrels, "set_moved")
        return Applied(pack, errors, moved=True, typed=there.values)
    for field in section.fields:
        if field.key and entry != NEW:
            continue
        if field.name in shown and same(field, typed_value(field, typed), shown[field.name]):
            continue
        try:
            found.append((field, field.kind.read(typed_value(field, typed))))
        except BadForm as error:
            errors[field.name] = error.key
    if entry == NEW and not errors:
        key = next((field for field, _ in found if field.key), None)
        if key is not None and str(dict(_by_name(found))[key.name]) in reader.entries(section):
            errors[key.name] = "set_taken"
    if errors:
        return Applied(pack, errors)
    try:
        changed = _added(pack, section, found) if entry == NEW else _set(pack, reader, entry, found)
    except UneditableText:
        return Applied(pack, {found[0][0].name: "set_uneditable"})
    return Applied(changed, {})


def without(pack: Pack, section: Section, entry: str) -> Pack:
    """The pack without that entry.

    Raises:
        UneditableText: the file is written in a way that cannot be changed in part.
    """
    assert section.file is not None
    text = pack.text(section.file)
    location = find(values_of(text), (*section.table, entry))
    if location is None:
        return pack
    return pack.with_text(section.file, set_value(text, location, None))


def province_of(pack: Pack) -> tuple[Province | None, tuple[Problem, ...]]:
    """What the pack says, or everything that is wrong with it."""
    return _province(pack.folder, tuple(sorted(pack.texts.items())))


@lru_cache(maxsize=8)  # a form, what comes of it and the review are about the same pack
def _province(
    folder: Path, texts: tuple[tuple[str, str], ...]
) -> tuple[Province | None, tuple[Problem, ...]]:
    try:
        province = Pack(folder, dict(texts)).province()
        check_texts(province)
    except (ProvinceBroken, BadTexts) as error:
        return None, tuple(error.problems)
    return province, ()


def with_problems(
    form: Sequence[Shown], pack: Pack, entry: str, problems: Sequence[Problem]
) -> tuple[list[Shown], list[Problem]]:
    """The form with each problem at its field, and those that belong to none of them."""
    if not problems:
        return list(form), []
    places = {field.file: _places(pack, field.file) for field in (each.field for each in form)}
    at: dict[str, list[str]] = {}
    rest = []
    for problem in problems:
        found = _field_of(form, places.get(problem.file, {}), entry, problem, pack)
        if found is None:
            rest.append(problem)
        else:
            at.setdefault(found, []).append(problem.message)
    shown = [replace(one, problems=tuple(at.get(one.field.name, ()))) for one in form]
    return shown, rest


def _field_of(
    form: Sequence[Shown],
    places: Mapping[int, Sequence[Location]],
    entry: str,
    problem: Problem,
    pack: Pack,
) -> str | None:
    """The name of the field that the problem is about."""
    for one in form:
        field = one.field
        if field.file != problem.file:
            continue
        if problem.line is None:
            if problem.message.startswith(f"{entry}:"):
                return field.name
            continue
        location = find(values_of(pack.text(field.file)), field.at(entry))
        for place in places.get(problem.line, ()):
            if location and place[: len(location)] == location:
                return field.name
    return None


def _places(pack: Pack, file: str) -> Mapping[int, Sequence[Location]]:
    found: dict[int, list[Location]] = {}
    for location, line in lines(pack.text(file)):
        found.setdefault(line, []).append(location)
    return found


def _set(pack: Pack, reader: Reader, entry: str, found: Sequence[tuple[Field, Any]]) -> Pack:
    for field, value in found:
        kind, before = field.kind, reader.at(field, entry)
        # What looks the same is the same: an order of days, a zero behind the point.
        if kind.show(value, "vi") == kind.show(before, "vi"):
            continue
        text = pack.text(field.file)
        location = find(values_of(text), field.at(entry))
        if location is not None:
            pack = pack.with_text(field.file, set_value(text, location, value))
    return pack


def _added(pack: Pack, section: Section, found: Sequence[tuple[Field, Any]]) -> Pack:
    values: dict[str, Any] = {}
    for field, value in found:
        if value is None:
            continue
        here = values
        *way, last = field.where[len(section.table) + 1 :]
        for step in way:
            here = here.setdefault(step, {})
        here[last] = value
    assert section.file is not None
    text = add_table(pack.text(section.file), section.table, values)
    return pack.with_text(section.file, text)


def _by_name(found: Sequence[tuple[Field, Any]]) -> Iterator[tuple[str, Any]]:
    return ((field.name, value) for field, value in found)
