"""Comparing what was said with what was heard."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import jiwer


@dataclass(frozen=True)
class Scores:
    """Errors as fractions; above 1 is possible, where more was heard than said."""

    character_error_rate: float
    word_error_rate: float


def plain(text: str) -> str:
    """Lower case, NFC, without punctuation: what a listener would call the same words."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return " ".join(re.sub(r"[^\w\s]|_", " ", lowered).split())


def scores(said: Sequence[str], heard: Sequence[str]) -> Scores:
    """Error rates over all texts together, long ones weighing more."""
    wanted, found = [plain(text) for text in said], [plain(text) for text in heard]
    return Scores(float(jiwer.cer(wanted, found)), float(jiwer.wer(wanted, found)))
