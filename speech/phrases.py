"""Phrase lists: what a caller may answer at one step, in words.

Lists come over the network and go into native code, which trusts them: Vosk ends the process at
a malformed one. So nothing else may hand a list to an engine but `checked`.
"""

import re
import unicodedata
from collections.abc import Sequence

from speech.errors import BadListening, BadPhrases

MAX_PHRASES = 50
MAX_WORDS = 8
MAX_WORD_LETTERS = 24  # the longest Vietnamese syllable, "nghiêng", has 7
SHOWN_LETTERS = 40  # of a bad phrase, in the message

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def checked(phrases: Sequence[str], language: str) -> tuple[str, ...]:
    """The list as engines get it: composed letters, lower case, single spaces, each phrase once.

    The order stays. `language` is a BCP 47 tag.

    Raises:
        BadListening: the tag is not one.
        BadPhrases: not a list of 1 to 50 texts, each of 1 to 8 words made of letters.
    """
    checked_language(language)
    # A text is a sequence of texts too, and a list from JSON may hold anything.
    if isinstance(phrases, str) or not isinstance(phrases, Sequence):
        raise BadPhrases(f"expected a list of phrases, found {type(phrases).__name__}")
    if not 1 <= len(phrases) <= MAX_PHRASES:
        raise BadPhrases(f"expected 1 to {MAX_PHRASES} phrases, found {len(phrases)}")
    return tuple(dict.fromkeys(_phrase(phrase) for phrase in phrases))


def checked_language(language: str) -> str:
    """The language of a BCP 47 tag ("vi-VN" → "vi").

    Raises:
        BadListening: it is not such a tag.
    """
    if not isinstance(language, str) or len(language) > 35 or not _TAG.fullmatch(language):
        raise BadListening(f"expected a language tag such as vi-VN, found {_shown(language)}")
    return language.split("-")[0].lower()


def _phrase(phrase: str) -> str:
    if not isinstance(phrase, str):
        raise BadPhrases(f"expected a phrase as text, found {type(phrase).__name__}")
    words = unicodedata.normalize("NFC", phrase).lower().split(" ")
    words = [word for word in words if word]
    if not 1 <= len(words) <= MAX_WORDS:
        raise BadPhrases(f"expected 1 to {MAX_WORDS} words, found {len(words)}: {_shown(phrase)}")
    for word in words:
        if len(word) > MAX_WORD_LETTERS:
            raise BadPhrases(
                f"expected words of at most {MAX_WORD_LETTERS} letters: {_shown(phrase)}"
            )
        # A mark (Khmer vowels are such) belongs to the letter before it.
        kinds = [unicodedata.category(sign)[0] for sign in word]
        if kinds[0] != "L" or any(kind not in "LM" for kind in kinds):
            raise BadPhrases(f"expected letters and spaces only: {_shown(phrase)}")
    return " ".join(words)


def _shown(found: object) -> str:
    # repr: a message is one line, whatever the phrase holds.
    text = repr(found)
    return text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS] + "…"


def meaning_alike(first: str, second: str) -> bool:
    """Whether one phrase only goes on where the other ends: "đúng" and "đúng rồi".

    Such phrases do not speak against each other, so doubt between them is no doubt. "phải" and
    "không phải" do.
    """
    one, other = first.split(" "), second.split(" ")
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
