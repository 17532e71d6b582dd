"""Words that somebody else's recogniser heard, held against those that the question knows. Pure.

Such a recogniser writes whatever it hears: with capitals, full stops, and now and then with wrong
tones. What is no word of the list counts as nothing, and is kept nowhere.
"""

import re

from ivr.phrases import Phrases, key_of
from ivr.steps import Said
from understanding.fold import fold

_SIGNS = re.compile(r"[^\w\s]")


def said(phrases: Phrases, heard: str, confidence: float) -> Said | None:
    """The phrase that was heard; None where it is none of them, or could be two."""
    words = " ".join(_SIGNS.sub(" ", heard).split())
    if key := key_of(phrases, words):
        meant = next(phrase for phrase in phrases if key_of({phrase: key}, words))
        return Said(key, meant, confidence)
    folded = fold(words)
    alike = [phrase for phrase in phrases if fold(phrase) == folded]
    if alike and len({phrases[phrase] for phrase in alike}) == 1:
        return Said(phrases[alike[0]], alike[0], confidence)
    return None
