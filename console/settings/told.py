"""What changed, as people read it: section, entry and field by name, before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.settings.forms import cell
from console.settings.sections import ENTRY, Field, Section
from provinces.changes import Difference, Steps

_NAMED_BY = ("name", "code", "number", "off")


@dataclass(frozen=True)
class Told:
    """One change. `section` and `label` are wordings, `label` None for a whole entry; before and
    after are read as they are, or are wordings; None where there is nothing."""

    section: str
    entry: str
    label: str | None
    language: str | None
    before: str | None
    after: str | None


def told(
    differences: Iterable[Difference], sections: Mapping[str, Section], language: str
) -> Sequence[Told]:
    """The changes in the order of the sections."""
    order = {key: number for number, key in enumerate(sections)}
    found = [_told(each, sections, language) for each in differences]
    return sorted(found, key=lambda one: order.get(one.section.removeprefix("set_of_"), len(order)))


def _told(change: Difference, sections: Mapping[str, Section], language: str) -> Told:
    for section in sections.values():
        for field in section.fields:
            if field.file == change.file and _matches(field.where, change.where):
                name = _entry(field, change.where)
                before, after = (
                    None if value is None else cell(field, value, language)
                    for value in (change.before, change.after)
                )
                return Told(_of(section), name, field.label, field.language, before, after)
        if section.file == change.file and change.where[:-1] == section.table and change.whole:
            before, after = (_whole(v, language) for v in (change.before, change.after))
            return Told(_of(section), change.where[-1], None, None, before, after)
    before, after = (
        None if value is None else str(value) for value in (change.before, change.after)
    )
    return Told(
        "set_of_other", f"{change.file}: {'.'.join(change.where)}", None, None, before, after
    )


def _matches(pattern: Steps, where: Steps) -> bool:
    return len(pattern) == len(where) and all(
        step in (ENTRY, there) for step, there in zip(pattern, where, strict=True)
    )


def _entry(field: Field, where: Steps) -> str:
    """What the entry is called; of fields without entries, what tells one from another."""
    names = [there for step, there in zip(field.where, where, strict=True) if step == ENTRY]
    if not names and field.label in ("set_rejected", "set_handed_back"):
        return where[1]
    return ", ".join(names)


def _whole(entry: Any, language: str) -> str | None:
    if entry is None:
        return None
    for key in _NAMED_BY:
        value = entry.get(key)
        if isinstance(value, Mapping):
            value = value.get(language) or next(iter(value.values()), None)
        if value:
            rest = [
                f"{name} {each}"
                for name, each in entry.items()
                if name not in _NAMED_BY and not isinstance(each, Mapping)
            ]
            return ", ".join([str(value), *rest])
    return str(entry)


def _of(section: Section) -> str:
    return f"set_of_{section.key}"
