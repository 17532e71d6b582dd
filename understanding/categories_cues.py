"""What tells of a category, made ready to be looked for: cues, and what their surroundings mean."""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from understanding.fold import fold
from understanding.lexicon import GAP_SIGN, Lexicon

BY_ITSELF = 1.3  # a word of a cue, said without the rest of it; less for a common one
PAIR = 0.7  # two neighbours of a longer cue, of the part that they are of it
ONE_WORD = 0.75  # a cue of one word is soonest said of something else
FULL_WEIGHT = 3.0  # of cues that hold a word, for it to count in full by itself
LEAST_LIKE_ALONE, LEAST_ALONE = 0.6, 0.05
KEPT = 16384  # said words of which it is remembered what they tell


class Marker(StrEnum):
    """What is said of the words that follow."""

    PLACE = "place"  # they tell where it is
    DENIED = "denied"  # they are not the matter
    ASIDE = "aside"
    MATTER = "matter"


@dataclass(frozen=True)
class Cue:
    """A phrase that tells of a category: the more its weight, the surer; below 0, not of it."""

    category: str
    phrase: str
    weight: float


Worths = tuple[tuple[int, float], ...]  # categories with the weight of each word


@dataclass
class Use:
    """What a phrase of the lexicon is there for."""

    tells: list[tuple[int, float]] = field(default_factory=list)
    against: list[tuple[int, float]] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)  # pairs of which it is the first part
    closes: set[int] = field(default_factory=set)
    markers: list[Marker] = field(default_factory=list)
    whole: bool = False  # hides what its words mean by themselves


@dataclass(frozen=True)
class Cues:
    """What to listen for; make it with `the_cues`."""

    lexicon: Lexicon = field(repr=False)
    uses: tuple[Use, ...] = field(repr=False)
    pairs: Worths = field(repr=False)
    alone: Callable[[str, bool], Worths] = field(repr=False)
    categories: tuple[str, ...]
    unclear: str | None


def the_cues(
    cues: Sequence[Cue],
    harmless: Iterable[str] = (),
    markers: Mapping[Marker, Iterable[str]] | None = None,
    unclear: str | None = None,
    empty: Iterable[str] = (),
) -> Cues:
    """Cues made ready. Words within a `harmless` phrase, and `empty` ones, mean nothing alone.

    A text that tells of nothing is of the category `unclear`.
    """
    return _Maker(cues, harmless, markers or {}, unclear, empty).made()


class _Maker:
    def __init__(
        self,
        cues: Sequence[Cue],
        harmless: Iterable[str],
        markers: Mapping[Marker, Iterable[str]],
        unclear: str | None,
        empty: Iterable[str],
    ) -> None:
        self._empty = frozenset(empty)
        self._categories = tuple(dict.fromkeys(cue.category for cue in cues))
        self._number = {code: index for index, code in enumerate(self._categories)}
        self._unclear = unclear
        self._phrases: dict[str, Use] = {}
        self._pairs: list[tuple[int, float]] = []
        self._weights: dict[str, dict[int, float]] = {}  # word → category → weight
        for cue in cues:
            if cue.weight > 0:
                for word in cue.phrase.replace(GAP_SIGN, " ").split():
                    share = cue.weight / len(cue.phrase.replace(GAP_SIGN, " ").split())
                    of_word = self._weights.setdefault(word, {})
                    number = self._number[cue.category]
                    of_word[number] = of_word.get(number, 0.0) + share
        for cue in cues:
            self._add(cue)
        for phrase in harmless:
            self._use(phrase).whole = True
        for marker, phrases in markers.items():
            for phrase in phrases:
                self._use(phrase).markers.append(marker)

    def made(self) -> Cues:
        lexicon = Lexicon(self._phrases)
        alone = {lexicon.words[word]: worths for word, worths in self._alone()}
        return Cues(
            lexicon,
            tuple(self._phrases.values()),
            tuple(self._pairs),
            _by_said_word(lexicon, alone, self._empty),
            self._categories,
            self._unclear,
        )

    def _alone(self) -> Iterator[tuple[str, Worths]]:
        """What each word of the cues tells without the rest of its cue."""
        for word, weights in self._weights.items():
            rare = self._rare(word)
            yield (
                word,
                tuple(
                    (category, BY_ITSELF * rare * rare * min(1.0, weight / FULL_WEIGHT))
                    for category, weight in weights.items()
                ),
            )

    def _add(self, cue: Cue) -> None:
        category = self._number[cue.category]
        parts = [part.split() for part in cue.phrase.split(GAP_SIGN)]
        each = cue.weight / sum(map(len, parts))
        if cue.weight < 0:
            use = self._use(cue.phrase)
            use.against.append((category, cue.weight))
            use.whole = True
        elif len(parts) == 2:
            number = len(self._pairs)
            self._pairs.append((category, each))
            self._use(" ".join(parts[0])).opens.append(number)
            self._use(" ".join(parts[1])).closes.add(number)
        else:
            (words,) = parts
            if len(words) == 1:
                each *= ONE_WORD * self._rare(words[0])
            use = self._use(cue.phrase)
            use.tells.append((category, each))
            use.whole = True
            if len(words) > 2:
                for one, other in itertools.pairwise(words):
                    rare = max(self._rare(one), self._rare(other))
                    self._use(f"{one} {other}").tells.append((category, each * PAIR * rare))

    def _use(self, phrase: str) -> Use:
        return self._phrases.setdefault(" ".join(phrase.split()), Use())

    def _rare(self, word: str) -> float:
        """1 for a word of one category, 0 for one of all."""
        if len(self._categories) < 2:
            return 1.0
        return 1 - math.log(len(self._weights[word])) / math.log(len(self._categories))


def _by_said_word(
    lexicon: Lexicon, alone: Mapping[int, Worths], empty: frozenset[str]
) -> Callable[[str, bool], Worths]:
    """What a word of a text tells by itself, in a text that is bare or not."""
    empty_bare = frozenset(map(fold, empty))

    @lru_cache(maxsize=KEPT)
    def of_word(word: str, bare: bool) -> Worths:
        if word in (empty_bare if bare else empty):
            return ()
        nears = lexicon.near(word, bare)
        share = 1 / math.sqrt(len(nears)) if bare and nears else 1.0
        best: dict[int, float] = {}
        for number, like in nears:
            if like >= LEAST_LIKE_ALONE:
                for category, weight in alone.get(number, ()):
                    best[category] = max(best.get(category, 0.0), weight * like * share)
        return tuple((category, value) for category, value in best.items() if value >= LEAST_ALONE)

    return of_word
