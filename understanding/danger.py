"""Whether words tell of danger, and of which one: learnt from what callers say, and do not mean.

Examples of both teach it that "không cháy", "hồi năm ngoái cháy" and "cháy túi" are none. A missed
danger costs more than a false alarm, so it need not be likelier than not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understanding.learnt import Learnt, Seen
from understanding.lexicon import Said, said

QUIET, DANGER = "quiet", "danger"
# Where found dangers and false alarms balance: the curve is in docs/understanding.md.
ALARM = 0.4
ALARM_BARE = 0.5


@dataclass(frozen=True)
class DangerFound:
    """A danger, and the words of the text that told of it."""

    danger: str
    words: str


@dataclass(frozen=True)
class Dangers:
    """What was learnt of dangers. Made once: keep it.

    `accented` and `bare` tell `DANGER` from `QUIET`. A text without accents has lost so much that
    what it still tells was learnt by itself. `which` tells dangers from each other.
    """

    accented: Learnt
    bare: Learnt
    which: Learnt


def find_danger(text: str | Said, known: Dangers) -> DangerFound | None:
    """The likeliest danger that `text` tells of; None where none is likely enough."""
    speech = said(text) if isinstance(text, str) else text
    learnt = known.bare if speech.bare else known.accented
    if DANGER not in learnt.classes or not speech.words:
        return None
    alarm = ALARM_BARE if speech.bare else ALARM
    danger = learnt.classes.index(DANGER)
    for part in _parts(speech):
        scores, seen, told = learnt.score(part)
        if not seen.rows or float(scores[danger]) < alarm:
            continue
        words = _telling(part, seen, (told[:, danger] - told[:, 1 - danger]).tolist())
        which, _, _ = known.which.score(part)
        return DangerFound(known.which.classes[int(which.argmax())], words) if words else None
    return None


def danger_likelihood(text: str, known: Dangers) -> float:
    """How likely `text` tells of some danger, 0 to 1; for measuring."""
    speech = said(text)
    learnt = known.bare if speech.bare else known.accented
    danger = learnt.classes.index(DANGER)
    return max(float(learnt.score(part)[0][danger]) for part in _parts(speech))


def _parts(speech: Said) -> Iterator[Said]:
    """All of it, then its sentences: what is told in one is not lost among the others."""
    yield speech
    if not speech.words or speech.sentences[0] == speech.sentences[-1]:
        return
    for sentence in dict.fromkeys(speech.sentences):
        begin = speech.sentences.index(sentence)
        after = begin + speech.sentences.count(sentence)
        yield Said(
            speech.words[begin:after],
            speech.clauses[begin:after],
            speech.sentences[begin:after],
            speech.bare,
        )


def _telling(speech: Said, seen: Seen, weights: Sequence[float]) -> str:
    """The stretch of one sentence that tells most; empty where nothing tells of danger."""
    worth = [0.0] * len(speech.words)
    for (begin, end), weight in zip(seen.spans, weights, strict=True):
        for at in range(begin, end):
            worth[at] += weight / (end - begin)
    most, first, after = 0.0, 0, 0
    total, begin, sentence = 0.0, 0, -1
    for at, value in enumerate(worth):
        if total <= 0.0 or speech.sentences[at] != sentence:
            total, begin, sentence = 0.0, at, speech.sentences[at]
        total += value
        if total > most:
            most, first, after = total, begin, at + 1
    return speech.between(first, after)
