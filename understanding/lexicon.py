"""Which of many phrases were said: all of them in one pass, each with how like itself it sounded.

Phrases are compared word by word. Recognisers drop accents, and write southern sounds as they
hear them, so every word of a text stands for all known words that it may have been. A word with
another word's accents is that other word.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from understanding.fold import clean, syllables

SPELLED, HEARD = 1.0, 0.92
FOLDED, KEYED = 0.8, 0.6  # in a text without any accents
FOLDED_AMONG = 0.5  # a word without any, in a text with accents
# The less words a phrase has, the more of it must be right.
LEAST_LIKE = (0.0, 0.75, 0.45)
LEAST_LIKE_LONG = 0.25

_TOKEN = re.compile(r"[^\W_]+|[.,!?;:\n…]")
_STOPS = frozenset(".!?;:\n…")
_KEPT = 16384  # said words whose likes are remembered


@dataclass(frozen=True)
class Said:
    """A text in words. `clauses` and `sentences` number those that each word belongs to.

    `bare`: not one accent in it.
    """

    words: tuple[str, ...]
    clauses: tuple[int, ...]
    sentences: tuple[int, ...]
    bare: bool

    def between(self, begin: int, end: int) -> str:
        """The words from `begin` up to `end`."""
        return " ".join(self.words[begin:end])


class Match(NamedTuple):
    """A phrase (by its index) and where it was said; `like` is 1 for its very spelling."""

    phrase: int
    begin: int
    end: int
    like: float


class Near(NamedTuple):
    """A known word (by its index) that a said one may have been."""

    word: int
    like: float


class _Node:
    __slots__ = ("next", "phrases")

    def __init__(self) -> None:
        self.next: dict[int, _Node] = {}
        self.phrases: list[int] = []


def said(text: str) -> Said:
    """The words of `text`; punctuation only parts clauses and sentences."""
    plain = clean(text)
    words: list[str] = []
    clauses: list[int] = []
    sentences: list[int] = []
    clause = sentence = 0
    for token in _TOKEN.findall(plain):
        if token in _STOPS:
            sentence += 1
            clause += 1
        elif token == ",":
            clause += 1
        else:
            words.append(token)
            clauses.append(clause)
            sentences.append(sentence)
    bare = plain.isascii()
    return Said(tuple(words), tuple(clauses), tuple(sentences), bare)


class Lexicon:
    """Phrases to look for, by their index. Made once: keep it."""

    def __init__(self, phrases: Collection[str]) -> None:
        self.words: dict[str, int] = {}
        self.phrases: tuple[tuple[int, ...], ...] = tuple(
            tuple(self._word(syllable.text) for syllable in syllables(phrase)) for phrase in phrases
        )
        self._heard: dict[str, set[int]] = {}
        self._folded: dict[str, set[int]] = {}
        self._keyed: dict[str, set[int]] = {}
        self._spelled: dict[str, set[int]] = {}
        for word, index in self.words.items():
            forms = syllables(word)[0]
            for form, known in (
                (forms.spelled, self._spelled),
                (forms.heard, self._heard),
                (forms.folded, self._folded),
                (forms.key, self._keyed),
            ):
                known.setdefault(form, set()).add(index)
        self._root = _Node()
        for index, phrase in enumerate(self.phrases):
            node = self._root
            for number in phrase:
                node = node.next.setdefault(number, _Node())
            node.phrases.append(index)
        self.near = lru_cache(maxsize=_KEPT)(self._near)

    def _word(self, text: str) -> int:
        return self.words.setdefault(text, len(self.words))

    def _near(self, word: str, bare: bool) -> tuple[Near, ...]:
        """The known words that `word` may have been, in a text that is `bare` or not."""
        forms = syllables(word)
        if not forms:
            return ()
        form = forms[0]
        unmarked = form.text == form.folded
        best = dict.fromkeys(self._spelled.get(form.spelled, ()), SPELLED)
        for index in self._heard.get(form.heard, ()):
            best.setdefault(index, FOLDED if bare else HEARD)
        if unmarked:
            for index in self._folded.get(form.folded, ()):
                best.setdefault(index, FOLDED if bare else FOLDED_AMONG)
        if bare:
            for index in self._keyed.get(form.key, ()):
                best.setdefault(index, KEYED)
        return tuple(Near(index, like) for index, like in best.items())

    def nears(self, text: Said) -> list[tuple[Near, ...]]:
        """For each word of the text the known ones that it may have been."""
        near, bare = self.near, text.bare
        return [near(word, bare) for word in text.words]

    def find(self, text: Said, nears: Sequence[tuple[Near, ...]]) -> list[Match]:
        """Every phrase that was said within one sentence, overlapping ones too."""
        found: list[Match] = []
        sentences = text.sentences
        root, count = self._root.next, len(nears)
        for begin, here in enumerate(nears):
            frontier: list[tuple[_Node, float]] = []
            for number, like in here:
                node = root.get(number)
                if node is not None:
                    frontier.append((node, like))
            end, sentence = begin + 1, sentences[begin]
            while frontier:
                length = end - begin
                least = LEAST_LIKE[length] if length < len(LEAST_LIKE) else LEAST_LIKE_LONG
                for node, like in frontier:
                    if node.phrases and like >= least:
                        found.extend(Match(index, begin, end, like) for index in node.phrases)
                if end == count or sentences[end] != sentence:
                    break
                onward: list[tuple[_Node, float]] = []
                following = nears[end]
                for node, like in frontier:
                    nodes = node.next
                    if not nodes:
                        continue
                    for number, more in following:
                        child = nodes.get(number)
                        if child is not None and like * more >= LEAST_LIKE_LONG:
                            onward.append((child, like * more))
                frontier = onward
                end += 1
        return found
