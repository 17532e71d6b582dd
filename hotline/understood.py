"""What the words of callers are looked for: the province's places and dangers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hotline.gazetteer import the_gazetteer
from provinces.schema import Priority, Province
from reports.danger import FindDanger
from reports.proposals import Proposal, Propose, ProposedCategory
from understanding.categories import CategoryFound, categories_in
from understanding.categories_cues import Cue, Cues, Marker, the_cues
from understanding.danger import DangerFound, DangerSigns, DangerWords, danger_words, find_danger
from understanding.lexicon import Said, said
from understanding.places_verdict import place_verdict
from understanding.urgency import urgency_of


@dataclass(frozen=True)
class Place:
    """A unit of today as `edition:code`; `old` is the former unit whose name was said."""

    unit: str
    old: str | None


FindPlaces = Callable[[str], Sequence[Place]]
Hear = Callable[[Said], tuple[tuple[CategoryFound, ...], DangerFound | None]]
MOST_PLACES = 3
PLAIN_SCORE = 0.45  # of a category that a text is plainly about


def places_of(province: Province) -> FindPlaces:
    """Finds units of the province in words, the likeliest first, at most three.

    One where it is taken, several where the caller must be asked which.
    """
    known = the_gazetteer(province)

    def find(words: str) -> Sequence[Place]:
        told = place_verdict(words, known)
        return [Place(found.unit, found.old) for found in told.places[:MOST_PLACES]]

    return find


def danger_of(hear: Hear) -> FindDanger:
    """Finds a danger in words."""

    def find(words: str) -> str | None:
        _, danger = hear(said(words))
        return danger.danger if danger else None

    return find


def understanding_of(province: Province) -> Hear:
    """What words are about, and their danger: what is plainly something else needs more of it.

    Made once: keep it.
    """
    cues, dangers = cues_of(province), danger_words_of(province)
    emergencies = {one.code for one in province.categories.values() if one.numbers}

    def hear(speech: Said) -> tuple[tuple[CategoryFound, ...], DangerFound | None]:
        found = categories_in(speech, cues)
        plain = bool(found) and found[0].score >= PLAIN_SCORE
        elsewhere = plain and found[0].category not in emergencies
        return found, find_danger(speech, dangers, elsewhere)

    return hear


def danger_words_of(province: Province) -> DangerWords:
    """What tells of the province's dangers. Made once: keep it."""
    dangers: dict[str, tuple[str, ...]] = {danger.code: danger.words for danger in province.dangers}
    lasting = (danger.code for danger in province.dangers if danger.lasting)
    signs: dict[str, DangerSigns] = {
        danger.code: DangerSigns(danger.signs, danger.about) for danger in province.dangers
    }
    return danger_words(dangers, province.harmless, lasting, signs, province.pleas)


def cues_of(province: Province) -> Cues:
    """What tells of the province's categories. Made once: keep it."""
    told = province.cues
    return the_cues(
        [Cue(cue.category, cue.phrase, cue.weight) for cue in told.cues],
        told.harmless,
        {Marker(name): phrases for name, phrases in told.markers.items()},
        told.unclear,
        told.empty,
    )


def proposals_of(province: Province, hear: Hear) -> Propose:
    """What words propose for a report: categories of the province, and whether it may wait."""
    priorities = {category.code: category.priority for category in province.categories.values()}
    emergencies = {code for code, one in priorities.items() if one is Priority.EMERGENCY}
    urgent = {code for code, one in priorities.items() if one is Priority.URGENT}

    def propose(words: str) -> Proposal:
        speech = said(words)
        found, danger = hear(speech)
        told = urgency_of(speech, found, danger, emergencies, urgent)
        categories = (ProposedCategory(one.category, one.score, one.words) for one in found)
        return Proposal(tuple(categories), told.urgent, told.words)

    return propose
