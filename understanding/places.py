"""Which commune did the caller name? Candidates with scores, and the words they came from.

Names are compared from strict to lenient: with tones, without accents, by southern sounds, and
at last with one letter changed. Old and new names of one map are full of traps ("xã Phước Long"
was, and is, but not the same one), so whatever a name may mean is a candidate: the caller is
asked, never guessed for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from understanding.fold import Syllable, syllables

LEAST_SCORE = 0.5
SPELLED, HEARD, FOLDED, KEYED, NEAR = 1.0, 0.95, 0.9, 0.8, 0.6  # how like the name it is
BARE, BARE_AND_UNLIKE = 0.9, 0.75  # without "xã": it may be a person, a school or other words
OTHER_KIND, OTHER_KIND_THEN = 0.9, 0.7  # "phường" for "xã": of today's units, of former ones
DISTRICT_FOR_COMMUNE = 0.6  # "huyện Hồng Dân" alone may mean the commune that has its name
A_STREET = 0.4  # "đường Hòa Bình" lies anywhere
OTHER_TIME = 0.6  # an old name that is called new, a new one that is called old
ELSEWHERE = 0.6  # in another district than the one named beside it
JUST_THE_DISTRICT = 0.5  # the name only told where the commune beside it lies
WITHIN = 0.1  # added where the district fits
NEARBY = 4  # syllables between a commune and the district named for it
# A letter may be wrong in a long name only, and in no syllable that is one letter itself: "A" and
# "B" tell neighbouring communes apart.
LEAST_NEAR_LETTERS, LEAST_NEAR_SYLLABLE = 6, 3


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


_DISTRICTS = frozenset({Head.CITY, Head.TOWN, Head.DISTRICT})
_OLD, _NEW = "cũ", "mới"
# Between two names these say that neither lies in the other.
_APART = frozenset(["đi", "tới", "đến", "qua", "về", "sang", "gần", "giáp", "và", "với"])
_NUMBERS = dict(
    enumerate(["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"])
)


@dataclass(frozen=True)
class PlaceName:
    """One name and what it means.

    `unit` is the commune of today (`edition:code`), None for a district; `old` is the former unit
    of this name, None where the name is today's or a landmark's. `districts` are the former
    districts in which it lies, by their keys; of a district, its own.
    """

    words: str
    head: Head
    unit: str | None
    old: str | None = None
    districts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlaceFound:
    """A commune that may be meant: score 0–1, and the words of the text that named it."""

    unit: str
    old: str | None
    score: float
    words: str


@dataclass(frozen=True)
class Gazetteer:
    """The names of a province; make it with `gazetteer`."""

    spelled: tuple[tuple[PlaceName, tuple[Syllable, ...]], ...] = field(repr=False)


@dataclass(frozen=True)
class _Match:
    name: PlaceName
    begin: int
    end: int
    likeness: float
    head: Head | None  # as it was said, None without one

    def within(self, other: "_Match") -> bool:
        same = (self.begin, self.end) == (other.begin, other.end)
        return not same and other.begin <= self.begin and self.end <= other.end

    def gap(self, other: "_Match") -> int:
        return max(other.begin - self.end, self.begin - other.end)


def gazetteer(names: Iterable[PlaceName]) -> Gazetteer:
    """The names, spelled as they are said: "phường 1" is "phường một"."""
    return Gazetteer(tuple((name, _said(name.words)) for name in dict.fromkeys(names)))


def find_places(text: str, known: Gazetteer) -> list[PlaceFound]:
    """Communes named in `text`, the likeliest first, each once; empty where none is.

    A district named beside a commune tells it from its namesakes. By itself a district's name
    stands for the commune that has the name today, with a low score.
    """
    said = _said(text)
    matches = _longest(list(_matches(said, known)))
    best: dict[str, PlaceFound] = {}
    for match in matches:
        unit, score = match.name.unit, _score(match, matches, said)
        if unit is None or score < LEAST_SCORE:
            continue
        words = " ".join(syllable.text for syllable in said[match.begin : match.end])
        found = PlaceFound(unit, match.name.old, round(min(score, 1.0), 2), words)
        before = best.get(unit)
        # Of two names for one place, today's needs no explanation.
        if before is None or _rank(found) > _rank(before):
            best[unit] = found
    return sorted(best.values(), key=_rank, reverse=True)


def _rank(found: PlaceFound) -> tuple[float, bool]:
    return found.score, found.old is None


def _said(text: str) -> tuple[Syllable, ...]:
    def in_words(digits: re.Match[str]) -> str:
        return _NUMBERS.get(int(digits[0]), digits[0])

    return syllables(re.sub(r"(?<!\w)\d{1,2}(?!\w)", in_words, text))


def _matches(said: tuple[Syllable, ...], known: Gazetteer) -> Iterator[_Match]:
    heads = tuple(_head_before(said, begin) for begin in range(len(said)))
    for name, spelled in known.spelled:
        length = len(spelled)
        for begin in range(len(said) - length + 1):
            window = said[begin : begin + length]
            if window[0].sentence != window[-1].sentence:
                continue
            likeness = _likeness(window, spelled)
            if likeness:
                # A numbered ward has its head within its name.
                head = name.head if spelled[0].text == name.head else heads[begin]
                yield _Match(name, begin, begin + length, likeness, head)


def _likeness(window: tuple[Syllable, ...], spelled: tuple[Syllable, ...]) -> float:
    """How like the name the words are; 0 where they are another name."""
    worst, unlike = SPELLED, 0
    for said, name in zip(window, spelled, strict=True):
        if said.spelled == name.spelled:
            continue
        if said.heard == name.heard:
            worst = min(worst, HEARD)
        elif said.folded == name.folded:
            worst = min(worst, FOLDED)
        elif said.key == name.key:
            worst = min(worst, KEYED)
        elif unlike == 0 and _one_letter_apart(said.key, name.key):
            worst, unlike = NEAR, 1
        else:
            return 0
    letters = sum(len(syllable.key) for syllable in spelled)
    return 0 if unlike and letters < LEAST_NEAR_LETTERS else worst


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether a letter was changed, added or left out; short syllables are other words then."""
    short, long = sorted((one, other), key=len)
    if len(short) < LEAST_NEAR_SYLLABLE or len(long) - len(short) > 1:
        return False
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _longest(matches: list[_Match]) -> list[_Match]:
    """Without names that are only a part of a longer one: "Phong Thạnh" of "Phong Thạnh A"."""
    return [
        match
        for match in matches
        if not any(
            match.within(other) and other.likeness >= min(match.likeness, KEYED)
            for other in matches
        )
    ]


def _score(match: _Match, matches: list[_Match], said: tuple[Syllable, ...]) -> float:
    score = match.likeness * _fit_of_head(match)
    score *= _fit_of_time(match, said)
    context = [other for other in matches if _tells_where(other, match, said)]
    if any(match.name.districts & other.name.districts for other in context):
        score += WITHIN
    elif context:
        score *= ELSEWHERE
    if _is_context(match, matches, said):
        score *= JUST_THE_DISTRICT
    return score


def _fit_of_head(match: _Match) -> float:
    name, head = match.name, match.head
    if name.head == Head.LANDMARK or head == name.head:
        return 1.0
    match head:
        case None:
            return BARE if match.likeness == SPELLED else BARE_AND_UNLIKE
        case Head.PROVINCE:
            return 0.0
        case Head.STREET:
            return A_STREET
        case _ if head in _DISTRICTS:
            return DISTRICT_FOR_COMMUNE
        case _:
            return OTHER_KIND if name.old is None else OTHER_KIND_THEN


def _fit_of_time(match: _Match, said: tuple[Syllable, ...]) -> float:
    after = said[match.end].text if match.end < len(said) else ""
    called_old, called_new = after == _OLD, after == _NEW
    is_old = match.name.old is not None
    wrong = (called_old and not is_old) or (called_new and is_old)
    return OTHER_TIME if wrong and match.name.head != Head.LANDMARK else 1.0


def _tells_where(district: _Match, commune: _Match, said: tuple[Syllable, ...]) -> bool:
    """Whether `district` names the district of `commune`, said just before or after it."""
    between = said[min(district.end, commune.end) : max(district.begin, commune.begin)]
    return (
        commune.name.unit is not None
        and district.name.unit is None
        and district.head not in (Head.PROVINCE, Head.STREET, Head.WARD, Head.COMMUNE)
        and district.likeness >= KEYED
        and 0 <= district.gap(commune) <= NEARBY
        and not any(syllable.text in _APART for syllable in between)
    )


def _is_context(match: _Match, matches: list[_Match], said: tuple[Syllable, ...]) -> bool:
    """Whether these words only told in which district another commune lies."""
    if match.head in (Head.WARD, Head.COMMUNE, Head.TOWNSHIP):
        return False
    as_district = [
        other
        for other in matches
        if other.name.unit is None and (other.begin, other.end) == (match.begin, match.end)
    ]
    return any(
        _tells_where(district, commune, said) and district.name.districts & commune.name.districts
        for district in as_district
        for commune in matches
        if (commune.begin, commune.end) != (match.begin, match.end)
    )


def _head_before(said: tuple[Syllable, ...], begin: int) -> Head | None:
    for length in (2, 1):
        before = said[max(0, begin - length) : begin]
        if len(before) < length or before[0].sentence != said[begin].sentence:
            continue
        head = _HEADS.get(tuple(syllable.heard for syllable in before))
        if head is None and all(syllable.text == syllable.folded for syllable in before):
            head = _BARE_HEADS.get(tuple(syllable.text for syllable in before))
        if head is not None:
            return head
    return None


_SPOKEN_HEADS = {head: syllables(head.value) for head in Head if head is not Head.LANDMARK}
_HEADS = {tuple(s.heard for s in spelled): head for head, spelled in _SPOKEN_HEADS.items()}
_BARE_HEADS = {tuple(s.folded for s in spelled): head for head, spelled in _SPOKEN_HEADS.items()}
