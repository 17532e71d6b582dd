"""The words of a text with their places in it, and the words that count."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

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


class Token(NamedTuple):
    """One word in small letters, or a `STOP`, with its place in the text."""

    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text in the form in which positions are counted (NFC)."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def tokens_of(text: str, known: tuple[str, ...], first: tuple[str, ...]) -> tuple[Token, ...]:
    """The words of a `clean` text.

    A text without any accent is read by its letters: its words become those that have the same
    ones, of `first`, then of the counting words, then of `known`, where what has no accents
    anyway holds. In another text a word that is none of these is taken for the one that it
    sounds like in the south.
    """
    raw = [
        (m[0].lower() if m[0][0] not in _STOPS else STOP, *m.span()) for m in _TOKEN.finditer(text)
    ]
    if not text.isascii():
        sounds = _sounds(known + first)
        return tuple(Token(sounds(word), start, end) for word, start, end in raw)
    accents = _accents(known, first)
    guessed: list[Token] = []
    for letters, start, end in raw:
        word = accents.get(letters, letters)
        before = guessed[-1].text if guessed else ""
        if word == "mười" and before in UNITS and before != "một":
            word = "mươi"
        guessed.append(Token(word, start, end))
    return tuple(guessed)


@lru_cache(maxsize=8)
def _accents(known: tuple[str, ...], first: tuple[str, ...]) -> dict[str, str]:
    accents = {fold(word): word for word in known}
    accents |= {word: word for word in known if word.isascii()}
    accents |= {fold(word): word for word in reversed(_COUNTING)}
    accents |= {fold(word): word for word in first}
    return {letters: word for letters, word in accents.items() if letters not in _OPEN}


@lru_cache(maxsize=8)
def _sounds(known: tuple[str, ...]) -> Callable[[str], str]:
    """From a word to the known one that sounds like it; itself where none or several do."""
    every = dict.fromkeys((*known, *_COUNTING))
    heard: dict[str, str] = {}
    for word in every:
        sound = syllables(word)[0].heard
        heard[sound] = "" if sound in heard else word

    @lru_cache(maxsize=4096)
    def sounding(word: str) -> str:
        if word in every or word in _OTHERS or not word.isalpha():
            return word
        return heard.get(syllables(word)[0].heard) or word

    return sounding
