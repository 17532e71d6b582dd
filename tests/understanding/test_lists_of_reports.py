"""Reports and dangers that nobody looked at: what is reached is kept. See docs/understanding.md."""

from collections.abc import Callable
from functools import cache

import pytest

from hotline.understood import Hear, understanding_of
from tests.provinces.packs import bac_lieu
from tests.understanding.listed import AUDIO, entries, spoken_words
from tests.understanding.misheard import KINDS
from understanding.categories import CategoryFound
from understanding.danger import DangerFound
from understanding.lexicon import said

KINDS_HEARD: dict[str, Callable[[str, int], str]] = {"clean": lambda text, seed: text, **KINDS}


@cache
def understood(text: str) -> tuple[tuple[CategoryFound, ...], DangerFound | None]:
    return _hear()(said(text))


@cache
def _hear() -> Hear:
    return understanding_of(bac_lieu())


def share_of_reports(kind: str, among: int) -> float:
    """How often a right category is among the `among` likeliest; of a list never looked at."""
    chosen = entries("reports_unseen")
    right = 0
    for seed, entry in enumerate(chosen):
        found, _ = understood(KINDS_HEARD[kind](entry["said"], seed))
        wanted = {entry["category"], *entry.get("also", ())}
        right += bool(wanted & {one.category for one in found[:among]})
    return right / len(chosen)


def share_of_dangers(kind: str, present: bool) -> float:
    """How often a danger is heard where one is, or none is; of a list never looked at."""
    chosen = [one for one in entries("dangers_unseen") if bool(one["danger"]) is present]
    heard = [
        understood(KINDS_HEARD[kind](one["said"], seed))[1] is not None
        for seed, one in enumerate(chosen)
    ]
    return sum(heard) / len(chosen)


@pytest.mark.parametrize(
    ("kind", "first", "among_three"),
    [
        ("clean", 0.94, 0.98),
        ("accents dropped", 0.88, 0.94),
        ("southern spelling", 0.94, 0.98),
        ("a fifth of the words wrong", 0.87, 0.94),
    ],
)
def test_reports_keep_their_categories(kind: str, first: float, among_three: float) -> None:
    assert share_of_reports(kind, 1) >= first
    assert share_of_reports(kind, 3) >= among_three


@pytest.mark.parametrize(
    ("kind", "found", "false"),
    [
        ("clean", 0.88, 0.03),
        ("accents dropped", 0.87, 0.04),
        ("southern spelling", 0.88, 0.03),
        ("a fifth of the words wrong", 0.82, 0.06),
    ],
)
def test_dangers_stay_heard(kind: str, found: float, false: float) -> None:
    assert share_of_dangers(kind, present=True) >= found
    assert share_of_dangers(kind, present=False) <= false


@pytest.mark.skipif(not AUDIO.exists(), reason="no recordings beside the project")
def test_nothing_in_the_words_of_real_recordings_alarms() -> None:
    assert [text for text in spoken_words() if understood(text)[1]] == []
