"""What the conversation should do about the places in a text: take one, ask, or go on without.

A silent mistake sends a report to the wrong commune, so whatever leaves a doubt is asked: a name
of two places, a former district that is a commune today, "A" and "B" of one family, two places in
one sentence, words that are only like a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from understanding.places import PlaceFound
from understanding.places_around import (
    MOST_BETWEEN_CORRECTED,
    are_apart,
    corrections,
    is_denied,
    unaccented,
)
from understanding.places_guess import guesses
from understanding.places_match import longest, matches
from understanding.places_mentions import CLEAR, Mention, is_elsewhere, mentions_in
from understanding.places_names import Gazetteer, Spelled, said_in

TAKEN = 0.72  # below, the words are only like a name
DOUBTFUL = 0.6  # the end of a road that is called by two places
STREET_ENDS = 1  # syllables between these two
_BEFORE_A_NAME = frozenset(["xã", "phường", "thị", "trấn", "huyện", "ở", "bên"])

Action = Literal["take", "ask", "none"]


@dataclass(frozen=True)
class Verdict:
    """`take`: one place, to be read back; `ask`: which of these; `none`: nothing was named.

    The likeliest is first. One place under `ask` is a doubtful one.
    """

    action: Action
    places: tuple[PlaceFound, ...] = ()


NOTHING = Verdict("none")


def place_verdict(text: str, known: Gazetteer) -> Verdict:
    """What to do about the places named in `text`."""
    said = said_in(text)
    bare = unaccented(said)
    found = longest(said, list(matches(said, known)))
    named = mentions_in(said, found, known)
    if not named:
        return _guessed(guesses(said, known, bare))
    ours = [one for one in named if not is_elsewhere(said, one, found, known)]
    mentions = _meant(said, ours, bare)
    return _judged(_joined(said, mentions, bare)) if mentions else NOTHING


def _guessed(places: tuple[PlaceFound, ...]) -> Verdict:
    return Verdict("ask", places) if places else NOTHING


def _judged(mentions: Sequence[Mention]) -> Verdict:
    if any(one.best >= CLEAR for one in mentions):
        mentions = [one for one in mentions if one.best >= TAKEN or one.led]
    units: dict[str, PlaceFound] = {}
    for mention in mentions:
        for unit, place in mention.units.items():
            if unit not in units or place.score > units[unit].score:
                units[unit] = place
    places = tuple(sorted(units.values(), key=lambda place: -place.score))
    sure = len(places) == 1 and places[0].score >= TAKEN
    return Verdict("take" if sure else "ask", places)


def _meant(said: Spelled, mentions: Sequence[Mention], bare: bool) -> list[Mention]:
    """Without what was denied or taken back, and without roads that are called by a place."""
    left = [one for one in mentions if not is_denied(said, _begin_of_head(said, one), bare)]
    for begin, end in corrections(said, bare) if len(left) > 1 else ():
        left = _corrected(left, begin, end)
    return [
        _doubted(one) if at and _ends_a_road(left[at - 1], one) else one
        for at, one in enumerate(left)
        if not one.street
    ]


def _begin_of_head(said: Spelled, mention: Mention) -> int:
    begin = mention.begin
    while begin and said[begin - 1].text in _BEFORE_A_NAME:
        begin -= 1
    return begin


def _corrected(mentions: list[Mention], begin: int, end: int) -> list[Mention]:
    """Without what stands before the words that take it back, if something follows them."""
    after = next((one for one in mentions if one.begin >= end), None)
    if after is None:
        return mentions
    return [
        one for one in mentions if one.end > begin or after.begin - one.end > MOST_BETWEEN_CORRECTED
    ]


def _ends_a_road(road: Mention, one: Mention) -> bool:
    """ "Lộ Hộ Phòng Gành Hào" may be anywhere between the two."""
    near = one.begin - road.end <= STREET_ENDS
    return road.street and near and one.bare and not one.numbered and not one.province


def _doubted(one: Mention) -> Mention:
    units = {unit: replace(place, score=DOUBTFUL) for unit, place in one.units.items()}
    return replace(one, units=units)


def _joined(said: Spelled, mentions: Sequence[Mention], bare: bool) -> list[Mention]:
    """Names that lie in one another made one: "phường một, Giá Rai"."""
    others = [one for one in mentions if not one.province]
    joined: list[Mention] = []
    for one in mentions:
        before = joined[-1] if joined else None
        both = [unit for unit in one.units if unit in before.units] if before else []
        if before and both and not are_apart(said, before.end, one.begin, bare):
            units = {unit: max(before.units[unit], one.units[unit], key=_score) for unit in both}
            joined[-1] = replace(one, begin=before.begin, units=units)
        elif not (one.province and others):
            joined.append(one)
    return joined


def _score(place: PlaceFound) -> float:
    return place.score
