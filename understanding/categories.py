"""What is it about? Categories with scores, and the words that told of them.

A category is told of by cues: phrases with weights, data of the province. Their words count by
themselves too, the less the more categories use them, so that a report in words of its own, or
one that was misheard, is still understood by what is left. Every word of a text counts once for
a category, at its best. Where it stands matters: "gần bệnh viện" tells where it is, not what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from understanding.categories_cues import Cues, Marker
from understanding.lexicon import GAP, Match, Near, Said, said

LEAST_SCORE = 0.05
MOST_FOUND = 5
HALF_SCORE = 3.0  # as much evidence as one strong cue gives a score of a half
LEAST_WORD = 0.4  # a word that says less is not shown as one that told
INSIDE = 0.3  # within longer words of another matter: "cầu" of "cầu dao"
FARTHER, OTHER_CLAUSE = 0.08, 0.5  # each word between the parts of a cue; a comma
FIRST = 1.1  # in the first sentence
MOST_FACTOR = 1.4

_FACTORS = {Marker.PLACE: 0.35, Marker.DENIED: 0.15, Marker.ASIDE: 0.6, Marker.MATTER: 1.3}
_REACHES = {Marker.PLACE: 4, Marker.DENIED: 7, Marker.ASIDE: 7, Marker.MATTER: 14}
_MARKER_LIKE = 0.7
# Where the reach of a marker ends before its time: "gần nhà tôi có cái quán".
_ENDS = frozenset(
    [
        *("có", "bị", "mà", "thì", "thấy", "nhưng", "là", "co", "bi", "ma", "thi"),
        *("này", "đó", "đây", "kia", "tôi", "em"),
    ]
)


@dataclass(frozen=True)
class CategoryFound:
    """A category, how sure it is (0 to 1), and the words that told of it."""

    category: str
    score: float
    words: tuple[str, ...]


def categories_in(text: str | Said, cues: Cues) -> tuple[CategoryFound, ...]:
    """What `text` is about, the likeliest first, at most five."""
    words = said(text) if isinstance(text, str) else text
    nears = cues.lexicon.nears(words)
    matches = cues.lexicon.find(words, nears)
    evidence = _evidence(words, nears, matches, cues)
    factors = _factors(words, matches, cues)
    costs = _take_away(evidence, matches, cues)
    totals = {
        category: sum(value * factors[at] for at, value in places.items())
        - costs.get(category, 0.0)
        for category, places in evidence.items()
    }
    likely = sorted(totals.items(), key=lambda one: (-one[1], one[0]))[:MOST_FOUND]
    found = tuple(
        CategoryFound(
            cues.categories[category],
            round(total / (total + HALF_SCORE), 3),
            _telling(words, evidence[category]),
        )
        for category, total in likely
        if total / (total + HALF_SCORE) >= LEAST_SCORE and total > 0
    )
    if not found and cues.unclear is not None:
        return (CategoryFound(cues.unclear, LEAST_SCORE, ()),)
    return found


Evidence = dict[int, dict[int, float]]  # category → position → its best


def _evidence(
    words: Said, nears: Sequence[tuple[Near, ...]], matches: Sequence[Match], cues: Cues
) -> Evidence:
    covered = [0] * len(words.words)  # by phrases of how many words
    for match in matches:
        length = match.end - match.begin
        if length > 1 and match.like > _MARKER_LIKE and cues.uses[match.phrase].whole:
            for at in range(match.begin, match.end):
                covered[at] = max(covered[at], length)
    evidence: Evidence = {}
    for at, word in enumerate(words.words):
        inside = INSIDE if covered[at] > 1 else 1.0
        for category, value in cues.alone(word, words.bare):
            evidence.setdefault(category, {})[at] = value * inside
    opened: dict[int, Match] = {}
    for match in matches:
        use, like = cues.uses[match.phrase], match.like
        if words.bare and match.end - match.begin == 1:
            like /= len(nears[match.begin])
        for category, weight in use.tells:
            _count(evidence, category, weight * like, (match,), covered)
        for pair in opened.keys() & use.closes:
            opener = opened[pair]
            likeness = match.like * opener.like * _nearness(words, opener, match)
            if likeness:
                category, weight = cues.pairs[pair]
                _count(evidence, category, weight * likeness, (opener, match), covered)
        opened.update(dict.fromkeys(use.opens, match))
    return evidence


def _nearness(words: Said, opener: Match, closer: Match) -> float:
    """1 for parts side by side, 0 for ones that do not belong together."""
    apart = closer.begin - opener.end
    if not 0 <= apart <= GAP or words.sentences[opener.begin] != words.sentences[closer.begin]:
        return 0.0
    same = words.clauses[opener.begin] == words.clauses[closer.begin]
    return (1 - apart * FARTHER) * (1 if same else OTHER_CLAUSE)


def _take_away(evidence: Evidence, matches: Sequence[Match], cues: Cues) -> dict[int, float]:
    """What speaks against a category: its words say nothing for it, and cost it."""
    costs: dict[int, float] = {}
    for match in matches:
        for category, weight in cues.uses[match.phrase].against:
            if category not in evidence:
                continue
            costs[category] = costs.get(category, 0.0) - weight * match.like
            places = evidence[category]
            for at in range(match.begin, match.end):
                places.pop(at, None)
    return costs


def _count(
    evidence: Evidence,
    category: int,
    value: float,
    matches: Sequence[Match],
    covered: Sequence[int],
) -> None:
    places = evidence.setdefault(category, {})
    for match in matches:
        length = match.end - match.begin
        for at in range(match.begin, match.end):
            worth = value * (INSIDE if covered[at] > length else 1)
            if worth > places.get(at, 0.0):
                places[at] = worth


def _factors(words: Said, matches: Sequence[Match], cues: Cues) -> list[float]:
    """How much each word counts by where it stands."""
    factors = [FIRST if sentence == 0 else 1.0 for sentence in words.sentences]
    for match in matches:
        if match.like < _MARKER_LIKE:
            continue
        for marker in cues.uses[match.phrase].markers:
            factor, clause = _FACTORS[marker], words.clauses[match.begin]
            end = min(match.end + _REACHES[marker], len(factors))
            for at in range(match.end, end):
                if words.clauses[at] != clause:
                    break
                if words.words[at] in _ENDS and marker is not Marker.MATTER:
                    break
                factors[at] = min(MOST_FACTOR, factors[at] * factor)
    return factors


def _telling(words: Said, places: Mapping[int, float]) -> tuple[str, ...]:
    """Neighbouring words that told of something, together."""
    runs: list[list[int]] = []
    for at in sorted(at for at, value in places.items() if value >= LEAST_WORD):
        if runs and runs[-1][1] == at:
            runs[-1][1] = at + 1
        else:
            runs.append([at, at + 1])
    return tuple(dict.fromkeys(words.between(begin, end) for begin, end in runs))
