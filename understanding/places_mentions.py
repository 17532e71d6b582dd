"""Each naming of a place in a text, with every commune that it may mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from understanding.fold import Syllable
from understanding.places import (
    COMMUNE_HEADS,
    DISTRICT_HEADS,
    PlaceFound,
    Scored,
    best_of,
    scored,
)
from understanding.places_around import are_apart, unaccented
from understanding.places_match import FOLDED, UNACCENTED, Match
from understanding.places_names import Gazetteer, Head, Spelled

CLEAR = 0.8  # what is named less clearly may be other words
MARGIN, WIDE_MARGIN = 0.15, 0.25  # readings that come as near to the best may be meant too
ROUNDING = 1e-9
OF_A_DISTRICT = 0.55  # the other communes of a district that was named alone
NEAR_ELSEWHERE = 3  # syllables between a name and the other province in which it lies
# "Quản lộ Phụng Hiệp" passes through, whatever it is called by.
_ROADS = frozenset(["lộ", "đường", "xáng", "quản", "cầu"])


@dataclass(frozen=True)
class Mention:
    """One naming of a place, and every commune that it may mean, by its key."""

    begin: int
    end: int
    units: dict[str, PlaceFound]
    numbered: bool  # a ward that has a number for a name
    street: bool
    bare: bool  # without "xã" or its like
    led: bool  # "ở", "tới" or their like stand before it
    province: bool  # the name is the province's too

    @property
    def best(self) -> float:
        return max((place.score for place in self.units.values()), default=0.0)


def mentions_in(said: Spelled, found: Sequence[Match], known: Gazetteer) -> list[Mention]:
    """Namings in their order; a road that is called by a place is one without communes."""
    communes = scored(said, found)
    mentions = []
    for begin, end in sorted({(match.begin, match.end) for match in found}):
        here = [match for match in found if (match.begin, match.end) == (begin, end)]
        units = _readings([one for one in communes if one.match in here])
        _add_district(units, here, known, said)
        mention = Mention(
            begin,
            end,
            units,
            numbered=any(match.numbered for match in here),
            street=all(match.head is Head.STREET for match in here),
            bare=all(match.head is None for match in here),
            led=any(match.led for match in here),
            province=any(_is_province(match) for match in here),
        )
        # "Tỉnh Bạc Liêu" names no commune.
        if units or mention.street:
            mentions.append(mention)
    return [one for one in mentions if not any(_outdoes(other, one) for other in mentions)]


def _readings(communes: Sequence[Scored]) -> dict[str, PlaceFound]:
    """What one naming may mean: its best reading and those near it."""
    if not communes:
        return {}
    best = max(communes, key=lambda one: one.found.score)
    margin = MARGIN if best.match.likeness > FOLDED else WIDE_MARGIN
    near = [one for one in communes if one.found.score >= best.found.score - margin - ROUNDING]
    return {place.unit: place for place in best_of(near)}


def _add_district(
    units: dict[str, PlaceFound], here: Sequence[Match], known: Gazetteer, said: Spelled
) -> None:
    """A district that was named may be any of its communes; so may its bare name."""
    for match in here:
        if not match.name.is_district or match.head in (Head.STREET, Head.PROVINCE):
            continue
        # "Xã Giá Rai" is a ward today and was a "thị xã": half of that may be lost.
        half = match.head is Head.COMMUNE and match.name.head is Head.TOWN
        if match.head in COMMUNE_HEADS and not half:
            continue
        if (match.likeness < UNACCENTED and match.head not in DISTRICT_HEADS) or match.aside:
            continue
        words = _words(said, match)
        for district in match.name.districts:
            for unit in known.communes.get(district, ()):
                units.setdefault(unit, PlaceFound(unit, None, OF_A_DISTRICT, words))


def _words(said: Spelled, match: Match) -> str:
    return " ".join(syllable.text for syllable in said[match.begin : match.end])


def _outdoes(other: Mention, one: Mention) -> bool:
    """Whether two share words, and these are much more like the name of the other."""
    shared = one.begin < other.end and other.begin < one.end
    return shared and bool(one.units) and other.best > one.best + WIDE_MARGIN


def _is_province(match: Match) -> bool:
    return match.name.head is Head.PROVINCE and match.likeness >= UNACCENTED


def is_elsewhere(said: Spelled, mention: Mention, found: Sequence[Match], known: Gazetteer) -> bool:
    """Whether another province, or a town of one, is named beside the place."""
    bare = unaccented(said)
    for begin in range(len(said)):
        for name in known.elsewhere.get(said[begin].folded, ()):
            end = begin + len(name)
            if not _is_name(said[begin:end], name, bare):
                continue
            if begin and said[begin - 1].text in _ROADS:
                continue
            shared = begin < mention.end and mention.begin < end
            if shared and mention.units and mention.best < CLEAR:
                return True
            if not shared and _beside(said, mention, begin, end, bare):
                return True
    if mention.best >= CLEAR and not mention.numbered:
        return False
    # Old wards were of our towns; those of the other province's are not known here, and what is
    # only like one of our names may be one of them.
    towns = {(match.begin, match.end) for match in found if match.name.is_district}
    return any(
        _is_province(match)
        and match.head is not Head.PROVINCE
        and (match.begin, match.end) not in towns
        and _beside(said, mention, match.begin, match.end, bare)
        for match in found
    )


def _is_name(said: Sequence[Syllable], name: Spelled, bare: bool) -> bool:
    return len(said) == len(name) and all(
        one.folded == other.folded if bare else one.heard == other.heard
        for one, other in zip(said, name, strict=True)
    )


def _beside(said: Spelled, mention: Mention, begin: int, end: int, bare: bool) -> bool:
    """Whether the words stand straight before the place, or soon after it."""
    if mention.end <= begin <= mention.end + NEAR_ELSEWHERE:
        same = said[begin].sentence == said[mention.begin].sentence
        return same and not are_apart(said, mention.end, begin, bare)
    return 0 <= mention.begin - end <= 1 and not are_apart(said, end, mention.begin, bare)
