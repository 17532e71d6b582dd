"""Words that stand for keys: what a caller may say at a question instead of pressing."""

import unicodedata
from collections.abc import Mapping

Phrases = Mapping[str, str]
"""A phrase (small composed letters, single spaces) to the key that it stands for."""
StepPhrases = Mapping[str, Phrases]
"""A question's key to its phrases."""


def key_of(phrases: Phrases, words: str) -> str:
    """The key for which `words` stand; '' where they are not on the list."""
    return phrases.get(" ".join(unicodedata.normalize("NFC", words).lower().split()), "")
