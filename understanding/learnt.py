"""What was learnt from examples: how far each word, and each pair of neighbours, tells of a class.

The score of a class is the sum of the weights of all words and pairs that were said. Words are
compared as southern ears hear them; in a text without accents by their letters, each of which
stands for the mean of the words that it may have been.
"""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from understanding.errors import BadLearnt
from understanding.fold import syllables
from understanding.lexicon import Said

LEVELS = 127  # a weight is kept in a byte
_PAIR = 1 << 20  # more words than any table holds
_KEPT = 16384  # said words whose forms are remembered

Weights = NDArray[np.float32]
Pairs = NDArray[np.int64]  # two columns: the words by their numbers
Span = tuple[int, int]  # words of a text: the first, and after the last


class Seen(NamedTuple):
    """What of a text is known: rows of the weights, and the words of each."""

    rows: list[int]
    spans: list[Span]


@dataclass(frozen=True)
class Table:
    """Rows of the weights by words, and by pairs of them (by `pair_of` their numbers)."""

    words: dict[str, int]
    pairs: dict[int, int]
    weights: Weights

    def seen(self, forms: Sequence[str], sentences: Sequence[int]) -> Seen:
        """The rows of a text's words and pairs, each once."""
        found: dict[int, Span] = {}
        words, pairs = self.words, self.pairs
        before = sentence = -1
        for at, form in enumerate(forms):
            number = words.get(form, -1)
            if number >= 0:
                if number not in found:
                    found[number] = (at, at + 1)
                if before >= 0 and sentences[at] == sentence:
                    row = pairs.get(before * _PAIR + number)
                    if row is not None and row not in found:
                        found[row] = (at - 1, at + 1)
            before, sentence = number, sentences[at]
        return Seen(list(found), list(found.values()))


class Learnt:
    """Weights for classes. Made once: keep it."""

    def __init__(
        self,
        classes: Sequence[str],
        words: Sequence[str],
        pairs: Pairs,
        counts: NDArray[np.float32],
        weights: Weights,
        digest: str = "",
    ) -> None:
        """`weights` has a row for each word, then for each pair; `counts`, how often they came.

        `digest` names the examples that this was learnt from.
        """
        self.classes, self.digest = tuple(classes), digest
        self._words, self._pairs, self._counts = tuple(words), pairs, counts
        self._accented = _table(words, pairs, weights)
        self._bare = _merged(words, pairs, counts, weights)

    def score(self, speech: Said) -> tuple[NDArray[np.float32], Seen, Weights]:
        """A probability for each class, and what of the text told of it with its weights."""
        table = self._bare if speech.bare else self._accented
        form = letters if speech.bare else heard
        seen = table.seen([form(word) for word in speech.words], speech.sentences)
        told = table.weights[seen.rows]
        return probabilities(told), seen, told

    def as_bytes(self) -> bytes:
        """For a file; weights keep about two digits."""
        weights = self._accented.weights
        most = max(float(np.abs(weights).max(initial=0.0)), 1e-9)
        file = io.BytesIO()
        np.savez_compressed(
            file,
            classes=np.array(self.classes),
            digest=np.array(self.digest),
            words=np.array("\n".join(self._words)),
            pairs=self._pairs.astype(np.int32),
            counts=np.minimum(self._counts, 65535).astype(np.uint16),
            levels=np.round(weights * (LEVELS / most)).astype(np.int8),
            most=np.float32(most),
        )
        return file.getvalue()


def read_learnt(content: bytes) -> Learnt:
    """What `Learnt.as_bytes` wrote.

    Raises:
        BadLearnt: it is something else, or damaged.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            words = str(file["words"]).split("\n")
            pairs = file["pairs"].astype(np.int64)
            weights = file["levels"].astype(np.float32) * (float(file["most"]) / LEVELS)
            counts = file["counts"].astype(np.float32)
            if len(words) + len(pairs) != len(weights) or len(counts) != len(weights):
                raise BadLearnt("learnt weights: expected a row for each word and pair")
            return Learnt(
                file["classes"].tolist(), words, pairs, counts, weights, str(file["digest"])
            )
    except (ValueError, KeyError, EOFError, OSError, IndexError, zipfile.BadZipFile) as error:
        raise BadLearnt(f"learnt weights: expected what was written, found {error}") from error


def probabilities(told: Weights) -> NDArray[np.float32]:
    """Of each class, from the weights of what was said; equal where nothing was known."""
    # The ufuncs themselves: the methods of arrays cost more than the sums.
    total = np.add.reduce(told, axis=0) * max(1, len(told)) ** -0.5
    likely = np.exp(total - np.maximum.reduce(total, initial=0.0))
    return np.asarray(likely / max(float(np.add.reduce(likely)), 1e-9), np.float32)


@lru_cache(maxsize=_KEPT)
def heard(word: str) -> str:
    """As southern ears hear it."""
    forms = syllables(word)
    return forms[0].heard if forms else word


@lru_cache(maxsize=_KEPT)
def letters(word: str) -> str:
    """That without accents."""
    return _letters_of(heard(word))


def _letters_of(form: str) -> str:
    plain = unicodedata.normalize("NFD", form).replace("đ", "d")
    return "".join(sign for sign in plain if sign.isalnum())


def _table(words: Sequence[str], pairs: Pairs, weights: Weights) -> Table:
    number = dict(zip(words, range(len(words)), strict=True))
    keys = (pairs[:, 0] * _PAIR + pairs[:, 1]).tolist()
    rows = dict(zip(keys, range(len(words), len(weights)), strict=True))
    return Table(number, rows, weights)


def _merged(
    words: Sequence[str], pairs: Pairs, counts: NDArray[np.float32], weights: Weights
) -> Table:
    """By letters: of words with the same ones the mean, the commoner counting more."""
    spelled: dict[str, int] = {}
    plain = np.array(
        [spelled.setdefault(_letters_of(word), len(spelled)) for word in words], np.int64
    )
    keys, row_of_pair = np.unique(
        plain[pairs[:, 0]] * _PAIR + plain[pairs[:, 1]], return_inverse=True
    )
    rows = np.concatenate([plain, len(spelled) + row_of_pair])
    weighted = weights * counts[:, None]
    total = np.maximum(np.bincount(rows, counts), 1.0)
    means = [np.bincount(rows, column) / total for column in weighted.T]
    merged = np.ascontiguousarray(np.array(means, np.float32).T)
    return _table(list(spelled), np.stack([keys // _PAIR, keys % _PAIR], axis=1), merged)


NOTHING_LEARNT = Learnt(
    (), (), np.zeros((0, 2), np.int64), np.zeros(0, np.float32), np.zeros((0, 0), np.float32)
)
