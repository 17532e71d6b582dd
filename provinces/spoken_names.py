"""The wordings that need not be written: what a pack names, and amounts, as prompts.

| key | says |
|---|---|
| `number_0` … `number_99` | an amount |
| `kind_<code>` | a category or a group |
| `unit_<code>` | a commune of the newest edition: "xã Vĩnh Lợi" |
| `old_unit_<code>` | one of the edition before: "thị trấn Châu Hưng cũ" |
| `question_<code>` | an indicator's question, as officers are asked it in a round |

What a wording file has under the same key goes before these.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping

from provinces.number_words import number_words
from provinces.schema import LOWEST_KINDS, Names, Province, Unit, UnitKind

QUESTION = "question_"
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_ENGLISH_KINDS: Mapping[UnitKind, str] = {
    UnitKind.WARD: "ward",
    UnitKind.COMMUNE: "commune",
    UnitKind.TOWNSHIP: "township",
}


def spoken_names(province: Province, language: str) -> Mapping[str, str]:
    """Key → text, as far as the pack has names in that language."""
    words = {
        **number_words(language),
        **_kinds(province, language),
        **_questions(province, language),
    }
    speak = _UNITS.get(language)
    if speak is not None:
        words |= _units(province, speak)
    return words


def _kinds(province: Province, language: str) -> Mapping[str, str]:
    named: dict[str, Names] = {code: group.names for code, group in province.groups.items()}
    named |= {code: category.names for code, category in province.categories.items()}
    return {
        f"kind_{code}": sayable(names[language])
        for code, names in named.items()
        if language in names
    }


def _questions(province: Province, language: str) -> Mapping[str, str]:
    return {
        question_key(code): indicator.question[language]
        for code, indicator in province.indicators.items()
        if indicator.question is not None and language in indicator.question
    }


def _units(province: Province, speak: Callable[[Unit, Unit | None, bool], str]) -> dict[str, str]:
    words: dict[str, str] = {}
    lowest = [unit for unit in province.units.values() if unit.kind in LOWEST_KINDS]
    twins = Counter((unit.key.edition, unit.full_name) for unit in lowest)
    # Later editions come later, so an old code that was reused means its last use.
    order = list(province.editions)
    for unit in sorted(lowest, key=lambda unit: order.index(unit.key.edition)):
        old = unit.key.edition != province.current_edition
        # Two wards of one name are told apart by the town in which they were.
        alone = twins[unit.key.edition, unit.full_name] == 1
        parent = None if alone or unit.parent is None else province.units[unit.parent]
        key = f"old_unit_{unit.key.code}" if old else f"unit_{unit.key.code}"
        words[key] = speak(unit, parent, old)
    return words


def _vietnamese(unit: Unit, parent: Unit | None, old: bool) -> str:
    former = " cũ" if old else ""
    within = f" của {_small(parent.full_name)}" if parent is not None else ""
    return f"{_small(unit.full_name)}{former}{within}"


def _english(unit: Unit, parent: Unit | None, old: bool) -> str:
    """The English voice stumbles over Vietnamese letters, so it is given none."""
    name, kind = _unaccented(unit.name), _ENGLISH_KINDS[unit.kind]
    # "Phường 2" is name and kind in one.
    numbered = unit.name == unit.full_name
    said = f"{kind} {name.split()[-1]}" if numbered else f"{name} {kind}"
    former = "the former " if old else ""
    within = f" of {_unaccented(parent.name)}" if parent is not None else ""
    return f"{former}{said}{within}"


_UNITS: Mapping[str, Callable[[Unit, Unit | None, bool], str]] = {
    "vi": _vietnamese,
    "en": _english,
}


def question_key(indicator: str) -> str:
    """The prompt of that indicator's question: `question_health_dengue` for `health.dengue`."""
    return QUESTION + indicator.replace(".", "_")


def sayable(name: str) -> str:
    """Without what can be read and not be said: brackets, slashes."""
    return _BRACKETS.sub("", name).replace("/", ", ").strip()


def _small(full_name: str) -> str:
    return full_name[:1].lower() + full_name[1:]


def _unaccented(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
