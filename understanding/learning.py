"""Learns weights from examples: a softmax over words and pairs, in passes over all of them.

In every pass a share of each text's words is left out: a recogniser misses and mistakes some, so
no single word may bear everything. The same examples and seed give the same weights.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understanding.learnt import Learnt, heard
from understanding.lexicon import said

PASSES = 12
RATE = 1.0
LEFT_OUT = 0.2
LEAST_KEPT = 3  # of fewer nothing is left out
BEGIN = 0.1  # of what a row has changed already; the more it has, the less it does


Pair = tuple[str, str]


@dataclass(frozen=True)
class Example:
    """What was said, of which class it is, and how much that counts (1: as one report)."""

    said: str
    of: str
    weight: float = 1.0


def digest_of(examples: Sequence[Example]) -> str:
    """A name for these examples: others have another."""
    lines = sorted(f"{one.of}\t{one.weight:g}\t{one.said}" for one in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def learn(examples: Sequence[Example], seed: int = 0) -> Learnt:
    """Weights that tell the classes of `examples` apart."""
    classes = sorted({one.of for one in examples})
    texts = [list(_features(one.said)) for one in examples]
    counted = Counter(feature for text in texts for feature in text)
    words = sorted(feature for feature in counted if isinstance(feature, str))
    pairs = sorted(feature for feature in counted if not isinstance(feature, str))
    features: list[str | Pair] = [*words, *pairs]
    row = {feature: at for at, feature in enumerate(features)}
    weights = _fit(
        [np.array([row[feature] for feature in text], np.intp) for text in texts],
        [classes.index(one.of) for one in examples],
        [one.weight for one in examples],
        (len(row), len(classes)),
        np.random.default_rng(seed),
    )
    return Learnt(
        classes,
        words,
        np.array([(row[one], row[other]) for one, other in pairs], np.int64).reshape(-1, 2),
        np.array([counted[feature] for feature in features], np.float32),
        weights,
        digest_of(examples),
    )


def _features(text: str) -> Iterator[str | Pair]:
    """Words and pairs of neighbours, each once, as `Table.seen` finds them."""
    speech = said(text)
    forms = [heard(word) for word in speech.words]
    found: dict[str | Pair, None] = dict.fromkeys(forms)
    for at in range(1, len(forms)):
        if speech.sentences[at - 1] == speech.sentences[at]:
            found[forms[at - 1], forms[at]] = None
    yield from found


def _fit(
    texts: Sequence[NDArray[np.intp]],
    of: Sequence[int],
    counts: Sequence[float],
    shape: tuple[int, int],
    chance: np.random.Generator,
) -> NDArray[np.float32]:
    """Each text moves the weights of its rows towards its class (AdaGrad, one step a text)."""
    weights = np.zeros(shape, np.float32)
    changed = np.full(shape[0], BEGIN, np.float32)
    for _ in range(PASSES):
        for at in chance.permutation(len(texts)):
            rows = texts[at]
            if len(rows) > LEAST_KEPT:
                rows = rows[chance.random(len(rows)) >= LEFT_OUT]
            if not len(rows):
                continue
            part = len(rows) ** -0.5
            total = weights[rows].sum(axis=0) * part
            slope = np.exp(total - total.max())
            slope /= slope.sum()
            slope[of[at]] -= 1.0
            slope *= counts[at] * part
            changed[rows] += slope @ slope
            weights[rows] -= (RATE / np.sqrt(changed[rows]))[:, None] * slope
    return weights
