"""Weights learnt from examples: the same ones each time, and the same ones from a file."""

import numpy as np
import pytest

from understanding.errors import BadLearnt
from understanding.learning import Example, digest_of, learn
from understanding.learnt import Learnt, read_learnt
from understanding.lexicon import said

EXAMPLES = [
    *(Example(text, "waste") for text in ("rác trước nhà", "đống rác thúi", "hốt rác giùm")),
    *(Example(text, "road") for text in ("đường hư", "ổ gà trước nhà", "mặt đường lủng lỗ")),
]


def likeliest(learnt: Learnt, text: str) -> str:
    return learnt.classes[int(learnt.score(said(text))[0].argmax())]


def test_what_was_learnt_is_told_again() -> None:
    learnt = learn(EXAMPLES)

    assert [likeliest(learnt, one.said) for one in EXAMPLES] == [one.of for one in EXAMPLES]


def test_the_same_examples_give_the_same_bytes() -> None:
    assert learn(EXAMPLES).as_bytes() == learn(EXAMPLES).as_bytes()


def test_a_text_without_accents_is_read_by_its_letters() -> None:
    learnt = learn(EXAMPLES)

    assert likeliest(learnt, "dong rac") == "waste"
    assert likeliest(learnt, "mat duong lung lo") == "road"


def test_pairs_do_not_reach_over_the_end_of_a_sentence() -> None:
    learnt = learn(EXAMPLES)

    one, two = learnt.score(said("đống rác"))[1], learnt.score(said("đống. rác"))[1]

    assert one.spans == [(0, 1), (1, 2), (0, 2)]
    assert two.spans == [(0, 1), (1, 2)]


def test_an_example_of_more_weight_bears_more() -> None:
    told = [Example("rác", "waste", 1.0), Example("rác", "road", 0.2)]

    assert likeliest(learn(told), "rác") == "waste"


def test_a_file_keeps_weights_to_about_two_digits() -> None:
    learnt = learn(EXAMPLES)
    again = read_learnt(learnt.as_bytes())

    assert again.classes == learnt.classes
    assert again.digest == learnt.digest == digest_of(EXAMPLES)
    for text in ("đống rác", "dong rac", "đường trước nhà"):
        first, second = learnt.score(said(text))[0], again.score(said(text))[0]
        assert np.allclose(first, second, atol=0.02)


@pytest.mark.parametrize("content", [b"", b"nonsense", learn(EXAMPLES).as_bytes()[:300]])
def test_a_damaged_file_is_named(content: bytes) -> None:
    with pytest.raises(BadLearnt, match="learnt weights"):
        read_learnt(content)
