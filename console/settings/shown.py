"""What a form was shown with, beside what was typed and what is there by now."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from console.errors import BadForm
from console.settings.sections import Field

SHOWN = "shown"
"""The name under which a form brings back what it was shown with."""

DAYS = 7
_LANGUAGE = "vi"


@dataclass(frozen=True)
class Beside:
    """A form to be looked at again: what was typed over what is there now.

    `quarrels` are the fields that were typed in and are otherwise by now, too.
    """

    values: Mapping[str, str]
    quarrels: tuple[str, ...]


def written(values: Mapping[str, str]) -> str:
    """What a form has when it is shown, to come back with it."""
    return json.dumps(values, ensure_ascii=False)


def shown_before(typed: Mapping[str, str]) -> Mapping[str, str]:
    """What the form had when it was shown, by field; empty where it does not say so."""
    try:
        found = json.loads(typed.get(SHOWN, ""))
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): str(value) for key, value in found.items()}


def typed_value(field: Field, typed: Mapping[str, str]) -> str:
    """What the form has for that field; letters as they are written everywhere (NFC)."""
    if field.kind.shape == "week":
        found = "\n".join(typed.get(f"{field.name}.{day}", "") for day in range(DAYS))
    else:
        found = typed.get(field.name, "")
    return unicodedata.normalize("NFC", found)


def beside(
    fields: Iterable[Field],
    now: Callable[[Field], Any],
    typed: Mapping[str, str],
    shown: Mapping[str, str],
) -> Beside | None:
    """The form again where something is otherwise by now than it was shown; None where all is."""
    values, quarrels, moved = dict[str, str](), list[str](), False
    for field in fields:
        if field.name not in shown:
            continue
        there, mine = field.kind.show(now(field), _LANGUAGE), typed_value(field, typed)
        is_other = not same(field, there, shown[field.name])
        is_typed = not same(field, mine, shown[field.name])
        moved = moved or is_other
        if is_other and is_typed and not same(field, mine, there):
            quarrels.append(field.name)
        value = mine if is_typed else there
        if field.kind.shape == "week":
            days = value.split("\n")
            values |= {f"{field.name}.{day}": hours for day, hours in enumerate(days)}
        else:
            values[field.name] = value
    return Beside(values, tuple(quarrels)) if moved else None


def same(field: Field, one: str, other: str) -> bool:
    """Whether both say the same, however they are written."""
    one, other = _plain(one), _plain(other)
    if one == other:
        return True
    try:
        first, second = (field.kind.show(field.kind.read(each), _LANGUAGE) for each in (one, other))
    except BadForm:
        return False
    return first == second


def _plain(text: str) -> str:
    """Browsers send lines in a way of their own; days off at the end of a week are left out."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.strip() for line in lines).rstrip("\n")
