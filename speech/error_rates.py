"""Comparing what was said with what was heard."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ErrorRates:
    """Errors as fractions; above 1 is possible, where more was heard than said."""

    character_error_rate: float
    word_error_rate: float


def plain(text: str) -> str:
    """Lower case, NFC, without punctuation: what a listener would call the same words."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return " ".join(re.sub(r"[^\w\s]|_", " ", lowered).split())


def error_rates(said: Sequence[str], heard: Sequence[str]) -> ErrorRates:
    """Error rates over all texts together, long ones weighing more; 0 where nothing was said.

    Raises:
        ValueError: there is not one heard text for each said one.
    """
    pairs = [(plain(a), plain(b)) for a, b in zip(said, heard, strict=True)]
    characters = sum(edits(a, b) for a, b in pairs)
    words = sum(edits(a.split(), b.split()) for a, b in pairs)
    return ErrorRates(
        character_error_rate=characters / max(1, sum(len(a) for a, _ in pairs)),
        word_error_rate=words / max(1, sum(len(a.split()) for a, _ in pairs)),
    )


def edits(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many must be changed, added or left out to make one of the other (Levenshtein)."""
    above = list(range(len(heard) + 1))
    for row, wanted in enumerate(said, start=1):
        current = [row]
        for column, found in enumerate(heard, start=1):
            current.append(
                min(above[column] + 1, current[-1] + 1, above[column - 1] + (wanted != found))
            )
        above = current
    return above[-1]
