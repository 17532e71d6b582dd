"""What a report is found by: Vietnamese words without accents, and as a southern ear hears them.

A word is kept folded ("vĩnh" → `vinh`), in the order in which it was said, and once more by its
southern sound where that is spelled otherwise (`~din`): who looks for "vĩnh" also finds what a
recogniser took for "dĩnh". Neither database's own reader of words has a say in it, so that both
find the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from understanding.fold import Syllable, syllables

SOUND = "~"  # marks a word that is kept by its sound
# A tsvector tells positions up to 16,383; and nobody says as much in one report.
MOST_WORDS = 5_000
LONGEST_WORD = 60
MOST_TERMS = 16
_QUOTED = re.compile(r'"([^"]*)"')

Words = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """What has to be found: one word, or several that stand one after the other.

    `sound` is that of a single word, as other spellings of it are kept.
    """

    words: Words
    sound: str | None = None


Query = tuple[Term, ...]
"""All of them have to be found."""


def words_kept(texts: Iterable[str | None]) -> Words:
    """The words of the texts in order, then the sounds that are spelled otherwise, once each."""
    said = [each for text in texts if text for each in syllables(text)][:MOST_WORDS]
    sounds = sorted({sound for each in said if (sound := _sound(each)) is not None})
    return (*(_short(each.folded) for each in said), *sounds)


def read_query(text: str) -> Query:
    """What somebody looks for: words, or "words in quotes" that belong together. Empty for none."""
    terms: list[Term] = []
    for number, part in enumerate(_QUOTED.split(text)):
        found = syllables(part)
        if number % 2 and len(found) > 1:
            terms.append(Term(tuple(_short(each.folded) for each in found)))
        else:
            terms += [Term((_short(each.folded),), _sought_sound(each)) for each in found]
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def fts5_query(query: Query) -> str:
    """As SQLite's FTS5 wants it."""
    return " AND ".join(
        f'("{" ".join(term.words)}" OR "{term.sound}")'
        if term.sound
        else f'"{" ".join(term.words)}"'
        for term in query
    )


def tsquery(query: Query) -> str:
    """As PostgreSQL wants it."""
    return " & ".join(
        f"('{term.words[0]}' | '{term.sound}')"
        if term.sound
        else "(" + " <-> ".join(f"'{word}'" for word in term.words) + ")"
        for term in query
    )


def tsvector(words: Iterable[str]) -> str:
    """The words with their positions, as PostgreSQL wants them."""
    at: dict[str, list[int]] = defaultdict(list)
    for position, word in enumerate(words, 1):
        at[word].append(position)
    return " ".join(f"'{word}':{','.join(map(str, found))}" for word, found in at.items())


def _sound(syllable: Syllable) -> str | None:
    return None if syllable.key == syllable.folded else SOUND + _short(syllable.key)


def _sought_sound(syllable: Syllable) -> str | None:
    # Also where it is spelled as it sounds: "gà" is kept by its letters, "rà" by the sound of "gà".
    return SOUND + _short(syllable.key) if syllable.key.isalpha() else None


def _short(word: str) -> str:
    return word[:LONGEST_WORD]
