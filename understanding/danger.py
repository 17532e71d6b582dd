"""Words that tell of danger, and the ways in which they do not.

Some words tell of a danger by themselves; signs do so where two stand together, or one beside a
plea for help. A missed danger costs more than a false alarm, so words must be denied, past or
imagined where they stand before they are passed over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from understanding.danger_context import CONTEXTS, MOST_APART, NOW_APART, REACH, Context
from understanding.lexicon import GAP, GAP_SIGN, Lexicon, Match, Said, said

ENOUGH = 0.75
ENOUGH_BARE = 1.0  # without accents more words sound like signs
ENOUGH_ELSEWHERE = 1.0  # in a text that is plainly about something else, words must tell
WORDS, SIGN, ABOUT, PLEA = 1.0, 0.5, 0.25, 0.5
LEAST_LIKE, LEAST_LIKE_GAPPED = 0.5, 0.95  # short parts sound like many other words
UNSURE = 0.5  # of a sign: one word without its accents is as soon another word
SURE_LIKE = 0.95
SAME_SPEECH = 25  # words between signs that belong together
MOST_FILLERS = 3
_FILLERS = frozenset(
    [
        *("ai", "gì", "vụ", "là", "việc", "bị", "xảy", "ra", "gây", "có", "chuyện", "một", "cái"),
        *("nào", "người", "thấy", "còn", "nghe", "nói", "hề", "tới", "nỗi", "đứa", "nó", "phải"),
        *(
            "gi",
            "vu",
            "la",
            "viec",
            "bi",
            "xay",
            "gay",
            "co",
            "chuyen",
            "mot",
            "cai",
            "nao",
            "nguoi",
        ),
    ]
)


@dataclass(frozen=True)
class DangerFound:
    """A danger, and the words of the text that told of it."""

    danger: str
    words: str


@dataclass(frozen=True)
class DangerSigns:
    """What tells of one danger only together; `about` is half of a sign."""

    signs: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Use:
    """What a phrase of the lexicon is there for."""

    danger: str | None = None
    weight: float = 0.0
    harmless: bool = False
    context: Context | None = None


class _Uses(NamedTuple):
    """All that a phrase is there for, and the gapped phrases that it opens and closes."""

    opens: list[int]
    closes: set[int]
    uses: list[_Use]


@dataclass(frozen=True)
class DangerWords:
    """What to listen for; make it with `danger_words`."""

    lexicon: Lexicon = field(repr=False)
    uses: tuple[_Uses, ...] = field(repr=False)
    gapped: tuple[_Use, ...] = field(repr=False)
    dangers: tuple[str, ...] = ()
    lasting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Hit:
    """Words that were said: from `begin` to `end`, but for the gap within a gapped phrase."""

    use: _Use
    begin: int
    end: int
    like: float
    gap: tuple[int, int] | None = None

    def parts(self) -> tuple[tuple[int, int], ...]:
        if self.gap is None:
            return ((self.begin, self.end),)
        return (self.begin, self.gap[0]), (self.gap[1], self.end)

    def overlaps(self, other: "_Hit") -> bool:
        """Whether they share a word."""
        return any(
            begin < other_end and other_begin < end
            for begin, end in self.parts()
            for other_begin, other_end in other.parts()
        )

    def within(self, other: "_Hit") -> bool:
        """Inside longer words."""
        return any(
            begin <= self.begin and self.end <= end and end - begin > self.end - self.begin
            for begin, end in other.parts()
        )


def danger_words(
    dangers: Mapping[str, Iterable[str]],
    harmless: Iterable[str],
    lasting: Iterable[str] = (),
    signs: Mapping[str, DangerSigns] | None = None,
    pleas: Iterable[str] = (),
) -> DangerWords:
    """Danger → the phrases that tell of it, and phrases that hold such words and mean nothing.

    Who tells of a `lasting` danger as of something past is still in it. "a ... b" is both parts
    in this order, a few words apart.
    """
    phrases: dict[str, _Uses] = {}
    gapped: list[_Use] = []

    def of(phrase: str) -> _Uses:
        return phrases.setdefault(" ".join(phrase.split()), _Uses([], set(), []))

    def add(phrase: str, use: _Use) -> None:
        first, *second = phrase.split(GAP_SIGN)
        if not second:
            of(first).uses.append(use)
            return
        of(first).opens.append(len(gapped))
        of(second[0]).closes.add(len(gapped))
        gapped.append(use)

    for danger, told in dangers.items():
        for phrase in told:
            add(phrase, _Use(danger, WORDS))
    for danger, weak in (signs or {}).items():
        for phrase in weak.signs:
            add(phrase, _Use(danger, SIGN))
        for phrase in weak.about:
            add(phrase, _Use(danger, ABOUT))
    for phrase in pleas:
        add(phrase, _Use(weight=PLEA))
    for phrase in harmless:
        add(phrase, _Use(harmless=True))
    for context, told in CONTEXTS.items():
        for phrase in told:
            add(phrase, _Use(context=context))
    return DangerWords(
        Lexicon(phrases),
        tuple(phrases.values()),
        tuple(gapped),
        tuple(dangers),
        frozenset(lasting),
    )


def find_danger(
    text: str | Said, words: DangerWords, elsewhere: bool = False
) -> DangerFound | None:
    """The danger that `text` tells of: of several the one told of most, then the first.

    `elsewhere`: it is plainly about something that is no emergency, so signs need more beside them.
    None where nothing is, or where all of it is denied, past, imagined or a figure of speech.
    """
    speech = said(text) if isinstance(text, str) else text
    hits = list(_hits(speech, words))
    if not any(hit.use.danger for hit in hits):
        return None
    harmless = [hit for hit in hits if hit.use.harmless]
    contexts = [hit for hit in hits if hit.use.context and _surely(hit, speech)]
    pleas = [hit for hit in hits if hit.use.weight and hit.use.danger is None]
    told = [
        hit
        for hit in hits
        if hit.use.danger
        and not any(
            hit.overlaps(other) and not other.within(hit) and other.like >= hit.like
            for other in harmless
        )
        and not _passed_over(speech, hit, contexts, hit.use.danger in words.lasting)
    ]
    scores = {danger: _score(danger, told, pleas, speech) for danger in words.dangers}
    enough = max(ENOUGH_BARE if speech.bare else 0.0, ENOUGH_ELSEWHERE if elsewhere else ENOUGH)
    likely = [danger for danger in words.dangers if scores[danger][0] >= enough]
    if not likely:
        return None
    danger = min(likely, key=lambda one: (-scores[one][0], scores[one][1].begin))
    best = scores[danger][1]
    return DangerFound(danger, speech.between(best.begin, best.end))


def _hits(speech: Said, words: DangerWords) -> Iterator[_Hit]:
    opened: dict[int, Match] = {}
    least = LEAST_LIKE if speech.bare else LEAST_LIKE_GAPPED
    for match in words.lexicon.find(speech, words.lexicon.nears(speech)):
        if match.like < LEAST_LIKE:
            continue
        opens, closes, uses = words.uses[match.phrase]
        for use in uses:
            yield _Hit(use, match.begin, match.end, match.like)
        for number in opened.keys() & closes:
            opener = opened[number]
            like = opener.like * match.like
            near = 0 <= match.begin - opener.end <= GAP and like >= least
            if near and speech.sentences[opener.begin] == speech.sentences[match.begin]:
                gap = (opener.end, match.begin)
                yield _Hit(words.gapped[number], opener.begin, match.end, like, gap)
        opened.update(dict.fromkeys(opens, match))


def _surely(hit: _Hit, speech: Said) -> bool:
    """No southern ear for a word that turns the meaning: "trưa" must not be "chưa"."""
    length = hit.end - hit.begin
    least: float = 0.79**length if speech.bare else 0.99 if length == 1 else 0.84
    return hit.like >= least


def _score(
    danger: str, told: Sequence[_Hit], pleas: Sequence[_Hit], speech: Said
) -> tuple[float, _Hit]:
    """How surely it is told of, and the hit that tells of it best."""
    longest = sorted(told, key=lambda hit: (-hit.use.weight, hit.begin - hit.end, hit.begin))
    mine: list[_Hit] = []
    for hit in longest:
        if hit.use.danger != danger or any(hit.overlaps(other) for other in mine):
            continue
        if hit.use.weight < WORDS and any(hit.within(other) for other in told):
            continue
        if any(_words(speech, hit) == _words(speech, other) for other in mine):
            continue
        mine.append(hit)
    if not mine:
        return 0.0, _Hit(_Use(), 0, 0, 0.0)
    best = mine[0]
    near = [hit for hit in mine if abs(hit.begin - best.begin) <= SAME_SPEECH]
    score = sum(_worth(hit, speech) for hit in near)
    if best.use.weight == ABOUT:
        return 0.0, best
    if best.use.weight < WORDS and any(
        abs(plea.begin - best.begin) <= SAME_SPEECH and not any(plea.overlaps(hit) for hit in near)
        for plea in pleas
    ):
        score += PLEA
    return score + 0.01 * (best.end - best.begin), best


def _words(speech: Said, hit: _Hit) -> str:
    return speech.between(hit.begin, hit.end)


def _worth(hit: _Hit, speech: Said) -> float:
    sure = hit.like >= SURE_LIKE or hit.end - hit.begin > 1
    return hit.use.weight * (1.0 if sure or hit.use.weight == WORDS else UNSURE)


def _passed_over(speech: Said, hit: _Hit, contexts: Sequence[_Hit], lasting: bool) -> bool:
    """Whether what stands around the words takes them back."""
    sentence = speech.sentences[hit.begin]
    here = [one for one in contexts if speech.sentences[one.begin] == sentence]
    present = [
        one
        for one in here
        if one.use.context is Context.NOW
        and max(one.begin - hit.end, hit.begin - one.end) <= NOW_APART
    ]
    for one in here:
        context, apart = one.use.context, hit.begin - one.end
        if context in (Context.DENIED, Context.IMAGINED) and _straight_before(speech, one, hit):
            return True
        if one.overlaps(hit):
            continue
        if context is Context.IF and 0 <= apart <= REACH:
            between = (now for now in present if one.end <= now.begin < hit.begin)
            if not any(between):
                return True
        if context is Context.PAST and not lasting and not present:
            near = one.begin - hit.end if apart < 0 else apart
            if near <= MOST_APART:
                return True
    return False


def _straight_before(speech: Said, one: _Hit, hit: _Hit) -> bool:
    for begin, _ in hit.parts():
        if one.begin < begin < one.end:  # "đâu có" of "đâu có trộm", whose words are "có trộm"
            return True
        between = speech.words[one.end : begin]
        if (
            one.end <= begin
            and len(between) <= MOST_FILLERS
            and all(word in _FILLERS for word in between)
        ):
            return True
    return False
