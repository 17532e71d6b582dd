"""What the words of callers are looked for: the province's places and dangers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hotline.gazetteer import the_gazetteer
from provinces.schema import Province
from reports.danger import FindDanger
from understanding.danger import danger_words, find_danger
from understanding.places import find_places


@dataclass(frozen=True)
class Place:
    """A unit of today as `edition:code`; `old` is the former unit whose name was said."""

    unit: str
    old: str | None


FindPlaces = Callable[[str], Sequence[Place]]
MOST_PLACES = 3


def places_of(province: Province) -> FindPlaces:
    """Finds units of the province in words, the likeliest first, at most three."""
    known = the_gazetteer(province)

    def find(words: str) -> Sequence[Place]:
        return [Place(found.unit, found.old) for found in find_places(words, known)[:MOST_PLACES]]

    return find


def danger_of(province: Province) -> FindDanger:
    """Finds a danger of the province in words."""
    dangers: dict[str, tuple[str, ...]] = {danger.code: danger.words for danger in province.dangers}
    lasting = (danger.code for danger in province.dangers if danger.lasting)
    known = danger_words(dangers, province.harmless, lasting)

    def find(words: str) -> str | None:
        found = find_danger(words, known)
        return found.danger if found else None

    return find
