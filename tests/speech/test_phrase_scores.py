"""From ratings of phrases to an answer, or to none."""

import pytest

from speech.phrase_scores import PhraseScore, answer_of
from speech.streaming import NOTHING, Final, HeardWord


def rated(**ratings: float) -> list[PhraseScore]:
    return [
        PhraseScore(text.replace("_", " "), rating, (HeardWord(text, 0.1, 0.5, 0.0),))
        for text, rating in ratings.items()
    ]


def test_the_best_phrase_is_the_answer_and_its_words_bear_its_confidence() -> None:
    found = answer_of(rated(sai=-0.8, đúng=2.0))

    assert found == Final(
        "đúng", found.confidence, (HeardWord("đúng", 0.1, 0.5, found.confidence),)
    )
    assert found.confidence > 0.9


def test_the_closer_the_next_the_smaller_the_confidence() -> None:
    found = [answer_of(rated(đúng=1.0, sai=1.0 - by)).confidence for by in (0.1, 0.8, 3.0)]

    assert found == sorted(found)
    assert found[0] < 0.7 < found[2] < 1


def test_the_lower_the_rating_the_smaller_the_confidence() -> None:
    found = [answer_of(rated(đúng=rating, sai=-2.0)).confidence for rating in (0.1, 0.5, 1.5)]

    assert found == sorted(found)


def test_between_phrases_that_only_go_on_there_is_no_doubt() -> None:
    assert answer_of(rated(đúng=1.0, đúng_rồi=0.99)) == answer_of(rated(đúng=1.0))
    assert answer_of(rated(phải=1.0, không_phải=0.99)).confidence < 0.7


def test_between_phrases_of_one_meaning_there_is_no_doubt() -> None:
    scores = rated(không_phải=1.0, hông_phải=0.99, phải=-1.0)

    assert answer_of(scores).confidence < 0.7
    assert answer_of(scores, ("2", "2", "1")).confidence > 0.8


def test_ratings_at_chance_are_no_answer() -> None:
    assert answer_of(rated(đúng=-0.3, sai=-0.9)) == NOTHING
    assert answer_of(rated(đúng=-0.9)) == NOTHING


def test_far_ratings_do_not_overflow() -> None:
    assert answer_of(rated(đúng=1e6, sai=-1e6)).confidence == pytest.approx(1.0)
    assert answer_of(rated(đúng=-1e6, sai=-1e7)) == NOTHING
