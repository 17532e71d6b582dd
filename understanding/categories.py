"""What is it about? Categories with probabilities, and the words that told of them.

What each word tells was learnt from examples, so a report in words of its own, or one that was
misheard, is understood by what is left of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from understanding.learnt import Learnt, Span
from understanding.lexicon import Said, said

LEAST_SCORE = 0.02
MOST_FOUND = 5
TELLING = 0.35  # of what tells most: words that tell less are not shown
LEAST_WEIGHT = 0.3


@dataclass(frozen=True)
class CategoryFound:
    """A category, how sure it is (0 to 1), and the words that told of it."""

    category: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Categories:
    """What to listen for; a text of no known word is of the category `unclear`."""

    learnt: Learnt
    unclear: str | None = None


def categories_in(text: str | Said, known: Categories) -> tuple[CategoryFound, ...]:
    """What `text` is about, the likeliest first, at most five."""
    speech = said(text) if isinstance(text, str) else text
    scores, seen, told = known.learnt.score(speech)
    if not seen.rows:
        return () if known.unclear is None else (CategoryFound(known.unclear, LEAST_SCORE, ()),)
    classes = known.learnt.classes
    likely = [
        at
        for at in (-scores).argsort(kind="stable")[:MOST_FOUND].tolist()
        if scores[at] >= LEAST_SCORE
    ]
    chosen = told[:, likely].T
    least = np.maximum(TELLING * np.maximum.reduce(chosen, axis=1), LEAST_WEIGHT)
    telling: list[list[Span]] = [[] for _ in likely]
    of, rows = (chosen >= least[:, None]).nonzero()
    for which, row in zip(of.tolist(), rows.tolist(), strict=True):
        telling[which].append(seen.spans[row])
    return tuple(
        CategoryFound(classes[at], round(score, 3), _words(speech, spans))
        for at, score, spans in zip(likely, scores[likely].tolist(), telling, strict=True)
    )


def _words(speech: Said, spans: Sequence[Span]) -> tuple[str, ...]:
    """The words of these spans, neighbours together."""
    runs: list[Span] = []
    for begin, end in sorted(spans):
        if runs and begin <= runs[-1][1]:
            runs[-1] = runs[-1][0], max(end, runs[-1][1])
        else:
            runs.append((begin, end))
    return tuple(dict.fromkeys(speech.between(begin, end) for begin, end in runs))
