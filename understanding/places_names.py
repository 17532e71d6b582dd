"""The names of a province's places, spelled as they are said, and found by how they sound."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from understanding.fold import Syllable, syllables
from understanding.places_sounds import NamesBySound

Spelled = tuple[Syllable, ...]

_NUMBERS = dict(
    enumerate(["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"])
)
# How written reports shorten what callers say; a single letter only with its full stop or number.
_HEADS = {
    "tp": "thành phố",
    "tx": "thị xã",
    "tt": "thị trấn",
    "h": "huyện",
    "p": "phường",
    "x": "xã",
}
_SHORT_HEAD = re.compile(r"(?i)\b(?:(tp|tx|tt)(?:\.|(?!\w))|([phx])(?:\.|(?=\d)))\s*")
_SHORT_NUMBER = re.compile(r"(?<!\w)\d{1,2}(?!\w)")
# The ends that tell neighbouring communes apart: "Vĩnh Phú Đông" and "Vĩnh Phú Tây".
_LETTERS = frozenset(["a", "b", "c"])
_SIDES = frozenset(["đông", "tây", "nam", "bắc"])


class Head(StrEnum):
    """The word before a name, which tells what it is the name of."""

    PROVINCE = "tỉnh"
    CITY = "thành phố"
    TOWN = "thị xã"
    DISTRICT = "huyện"
    WARD = "phường"
    COMMUNE = "xã"
    TOWNSHIP = "thị trấn"
    STREET = "đường"
    LANDMARK = "–"  # said without one


@dataclass(frozen=True)
class PlaceName:
    """One name and what it means.

    `unit` is the commune of today (`edition:code`), None for a district or a province; `old` is
    the former unit of this name, None where the name is today's or a landmark's. `districts` are
    the former districts in which it lies, by their keys; of a district, its own. A landmark that
    lies in several communes is named once for each.
    """

    words: str
    head: Head
    unit: str | None
    old: str | None = None
    districts: frozenset[str] = frozenset()
    shortened: bool = False  # "Vĩnh Mỹ" for "Vĩnh Mỹ A", where another place is called so

    @property
    def is_district(self) -> bool:
        return self.unit is None and self.head is not Head.PROVINCE


@dataclass(frozen=True)
class Gazetteer:
    """The names of a province; make it with `gazetteer`."""

    spelled: tuple[tuple[PlaceName, Spelled], ...] = field(repr=False)
    sounds: NamesBySound = field(repr=False)  # by their indexes into `spelled`
    # District → its communes of today.
    communes: Mapping[str, tuple[str, ...]] = field(repr=False)
    elsewhere: Mapping[str, tuple[Spelled, ...]] = field(repr=False)


def gazetteer(names: Iterable[PlaceName], elsewhere: Iterable[str] = ()) -> Gazetteer:
    """The names, spelled as they are said: "phường 1" is "phường một".

    `elsewhere` are places of other provinces: what stands beside one of them is not ours.
    """
    every = list(dict.fromkeys(names))
    known = tuple((name, said) for name in [*every, *_stems(every)] for said in _spellings(name))
    return Gazetteer(
        known,
        NamesBySound([spelled for _, spelled in known]),
        _communes(every),
        _elsewhere(elsewhere, known),
    )


def said_in(text: str) -> Spelled:
    """The syllables of a text, short forms ("TP.", "P.1") and small numbers in words."""
    text = _SHORT_HEAD.sub(lambda short: f"{_HEADS[(short[1] or short[2]).lower()]} ", text)
    return syllables(_SHORT_NUMBER.sub(lambda digits: _in_words(digits[0]), text))


def _in_words(digits: str) -> str:
    return _NUMBERS.get(int(digits), digits)


def _spellings(name: PlaceName) -> tuple[Spelled, ...]:
    spelled = said_in(name.words)
    if spelled[0].text == name.head and len(spelled) == 2:  # a numbered ward
        return spelled, syllables(f"{spelled[0].text} số {spelled[1].text}")
    return (spelled,)


def _stems(names: Iterable[PlaceName]) -> list[PlaceName]:
    """Names without their side or letter, which callers leave out and recognisers lose."""
    names = list(names)
    taken = {name.words.lower() for name in names}
    stems = []
    for name in names:
        stem, _, last = name.words.rpartition(" ")
        other = stem.lower() in taken
        if " " in stem and (last.lower() in _LETTERS or (last.lower() in _SIDES and not other)):
            stems.append(replace(name, words=stem, shortened=other))
    return stems


def _communes(names: Iterable[PlaceName]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for name in names:
        if name.unit is not None:
            for district in sorted(name.districts):
                found.setdefault(district, {})[name.unit] = None
    return {district: tuple(units) for district, units in found.items()}


def _elsewhere(
    names: Iterable[str], known: Iterable[tuple[PlaceName, Spelled]]
) -> dict[str, tuple[Spelled, ...]]:
    """Places of other provinces by their first syllable, without those that share a name."""
    ours = {tuple(syllable.spelled for syllable in spelled) for _, spelled in known}
    found: dict[str, list[Spelled]] = {}
    for words in names:
        spelled = syllables(words)
        if tuple(syllable.spelled for syllable in spelled) not in ours:
            found.setdefault(spelled[0].folded, []).append(spelled)
    return {first: tuple(names) for first, names in found.items()}
