"""Words that callers of this hotline are likely to say, in the forms that recognisers take."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from speech.bias import NO_BIAS, Bias
from speech.errors import BadVocabulary

# Whisper takes some 220 tokens of prompt and hotwords, two or three for a Vietnamese syllable.
PROMPT_SYLLABLES = 60
HOTWORD_SYLLABLES = 30
# Less is chance: on 50 sentences 0.02 is seven words, and on 4 hotwords once "won" by one word.
LEAST_GAIN = 0.03
LEAST_RECORDINGS = 30


@dataclass(frozen=True)
class Effect:
    """Word error rates over one folder of recordings: told nothing, and told each kind of bias."""

    recordings: int
    without: float
    with_prompt: float
    with_hotwords: float
    with_both: float

    @property
    def best(self) -> str:
        """`without`, `with_prompt`, `with_hotwords` or `with_both`: what to use after this.

        A bias must win by `LEAST_GAIN`, and over enough recordings; the smaller one does where
        two are equal.
        """
        if self.recordings < LEAST_RECORDINGS:
            return "without"
        errors = asdict(self)
        kinds = ("with_prompt", "with_hotwords", "with_both")
        kind = min(kinds, key=lambda name: errors[name])
        return kind if errors[kind] <= self.without - LEAST_GAIN else "without"


@dataclass(frozen=True)
class Vocabulary:
    """`places` is a phrase list, `words` are those that staff had to put in, the commonest first.

    `use` names the kind of bias that is in use: as `Effect.best` does.
    """

    places: tuple[str, ...]
    words: tuple[str, ...]
    prompt: str
    hotwords: str
    effect: Effect | None = None
    use: str = "without"

    @property
    def bias_in_use(self) -> Bias:
        return self.bias(self.use)

    def bias(self, kind: str) -> Bias:
        """The bias of a kind that `Effect` names."""
        return {
            "without": NO_BIAS,
            "with_prompt": Bias(prompt=self.prompt),
            "with_hotwords": Bias(hotwords=self.hotwords),
            "with_both": Bias(prompt=self.prompt, hotwords=self.hotwords),
        }[kind]

    def measured(self, effect: Effect, in_use: bool) -> "Vocabulary":
        """The vocabulary with what was found about it; in use only where it helped."""
        return replace(self, effect=effect, use=effect.best if in_use else "without")

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def vocabulary(places: Sequence[str], words: Sequence[str]) -> Vocabulary:
    """The vocabulary of these place names and of the words learnt from corrections.

    The prompt is places in a row, as a speaker might list them; hotwords are the learnt words,
    filled up with places.
    """
    names = tuple(dict.fromkeys(places))
    learnt = tuple(dict.fromkeys(words))
    return Vocabulary(
        places=names,
        words=learnt,
        prompt=", ".join(_first(names, PROMPT_SYLLABLES)) + "." if names else "",
        hotwords=" ".join(_first((*learnt, *names), HOTWORD_SYLLABLES)),
    )


def read_vocabulary(text: str) -> Vocabulary:
    """What `as_text` wrote.

    Raises:
        BadVocabulary: it is something else.
    """
    try:
        value: dict[str, Any] = json.loads(text)
        effect = value.pop("effect")
        read = Vocabulary(
            places=tuple(map(str, value.pop("places"))),
            words=tuple(map(str, value.pop("words"))),
            effect=Effect(**effect) if effect is not None else None,
            **value,
        )
        read.bias(read.use)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadVocabulary("expected a vocabulary as `hotline models vocabulary` writes it") from (
            error
        )
    return read


def _first(names: Sequence[str], syllables: int) -> list[str]:
    """As many whole names from the beginning as the allowance holds."""
    found, used = [], 0
    for name in names:
        used += len(name.split())
        if used > syllables:
            break
        found.append(name)
    return found
