"""Vietnamese syllables made comparable: without accents, or as a southern ear hears them.

Recognisers write what they heard, so one name comes in many spellings. Four forms of a syllable,
from strict to lenient:

- `spelled`: as it is written, wherever the tone's mark was put ("hòa" = "hoà");
- `heard`: with its tone; sounds that the south does not tell apart are one ("vĩnh" = "dỉnh");
- `folded`: without accents, spelling kept ("vinh");
- `key`: without accents, southern sounds merged ("din").
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
# Not within a name or a number: "Co.opMart", "7:30".
_SENTENCE_END = re.compile(r"[!?;\n]|[.:](?!\S)")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
# The south has one tone for hỏi and ngã.
_TONES = {"\u0300": "`", "\u0301": "´", "\u0309": "?", "\u0303": "?", "\u0323": "."}
_MARKS = "[\u0302\u0306\u031b]*"  # circumflex, breve and horn belong to the vowel
_STARTS = (
    (re.compile(r"^(?:gi(?=[aeouy])|v)"), "d"),
    (re.compile(r"^gi"), "di"),
    (re.compile(r"^tr"), "ch"),
    (re.compile(r"^s"), "x"),
    (re.compile(r"^r"), "g"),
    (re.compile(r"^ngh"), "ng"),
    (re.compile(r"^gh"), "g"),
    (re.compile(r"^k(?!h)"), "c"),
    # "quà", "hoà" and "oà" are one: a glide and the vowel.
    (re.compile(r"^(?:qu|hu(?=[yea])|h?o(?=[ae])|ngo(?=[ae])|ngu(?=[yea]))"), "w"),
)
_VOWEL_GROUPS = (
    (re.compile(rf"ie{_MARKS}u"), "iu"),
    (re.compile(rf"u{_MARKS}o{_MARKS}u"), "uu"),
    (re.compile(r"y"), "i"),
)
_ENDS = ((re.compile(r"n[gh]$"), "n"), (re.compile(r"ch?$"), "t"))


@dataclass(frozen=True)
class Syllable:
    """One word of a text in its forms; `sentence` counts from 0."""

    text: str
    spelled: str
    folded: str
    heard: str
    key: str
    sentence: int


def fold(text: str) -> str:
    """Small letters without accents: "Đông Hải" → "dong hai"."""
    return _without_marks(clean(text)).replace("đ", "d")


def syllables(text: str) -> tuple[Syllable, ...]:
    """The words of a text in order; punctuation only parts sentences."""
    found: list[Syllable] = []
    for sentence, part in enumerate(_SENTENCE_END.split(clean(text))):
        found += [_syllable(word, sentence) for word in _WORD.findall(part)]
    return tuple(found)


def folded_words(text: str) -> str:
    """The words alone, without accents: "ấp 3, Đông Hải!" → "ap 3 dong hai"."""
    return " ".join(each.folded for each in syllables(text))


@lru_cache(maxsize=16384)
def _syllable(word: str, sentence: int) -> Syllable:
    return Syllable(word, *_forms(word), sentence)


def _forms(word: str) -> tuple[str, str, str, str]:
    decomposed = unicodedata.normalize("NFD", word)
    tone = "".join(_TONES[sign] for sign in decomposed if sign in _TONES)
    toneless = "".join(sign for sign in decomposed if sign not in _TONES)
    plain = _without_marks(toneless)
    mark = "".join(sign for sign in decomposed if sign in _TONES)
    return toneless + mark, plain.replace("đ", "d"), _southern(toneless) + tone, _southern(plain)


def _southern(syllable: str) -> str:
    """What the south merges; "đ" is kept apart, as nobody takes it for "d", "gi" or "v"."""
    for start, merged in _STARTS:
        syllable, changed = start.subn(merged, syllable)
        if changed:
            break
    for ending, merged in _ENDS:
        syllable = ending.sub(merged, syllable)
    for group, merged in _VOWEL_GROUPS:
        syllable = group.sub(merged, syllable)
    return syllable


def clean(text: str) -> str:
    """Small letters (NFC) without signs of no width."""
    return unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text)).lower()


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def unaccented(text: str) -> str:
    """The same words without accents, capitals kept: "Đông Hải" → "Dong Hai".

    Vietnamese only: letters of other scripts and signs of other kinds stay as they are.
    """
    plain = []
    for sign in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", sign)
        if parts[0].isascii() and parts[0].isalpha():
            sign = parts[0]  # its marks follow
        plain.append({"đ": "d", "Đ": "D"}.get(sign, sign))
    return "".join(plain)
