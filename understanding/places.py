"""Which commune did the caller name? Candidates with scores, and the words they came from.

Names are compared from strict to lenient: with tones, without accents, by southern sounds, and
at last with one letter changed. Old and new names of one map are full of traps ("xã Phước Long"
was, and is, but not the same one), so whatever a name may mean is a candidate: the caller is
asked, never guessed for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from understanding.places_around import are_apart, unaccented
from understanding.places_match import (
    HEARD,
    KEYED,
    NEAR,
    SPELLED,
    UNACCENTED,
    Match,
    longest,
    matches,
)
from understanding.places_names import Gazetteer, Head, Spelled, said_in

LEAST_SCORE = 0.5
# Without "xã" it may be a person, a school or other words; "ở" before it speaks for a place.
BARE, BARE_AND_UNLIKE, BARE_AND_KEYED = 0.9, 0.75, 0.6
LED_AND_UNLIKE = 0.85
SHORT_LANDMARK = 2  # syllables
AN_ANSWER = 6  # so few syllables answer "where", and do not tell of something else
SHORTENED = 0.85  # "Vĩnh Mỹ" for "Vĩnh Mỹ A"
OTHER_KIND, OTHER_KIND_THEN = 0.95, 0.8  # "phường" for "xã": of today's units, of former ones
DISTRICT_FOR_COMMUNE = 0.6  # "huyện Hồng Dân" alone may mean the commune that has its name
A_STREET = 0.4  # "đường Hòa Bình" lies anywhere
ALONG = 0.7  # "sông Gành Hào" passes others too
ASIDE = 0.4  # "anh Châu Thới", "quán Hồng Dân"
OTHER_TIME = 0.6  # an old name that is called new, a new one that is called old
ELSEWHERE = 0.6  # in another district than the one named beside it
JUST_THE_DISTRICT = 0.5  # the name only told where the commune beside it lies
WITHIN = 0.1  # added where the district fits
NEARBY = 4  # syllables between a commune and the district named for it

DISTRICT_HEADS = frozenset({Head.CITY, Head.TOWN, Head.DISTRICT})
COMMUNE_HEADS = frozenset({Head.WARD, Head.COMMUNE, Head.TOWNSHIP})
_OLD, _NEW = "cũ", "mới"


@dataclass(frozen=True)
class PlaceFound:
    """A commune that may be meant: score 0–1, and the words of the text that named it."""

    unit: str
    old: str | None
    score: float
    words: str


@dataclass(frozen=True)
class Scored:
    """A name of a commune in the text, and how far it may be meant."""

    match: Match
    found: PlaceFound


def find_places(text: str, known: Gazetteer) -> list[PlaceFound]:
    """Communes named in `text`, the likeliest first, each once; empty where none is.

    A district named beside a commune tells it from its namesakes. By itself a district's name
    stands for the commune that has the name today, with a low score.
    """
    said = said_in(text)
    return best_of(scored(said, longest(said, list(matches(said, known)))))


def scored(said: Spelled, found: Sequence[Match]) -> list[Scored]:
    """The communes among the names, without those that are hardly meant."""
    communes = []
    sure = {(match.begin, match.end) for match in found if match.likeness >= HEARD}
    for match in found:
        unit = match.name.unit
        if unit is None:
            continue
        if match.likeness == NEAR and match.head is None and (match.begin, match.end) in sure:
            continue
        score = _score(match, found, said)
        if score >= LEAST_SCORE:
            words = " ".join(syllable.text for syllable in said[match.begin : match.end])
            place = PlaceFound(unit, match.name.old, round(min(score, 1.0), 2), words)
            communes.append(Scored(match, place))
    return communes


def best_of(communes: Sequence[Scored]) -> list[PlaceFound]:
    """Each commune once, the likeliest first."""
    best: dict[str, PlaceFound] = {}
    for found in (one.found for one in communes):
        before = best.get(found.unit)
        # Of two names for one place, today's needs no explanation.
        if before is None or _rank(found) > _rank(before):
            best[found.unit] = found
    return sorted(best.values(), key=_rank, reverse=True)


def _rank(found: PlaceFound) -> tuple[float, bool]:
    return found.score, found.old is None


def _score(match: Match, found: Sequence[Match], said: Spelled) -> float:
    score = match.likeness * _fit_of_head(match, len(said) <= AN_ANSWER)
    score *= _fit_of_time(match, said) * (SHORTENED if match.name.shortened else 1.0)
    if score < LEAST_SCORE:
        return score
    context = [other for other in found if _tells_where(other, match, said)]
    if any(match.name.districts & other.name.districts for other in context):
        score += WITHIN
    elif any(not _is_province(other, found) for other in context):
        score *= ELSEWHERE
    if _is_context(match, found, said):
        score *= JUST_THE_DISTRICT
    return score


def _is_province(district: Match, found: Sequence[Match]) -> bool:
    """Whether the name beside a commune may be its province: "Hộ Phòng, Bạc Liêu"."""
    return district.head is None and any(
        other.name.head is Head.PROVINCE
        and (other.begin, other.end) == (district.begin, district.end)
        for other in found
    )


def _fit_of_head(match: Match, answer: bool) -> float:
    name, head = match.name, match.head
    if head == name.head:
        return 1.0
    if name.head == Head.LANDMARK:
        # "bưu điện giờ" is not "điện gió"; longer names bear more.
        long = match.end - match.begin > SHORT_LANDMARK
        return 1.0 if match.likeness >= UNACCENTED or long else BARE_AND_KEYED
    match head:
        case None if match.aside:
            return ASIDE
        case None if match.along:
            return ALONG
        case None if match.likeness in (SPELLED, HEARD):
            return BARE
        case None if match.led or answer:
            return LED_AND_UNLIKE
        case None:
            return BARE_AND_UNLIKE if match.likeness > KEYED else BARE_AND_KEYED
        case Head.PROVINCE:
            return 0.0
        case Head.STREET:
            return A_STREET
        case _ if head in DISTRICT_HEADS:
            return DISTRICT_FOR_COMMUNE
        case _:
            return OTHER_KIND if name.old is None else OTHER_KIND_THEN


def _fit_of_time(match: Match, said: Spelled) -> float:
    after = said[match.end].text if match.end < len(said) else ""
    called_old, called_new = after == _OLD, after == _NEW
    is_old = match.name.old is not None
    wrong = (called_old and not is_old) or (called_new and is_old)
    return OTHER_TIME if wrong and match.name.head != Head.LANDMARK else 1.0


def _tells_where(district: Match, commune: Match, said: Spelled) -> bool:
    """Whether `district` names the district of `commune`, said just before or after it."""
    return (
        commune.name.unit is not None
        and district.name.is_district
        and district.head not in (Head.PROVINCE, Head.STREET, *COMMUNE_HEADS)
        and district.likeness >= UNACCENTED
        and 0 <= district.gap(commune) <= NEARBY
        and not are_apart(
            said,
            min(district.end, commune.end),
            max(district.begin, commune.begin),
            unaccented(said),
        )
    )


def _is_context(match: Match, found: Sequence[Match], said: Spelled) -> bool:
    """Whether these words only told in which district another commune lies."""
    if match.head in COMMUNE_HEADS:
        return False
    as_district = [
        other
        for other in found
        if other.name.is_district and (other.begin, other.end) == (match.begin, match.end)
    ]
    return any(
        _tells_where(district, commune, said) and district.name.districts & commune.name.districts
        for district in as_district
        for commune in found
        if (commune.begin, commune.end) != (match.begin, match.end)
    )
