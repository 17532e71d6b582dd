"""Held-out reports and dangers: what is reached is kept. The aims: docs/understanding.md.

Failures of even lines were looked at; the odd ones tell what a new text may expect.
"""

from collections.abc import Callable, Sequence
from functools import cache

import pytest

from hotline.understood import Hear, understanding_of
from tests.provinces.packs import bac_lieu
from tests.understanding.listed import AUDIO, Entry, entries, halves, spoken_words
from tests.understanding.misheard import KINDS
from understanding.categories import CategoryFound
from understanding.danger import DangerFound
from understanding.lexicon import said

KINDS_HEARD: dict[str, Callable[[str, int], str]] = {"clean": lambda text, seed: text, **KINDS}
ODD, EVEN = 0, 1


@cache
def understood(text: str) -> tuple[tuple[CategoryFound, ...], DangerFound | None]:
    return _hear()(said(text))


@cache
def _hear() -> Hear:
    return understanding_of(bac_lieu())


def half(name: str, which: int) -> Sequence[Entry]:
    return halves(entries(name))[which]


def share_of_reports(kind: str, which: int, among: int) -> float:
    """How often a right category is among the `among` likeliest."""
    chosen = half("reports", which)
    right = 0
    for seed, entry in enumerate(chosen):
        found, _ = understood(KINDS_HEARD[kind](entry["said"], seed))
        wanted = {entry["category"], *entry.get("also", ())}
        right += bool(wanted & {one.category for one in found[:among]})
    return right / len(chosen)


def share_of_dangers(kind: str, which: int, present: bool) -> float:
    """How often a danger is heard where one is, or where none is."""
    chosen = [one for one in half("dangers", which) if bool(one["danger"]) is present]
    heard = [
        understood(KINDS_HEARD[kind](one["said"], seed))[1] is not None
        for seed, one in enumerate(chosen)
    ]
    return sum(heard) / len(chosen)


@pytest.mark.parametrize(
    ("kind", "which", "first", "among_three"),
    [
        ("clean", EVEN, 0.92, 0.98),
        ("clean", ODD, 0.74, 0.86),
        ("accents dropped", EVEN, 0.82, 0.95),
        ("accents dropped", ODD, 0.62, 0.80),
        ("southern spelling", ODD, 0.72, 0.85),
        ("a fifth of the words wrong", ODD, 0.55, 0.75),
    ],
)
def test_reports_keep_their_categories(
    kind: str, which: int, first: float, among_three: float
) -> None:
    assert share_of_reports(kind, which, 1) >= first
    assert share_of_reports(kind, which, 3) >= among_three


@pytest.mark.parametrize(
    ("kind", "which", "found", "false"),
    [
        ("clean", EVEN, 0.93, 0.05),
        ("clean", ODD, 0.70, 0.12),
        ("accents dropped", ODD, 0.65, 0.20),
        ("southern spelling", ODD, 0.67, 0.13),
        ("a fifth of the words wrong", ODD, 0.50, 0.13),
    ],
)
def test_dangers_stay_heard(kind: str, which: int, found: float, false: float) -> None:
    assert share_of_dangers(kind, which, present=True) >= found
    assert share_of_dangers(kind, which, present=False) <= false


@pytest.mark.skipif(not AUDIO.exists(), reason="no recordings beside the project")
def test_nothing_in_the_words_of_real_recordings_alarms() -> None:
    assert [text for text in spoken_words() if understood(text)[1]] == []
