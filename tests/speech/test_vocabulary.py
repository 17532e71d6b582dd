"""Words to expect: in the forms that engines take, and used only when they help."""

import json

import pytest

from speech.bias import NO_BIAS, Bias
from speech.errors import BadVocabulary
from speech.vocabulary import (
    HOTWORD_SYLLABLES,
    PROMPT_SYLLABLES,
    Effect,
    Vocabulary,
    read_vocabulary,
    vocabulary,
)

PLACES = ("Vĩnh Trạch", "Hiệp Thành", "Vĩnh Trạch")
MANY = tuple(f"Xã Số {number}" for number in range(200))


def an_effect(
    without: float = 0.5, prompt: float = 0.5, hotwords: float = 0.5, both: float = 0.5
) -> Effect:
    return Effect(50, without, prompt, hotwords, both)


def test_places_are_listed_once_and_learnt_words_come_first() -> None:
    found = vocabulary(PLACES, ("kênh", "xáng"))

    assert found.places == ("Vĩnh Trạch", "Hiệp Thành")
    assert found.prompt == "Vĩnh Trạch, Hiệp Thành."
    assert found.hotwords == "kênh xáng Vĩnh Trạch Hiệp Thành"


def test_prompt_and_hotwords_keep_within_what_the_model_takes() -> None:
    found = vocabulary(MANY, ())

    assert len(found.places) == 200
    assert len(found.prompt.split()) <= PROMPT_SYLLABLES
    assert len(found.hotwords.split()) <= HOTWORD_SYLLABLES


def test_without_words_there_is_nothing_to_tell() -> None:
    found = vocabulary((), ())

    assert (found.prompt, found.hotwords, found.bias("with_both")) == ("", "", NO_BIAS)


@pytest.mark.parametrize(
    ("effect", "best"),
    [
        (an_effect(), "without"),
        (an_effect(prompt=0.48), "without"),  # chance
        (an_effect(prompt=0.46), "with_prompt"),
        (an_effect(prompt=0.46, both=0.46), "with_prompt"),
        (an_effect(hotwords=0.45, both=0.46), "with_hotwords"),
        (an_effect(prompt=0.6, hotwords=0.6, both=0.4), "with_both"),
        (an_effect(prompt=0.7, hotwords=0.7, both=0.7), "without"),
    ],
)
def test_only_a_bias_that_clearly_helps_is_the_best(effect: Effect, best: str) -> None:
    assert effect.best == best


def test_a_few_recordings_prove_nothing() -> None:
    assert Effect(4, 0.533, 0.533, 0.3, 0.6).best == "without"


def test_a_new_vocabulary_is_not_in_use() -> None:
    assert vocabulary(PLACES, ()).bias_in_use == NO_BIAS


def test_what_was_measured_is_used_when_asked_for_and_better() -> None:
    made = vocabulary(PLACES, ("kênh",))

    assert made.measured(an_effect(prompt=0.4), in_use=False).bias_in_use == NO_BIAS
    assert made.measured(an_effect(prompt=0.6), in_use=True).bias_in_use == NO_BIAS
    assert made.measured(an_effect(prompt=0.4), in_use=True).bias_in_use == Bias(made.prompt)


@pytest.mark.parametrize("effect", [None, an_effect(hotwords=0.3)])
def test_a_vocabulary_survives_being_written(effect: Effect | None) -> None:
    made = vocabulary(PLACES, ("kênh",))
    if effect is not None:
        made = made.measured(effect, in_use=True)

    assert read_vocabulary(made.as_text()) == made


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '"x"', json.dumps({"places": [], "words": [], "effect": {"x": 1}})],
)
def test_something_else_is_not_taken_for_a_vocabulary(text: str) -> None:
    with pytest.raises(BadVocabulary):
        read_vocabulary(text)


def test_an_unknown_use_is_not_taken_for_none() -> None:
    made = Vocabulary((), (), "", "", use="with_force")

    with pytest.raises(BadVocabulary):
        read_vocabulary(made.as_text())
