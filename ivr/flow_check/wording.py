"""The rules for words: what each prompt and each turn may ask of a caller's ear and memory."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ivr.errors import MissingPrompts
from ivr.flow_check.heard import CHOICE_KEYS, EXTRA_KEYS, Heard, Question, Values, steps_of
from ivr.flow_check.limits import MOST_CHOICES, MOST_SOUND_S, MOST_WORDS, MOST_WORDS_A_TURN
from ivr.prompts import Prompts
from ivr.session import Turn
from ivr.spoken import Wording, spoken
from ivr.steps import Manner, step_name
from ivr.voices import Voices

# "For X, press N", never "press N for X": who hears the key first has forgotten it by the end.
_KEY_FIRST = re.compile(r"(?:^|[.!?]\s+)(?:bấm|nhấn|press)\b.*\b(?:để|for|to)\b", re.IGNORECASE)
_DIGITS = (
    ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"],
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
)
_KEYS = {word: str(key) for words in _DIGITS for key, word in enumerate(words)}
_NAMES = "|".join([*_KEYS, "[0-9]"])
# "Press nine digits" and "press a key" offer nothing.
_OFFER = re.compile(
    rf"\b(?:bấm|nhấn|press)(?:\s+phím)?\s+({_NAMES})\b(?!\s+(?:chữ số|số|phím|digit|key))",
    re.IGNORECASE,
)
# "Press from one, not at all, to five, wholly."
_RANGE = re.compile(
    rf"\b(?:bấm từ|press from)\s+({_NAMES})\b[^.]*?\b(?:đến|to)\s+({_NAMES})\b", re.IGNORECASE
)
# What something else than a flow says.
SPOKEN_OUTSIDE = frozenset(
    {
        "apology",
        "call_too_long",
        "cannot_record",
        "please_wait",
        "technical_problem",
        "last_resort",
        "last_resort_thanks",
        "last_resort_no_recording",
    }
)
# Prompts that exist for every value there is, said or not.
_FOR_VALUES = re.compile(r"(?:digit|number|unit|old_unit|status|kind|agency)_\w+")
_OLD_UNIT = "@old_unit_"


def broken_words(
    heard: Heard, voices: Voices, wording: Wording, lengths_s: Mapping[str, Mapping[str, float]]
) -> Iterator[str]:
    """What is wrong with the words of `heard`, in every language that `voices` speak.

    `lengths_s`: language → sound → how long it was measured to be, where it is made already.
    """
    for language in voices.languages:
        texts = wording.get(language, {})
        problems = [
            *_prompts(heard, voices, language, texts, lengths_s.get(language, {})),
            *_questions(heard.questions.values(), language, wording),
            *_long_turns(heard.turns.values(), language, wording),
            *(
                f"{key}: no flow says it"
                for key in sorted(texts.keys() - heard.keys - SPOKEN_OUTSIDE)
                if not _FOR_VALUES.fullmatch(key)
            ),
        ]
        yield from (f"{language}: {problem}" for problem in dict.fromkeys(problems))


def _prompts(
    heard: Heard,
    voices: Voices,
    language: str,
    texts: Mapping[str, str],
    lengths_s: Mapping[str, float],
) -> Iterator[str]:
    ordinary = voices[language, False]
    for (key, own_language), all_values in sorted(heard.prompts.items(), key=str):
        if own_language not in (None, language):
            continue
        if key not in texts:
            yield f"{key}: no wording"
            continue
        if (count := len(texts[key].split())) > MOST_WORDS:
            yield f"{key}: expected at most {MOST_WORDS} words, found {count}"
        if _KEY_FIRST.search(texts[key]):
            yield f"{key}: say what for first, then which key"
        lacking = [*_placeholders(key, all_values, ordinary)]
        yield from lacking
        if lacking:
            continue
        yield from _voiced(key, all_values, voices, language, texts)
        if lengths_s:
            longest_s = max(_length_s(key, values, ordinary, lengths_s) for values in all_values)
            if longest_s > MOST_SOUND_S:
                yield f"{key}: expected at most {MOST_SOUND_S:g} s, found {longest_s:.1f} s"


def _placeholders(key: str, all_values: Iterable[Values], prompts: Prompts) -> Iterator[str]:
    wanted = prompts.placeholders(key)
    for given in sorted({tuple(name for name, _ in values) for values in all_values}):
        if missing := wanted - set(given):
            yield f"{key}: the flow gives no {', '.join(sorted(missing))}"
        if unused := set(given) - wanted:
            yield f"{key}: the wording leaves out {', '.join(sorted(unused))}"


def _voiced(
    key: str, all_values: Iterable[Values], voices: Voices, language: str, texts: Mapping[str, str]
) -> Iterator[str]:
    """Whether each value can be put together of sounds, at both paces; one example of each lack."""
    for slow in (False, True):
        for values in sorted(all_values):
            try:
                voices[language, slow].sounds(key, _sayable(values, texts))
            except MissingPrompts as error:
                yield f"{key}: {error}"
                break


def _sayable(values: Values, texts: Mapping[str, str]) -> dict[str, str]:
    """The units of former days are not those of the facts: any of them stands for the others."""
    former = next((f"@{key}" for key in texts if f"@{key}".startswith(_OLD_UNIT)), None)
    return {
        name: former if former and value.startswith(_OLD_UNIT) else value for name, value in values
    }


def _length_s(key: str, values: Values, prompts: Prompts, lengths_s: Mapping[str, float]) -> float:
    try:
        sounds = prompts.sounds(key, dict(values))
    except MissingPrompts:
        return 0.0
    return sum(lengths_s.get(Path(sound).name, 0.0) for sound in sounds)


def _questions(questions: Iterable[Question], language: str, wording: Wording) -> Iterator[str]:
    known: set[tuple[str, str]] = set()
    for question in questions:
        for problem in _question(question, language, wording):
            if (cause := (step_name(question.turn.wait), problem)) not in known:
                known.add(cause)
                yield f"{question.where}: {problem}"


def _long_turns(turns: Iterable[Turn], language: str, wording: Wording) -> Iterator[str]:
    longest: dict[str, int] = {}
    for turn in turns:
        words = sum(len(sentence.split()) for sentence in _sentences(turn, language, wording))
        longest[step_name(turn.wait)] = max(words, longest.get(step_name(turn.wait), 0))
    for question, words in longest.items():
        if words > MOST_WORDS_A_TURN:
            expected = f"expected at most {MOST_WORDS_A_TURN} words before an answer"
            yield f"{question}: {expected}, found {words}"


def _sentences(turn: Turn, language: str, wording: Wording) -> list[str]:
    """What is said in a turn in that language, without what is said in one of its own."""
    sentences = spoken(replace(turn, manner=Manner(language)), wording)
    return [
        sentence
        for step, sentence in zip(steps_of(turn), sentences, strict=True)
        if getattr(step, "language", None) in (None, language)
    ]


def _question(question: Question, language: str, wording: Wording) -> Iterator[str]:
    """What is wrong with the choices that are offered before this wait."""
    own = _sentences(question.turn, language, wording)
    offered = [key for sentence in own for key in offers(sentence)]
    choices = [key for key in offered if key in CHOICE_KEYS]
    if len(offered) - len(set(offered) & set(EXTRA_KEYS)) > MOST_CHOICES:
        yield f"expected at most {MOST_CHOICES} choices, found {', '.join(offered)}"
    if choices != list(CHOICE_KEYS[: len(choices)]):
        yield f"expected keys in order from 1, found {', '.join(choices)}"
    if dead := sorted(set(offered) & question.refused):
        yield f"offers {', '.join(dead)} and does not take it"
    if question.refused and (hidden := (question.taken & set(CHOICE_KEYS)) - set(offered)):
        yield f"takes {', '.join(sorted(hidden))} and does not offer it"


def offers(sentence: str) -> list[str]:
    """The keys that a sentence offers, in spoken order."""
    found: list[str] = []
    for range_ in _RANGE.finditer(sentence):
        first, last = (_key(name) for name in range_.groups())
        found.extend(str(key) for key in range(int(first), int(last) + 1))
    return found or [_key(name) for name in _OFFER.findall(sentence)]


def _key(name: str) -> str:
    return _KEYS.get(name.lower(), name)
