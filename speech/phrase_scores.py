"""From ratings of a list's phrases to one answer with a confidence, or to none.

A rating says how much likelier a phrase is with the caller's sound than without any: what people
often say is no more likely to be heard than what they seldom say. About 0 is chance, 1 is good.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from speech.phrases import meaning_alike
from speech.streaming import NOTHING, Final, HeardWord

# Fitted on 272 answers, half of them to lists that lacked what was said; on the 192 spoken by
# people no wrong one came out above 0.7: benchmarks/spoken_answers.md.
BY_RATING = 2.1
BY_MARGIN = 0.7
AT_CHANCE = -1.8
MOST_MARGIN = 2.0
LEAST_CONFIDENCE = 0.35


@dataclass(frozen=True)
class PhraseScore:
    """A phrase, its rating, and where its words were if it was said."""

    text: str
    rating: float
    words: tuple[HeardWord, ...]


def answer_of(scores: Sequence[PhraseScore], meanings: Sequence[str] = ()) -> Final:
    """The phrase of the best rating, sure as it stands out of the others; "" where none does.

    `meanings` goes along with the scores: phrases of the same meaning are no rivals. Without it
    those are not of which one begins the other. The words bear the phrase's confidence.
    """
    best = max(range(len(scores)), key=lambda number: scores[number].rating)
    chosen = scores[best]
    rivals = [
        score.rating
        for number, score in enumerate(scores)
        if not _alike(scores, meanings, best, number)
    ]
    margin = min(chosen.rating - max(rivals, default=-math.inf), MOST_MARGIN)
    confidence = _share(BY_RATING * chosen.rating + BY_MARGIN * margin + AT_CHANCE)
    if confidence < LEAST_CONFIDENCE:
        return NOTHING
    words = tuple(replace(word, confidence=confidence) for word in chosen.words)
    return Final(chosen.text, confidence, words)


def _alike(scores: Sequence[PhraseScore], meanings: Sequence[str], first: int, second: int) -> bool:
    if meanings:
        return meanings[first] == meanings[second]
    return meaning_alike(scores[first].text, scores[second].text)


def _share(odds: float) -> float:
    """Logarithmic odds as 0 to 1; far odds do not overflow."""
    return 0.5 * (1 + math.tanh(odds / 2))
