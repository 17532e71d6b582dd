"""Words that stand for keys: what a caller may say at a question instead of pressing."""

import unicodedata
from collections.abc import Mapping

Phrases = Mapping[str, str]
"""A phrase to the key that it stands for."""
StepPhrases = Mapping[str, Phrases]
"""A question's key to its phrases."""


def key_of(phrases: Phrases, words: str) -> str:
    """The key for which `words` stand; '' where they are not on the list."""
    said = _plain(words)
    return next((key for phrase, key in phrases.items() if _plain(phrase) == said), "")


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).casefold().split())
