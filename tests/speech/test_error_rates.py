"""Error rates are those that everybody else computes."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.error_rates import edits, error_rates, plain

WORDS = st.lists(st.sampled_from(["một", "hai", "ba", "đường", "ngập"]), max_size=8)


@pytest.mark.slow
@given(st.lists(st.tuples(WORDS.filter(bool), WORDS), min_size=1, max_size=4))
def test_rates_agree_with_a_library_of_their_own(pairs: list[tuple[list[str], list[str]]]) -> None:
    said = [" ".join(words) for words, _ in pairs]
    heard = [" ".join(words) for _, words in pairs]

    found = error_rates(said, heard)

    assert found.word_error_rate == pytest.approx(jiwer.wer(said, heard))
    assert found.character_error_rate == pytest.approx(jiwer.cer(said, heard))


def test_case_punctuation_and_the_way_letters_are_composed_do_not_count() -> None:
    assert plain("  Đường, NGẬP! (nước)_") == "đường ngập nước"
    assert error_rates(["Ngập."], ["nga\u0302\u0323p"]).word_error_rate == 0


def test_nothing_said_is_no_error_unless_something_was_heard() -> None:
    assert error_rates([], []).word_error_rate == 0
    assert error_rates([""], ["hai từ"]).word_error_rate == 2


def test_each_said_text_needs_its_heard_one() -> None:
    with pytest.raises(ValueError):
        error_rates(["một"], [])


def test_edits_count_changes_additions_and_omissions() -> None:
    assert edits("abc", "abc") == 0
    assert edits("abc", "axcd") == 2
    assert edits([], ["a", "b"]) == 2
