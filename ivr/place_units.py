"""Cutting the name of a commune, as a prompt words it, into the words that are recorded once.

"thị trấn Châu Hưng cũ" is "thị trấn", "Châu Hưng", "cũ": 90 communes of two editions of the map
share their names, and what they are called by law.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256

from understanding.fold import fold

_NAME, _WORD = "place_", "place_word_"
_OTHER_SIGNS = re.compile(r"[^a-z0-9]+")


def cut_place(text: str, heads: Sequence[str]) -> tuple[str, ...]:
    """The words of `heads`, the numbers, and what lies between them: the names."""
    longest_first = sorted(heads, key=len, reverse=True)
    choices = "|".join(re.escape(head) for head in longest_first)
    # Names are capitalised, heads are not: "xã" of "xã Vĩnh Lợi" is none of a name.
    cutter = re.compile(rf"(?:^|(?<=\s))(?:{choices}|\d+)(?=\s|$)")
    row: list[str] = []
    at = 0
    for found in cutter.finditer(text):
        row += [text[at : found.start()], found[0]]
        at = found.end()
    row.append(text[at:])
    return tuple(words.strip() for words in row if words.strip())


def is_name(unit: str) -> bool:
    """Whether a unit of a place is its name, and not a number or what it is by law."""
    return unit.startswith(_NAME) and not unit.startswith(_WORD)


def place_unit_names(words: Iterable[str], heads: Sequence[str]) -> dict[str, str]:
    """Words → the name of their recording: `place_vinh_loi`, `place_word_xa`.

    Names that differ only in their accents get a sign of their own, the same on every machine.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for each in words:
        folded = _OTHER_SIGNS.sub("_", fold(each)).strip("_")
        alike[f"{_WORD if each in heads else _NAME}{folded}"].append(each)
    return {
        each: name if len(same) == 1 else f"{name}_{sha256(each.encode()).hexdigest()[:4]}"
        for name, same in alike.items()
        for each in same
    }
