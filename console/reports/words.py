"""The words of a recording one by one: where in the sound, how sure, and what they propose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from ivr.live_calls import DOUBTFUL
from understanding.fold import folded_words


@dataclass(frozen=True)
class Word:
    """`at_s` and `end_s` are where in the sound it is, None where nobody knows; `told` are the
    numbers of the proposals that it led to."""

    text: str
    doubtful: bool = False
    at_s: float | None = None
    end_s: float | None = None
    told: tuple[int, ...] = ()


def spoken_words(segments: Sequence[Mapping[str, Any]]) -> list[Word]:
    """What the recogniser heard. Engines that give no times for words give those of stretches."""
    return list(_spoken(segments))


def _spoken(segments: Sequence[Mapping[str, Any]]) -> Iterator[Word]:
    for segment in segments:
        parts = segment.get("words") or ()
        # Only where they are the stretch, word by word: else something would be left unsaid.
        if " ".join(str(part["text"]) for part in parts) != str(segment.get("text", "")).strip():
            parts = [{**segment, "text": word} for word in str(segment.get("text", "")).split()]
        for part in parts:
            yield Word(
                str(part["text"]),
                float(part.get("confidence", 1)) < DOUBTFUL,
                round(float(part.get("start_s", 0)), 2),
                round(float(part.get("end_s", 0)), 2),
            )


def corrected_words(spoken: Sequence[Word], text: str) -> list[Word]:
    """What a person made of the words; those that they left as they were keep their place."""
    words = [Word(each) for each in text.split()]
    old = [word.text for word in spoken]
    matcher = SequenceMatcher(None, old, [word.text for word in words], autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            words[block.b + step] = replace(spoken[block.a + step], doubtful=False)
    return words


def with_proposals(words: Sequence[Word], proposed: Sequence[str]) -> list[Word]:
    """The same, each with the numbers of the proposals (from 1) that were made from it.

    `proposed` are each one's words, parts of them between commas.
    """
    folded = [folded_words(word.text) for word in words]
    told: list[list[int]] = [[] for _ in words]
    for number, phrases in enumerate(proposed, start=1):
        for phrase in phrases.split(","):
            wanted = [folded_words(part) for part in phrase.split()]
            for at in _found(folded, wanted):
                for place in range(at, at + len(wanted)):
                    if number not in told[place]:
                        told[place].append(number)
    return [replace(word, told=tuple(told[at])) for at, word in enumerate(words)]


def _found(words: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    if not wanted or not all(wanted):
        return
    for at in range(len(words) - len(wanted) + 1):
        if list(words[at : at + len(wanted)]) == list(wanted):
            yield at
