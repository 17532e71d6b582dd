"""Names of which only a part was heard: "xã Minh …" can hardly be another than Minh Diệu."""

from understanding.fold import syllables
from understanding.places import LEAST_SCORE, PlaceFound
from understanding.places_around import before_name
from understanding.places_names import Gazetteer, Head, PlaceName, Spelled
from understanding.places_sounds import loose

MOST_GUESSES = 3
_HEADS = frozenset({Head.WARD, Head.COMMUNE, Head.TOWNSHIP})
_LAST_OF_HEADS = frozenset(syllables(head.value)[-1].key for head in _HEADS)
_AFTER_HEAD = 2  # syllables in which a part of the name is looked for


def guesses(said: Spelled, known: Gazetteer, bare: bool) -> tuple[PlaceFound, ...]:
    """Communes to ask for, where a word for a commune stands and no whole name after it.

    Empty where more than three could be meant: then the question is open.
    """
    for begin in range(1, len(said)):
        if said[begin - 1].key not in _LAST_OF_HEADS:
            continue
        before = before_name(said, begin, bare)
        if before.head not in _HEADS:
            continue
        words = said[begin : begin + _AFTER_HEAD]
        found = {name.unit: name for name in _with_part(words, known) if name.unit is not None}
        if 0 < len(found) <= MOST_GUESSES:
            heard = " ".join(syllable.text for syllable in words)
            return tuple(
                PlaceFound(unit, name.old, LEAST_SCORE, heard) for unit, name in found.items()
            )
    return ()


def _with_part(words: Spelled, known: Gazetteer) -> list[PlaceName]:
    """Names whose first syllable comes first, or whose second comes first or second."""
    found = []
    for at, syllable in enumerate(words):
        for index, offset in known.sounds.holding(loose(syllable)):
            name, spelled = known.spelled[index]
            whole = name.head in _HEADS and spelled[0].text != name.head
            if whole and offset >= at and spelled[offset].heard == syllable.heard:
                found.append(name)
    return found
