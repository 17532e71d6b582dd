"""What the words of callers are looked for: the province's places and dangers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.gazetteer import the_gazetteer
from hotline.learnt_dangers import dangers_of
from hotline.weights import categories_of
from provinces.schema import Priority, Province
from reports.danger import FindDanger
from reports.proposals import Proposal, Propose, ProposedCategory
from understanding.categories import CategoryFound, categories_in
from understanding.danger import DangerFound, find_danger
from understanding.lexicon import Said, said
from understanding.places_verdict import place_verdict
from understanding.urgency import urgency_of


@dataclass(frozen=True)
class Place:
    """A unit of today as `edition:code`; `old` is the former unit whose name was said; `words` are
    those that named it."""

    unit: str
    old: str | None
    words: str = ""


FindPlaces = Callable[[str], Sequence[Place]]
Hear = Callable[[Said], tuple[tuple[CategoryFound, ...], DangerFound | None]]
MOST_PLACES = 3


def places_of(province: Province) -> FindPlaces:
    """Finds units of the province in words, the likeliest first, at most three.

    One where it is taken, several where the caller must be asked which.
    """
    known = the_gazetteer(province)

    def find(words: str) -> Sequence[Place]:
        told = place_verdict(words, known)
        return [Place(found.unit, found.old, found.words) for found in told.places[:MOST_PLACES]]

    return find


def danger_of(province: Province) -> FindDanger:
    """Finds a danger in words. Made once: keep it."""
    known = dangers_of(province)

    def find(words: str) -> str | None:
        found = find_danger(words, known)
        return found.danger if found else None

    return find


def understanding_of(province: Province, own_weights: Path | None = None) -> Hear:
    """What words are about, and their danger.

    `own_weights`: a file of what was learnt here, used where there is one. Made once: keep it.
    """
    known, dangers = categories_of(province, own_weights), dangers_of(province)

    def hear(speech: Said) -> tuple[tuple[CategoryFound, ...], DangerFound | None]:
        return categories_in(speech, known), find_danger(speech, dangers)

    return hear


def proposals_of(province: Province, hear: Hear) -> Propose:
    """What words propose for a report: the province's categories, whether it may wait, a danger."""

    def propose(words: str) -> Proposal:
        speech = said(words)
        emergencies, urgent = _of(province, Priority.EMERGENCY), _of(province, Priority.URGENT)
        found, danger = hear(speech)
        told = urgency_of(speech, found, danger, emergencies, urgent)
        categories = (ProposedCategory(one.category, one.score, one.words) for one in found)
        return Proposal(
            tuple(categories),
            told.urgent,
            told.words,
            danger.danger if danger else None,
            danger.words if danger else "",
        )

    return propose


def _of(province: Province, priority: Priority) -> set[str]:
    return {code for code, one in province.categories.items() if one.priority is priority}
