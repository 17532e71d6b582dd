"""The words of a text with their places in it, and the words that count."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from understanding.fold import fold, syllables
from understanding.word_sets import a_set

_TOKEN = re.compile(r"\d+(?:/\d+)*|[^\W\d_]+|[,.;:!?]+")
STOP = ","  # any punctuation: nothing is counted across it

ZERO = "không"
UNITS = {
    **{"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5},
    **{"sáu": 6, "xáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9},
}
# Only said after a ten: "hai mươi mốt", "hai lăm".
TAILS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
TEN, TENS, DOZEN = frozenset(["mười", "mừi"]), frozenset(["mươi"]), frozenset(["chục"])
TWENTY_AND, THIRTY_AND = "hăm", "băm"
HUNDRED, THOUSAND, MILLION = "trăm", frozenset(["ngàn", "nghìn"]), "triệu"
ODD, HALF = frozenset(["linh", "lẻ"]), "rưỡi"
_COUNTING = (
    *(ZERO, *UNITS, *TAILS, *TEN, *TENS, *DOZEN, TWENTY_AND),
    *(HUNDRED, *THOUSAND, MILLION, *ODD, HALF),
)
# Words of their own, which only sound like counting.
_OTHERS = a_set("hay chính bãi chưa triều trục lẽ gì dì dây giây")
# Letters of too many words to know which: vô, vợ, vỡ; bể, bê, bé.
_OPEN = frozenset(["vo", "be", "bi", "do"])
# Numbers nobody knows: "mười mấy", "hai chục ngoài".
VAGUE = frozenset(["mấy", "mí", "ngoài", "hơn", "rưởi"])

_STOPS = frozenset(",.;:!?")
_KEPT = 8192  # said words of which it is remembered what they are


def clean(text: str) -> str:
    """The text in the form in which positions are counted (NFC)."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def words_of(text: str, known: tuple[str, ...], first: tuple[str, ...]) -> list[str]:
    """The words of a `clean` text in small letters, and `STOP` for punctuation.

    A text without any accent is read by its letters: its words become those that have the same
    ones, of `first`, then of the counting words, then of `known`, where what has no accents
    anyway holds. In another text a word that is none of these is taken for the one that it
    sounds like in the south.
    """
    raw = _TOKEN.findall(text)
    if not text.isascii():
        return list(map(_sounds(known + first), raw))
    words = list(map(_accents(known, first), raw))
    for at in range(1, len(words)):
        if words[at] == "mười" and words[at - 1] in UNITS and words[at - 1] != "một":
            words[at] = "mươi"
    return words


def spans_of(text: str) -> list[tuple[int, int]]:
    """Where in a `clean` text each of its words begins and ends."""
    return [match.span() for match in _TOKEN.finditer(text)]


def _small(token: str) -> str:
    return STOP if token[0] in _STOPS else token.lower()


@lru_cache(maxsize=8)
def _accents(known: tuple[str, ...], first: tuple[str, ...]) -> Callable[[str], str]:
    """From letters to the word that has them."""
    accents = {fold(word): word for word in known}
    accents |= {word: word for word in known if word.isascii()}
    accents |= {fold(word): word for word in reversed(_COUNTING)}
    accents |= {fold(word): word for word in first}
    words = {letters: word for letters, word in accents.items() if letters not in _OPEN}

    @lru_cache(maxsize=_KEPT)
    def accented(token: str) -> str:
        letters = _small(token)
        return words.get(letters, letters)

    return accented


@lru_cache(maxsize=8)
def _sounds(known: tuple[str, ...]) -> Callable[[str], str]:
    """From a word to the known one that sounds like it; itself where none or several do."""
    every = dict.fromkeys((*known, *_COUNTING))
    heard: dict[str, str] = {}
    for word in every:
        sound = syllables(word)[0].heard
        heard[sound] = "" if sound in heard else word

    @lru_cache(maxsize=_KEPT)
    def sounding(token: str) -> str:
        word = _small(token)
        if word in every or word in _OTHERS or not word.isalpha():
            return word
        return heard.get(syllables(word)[0].heard) or word

    return sounding
