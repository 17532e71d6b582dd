"""A reference that was misheard or mistyped is no reference."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.reference import GROUP, LENGTH, new_reference, parse_reference, spoken_reference


def test_every_wrong_digit_and_every_swap_of_neighbours_is_caught() -> None:
    for _ in range(1000):
        reference = new_reference()
        for at in range(LENGTH):
            for digit in set("0123456789") - {reference[at]}:
                assert parse_reference(reference[:at] + digit + reference[at + 1 :]) is None
        for at in range(LENGTH - 1):
            left, right = reference[at], reference[at + 1]
            if left != right:
                swapped = reference[:at] + right + left + reference[at + 2 :]
                assert parse_reference(swapped) is None


def test_ten_thousand_references_are_nine_digits_that_check_and_do_not_repeat() -> None:
    references = [new_reference() for _ in range(10_000)]

    assert all(parse_reference(reference) == reference for reference in references)
    assert all(len(reference) == LENGTH and reference.isdigit() for reference in references)
    # Of 10^8 references ten thousand clash in about one pair in two runs; four pairs never.
    assert sum(n - 1 for n in Counter(references).values()) < 4


def test_the_next_reference_cannot_be_guessed_from_the_last() -> None:
    random.seed(7)
    first = new_reference()
    random.seed(7)

    assert new_reference() != first


@pytest.mark.parametrize("form", ["{0}{1}{2}", "{0}-{1}-{2}", "{0} {1} {2}", "{0}.{1}.{2}",
                                  " {0} - {1} - {2} "])  # fmt: skip
def test_a_reference_may_be_grouped_in_any_way(form: str) -> None:
    reference = new_reference()
    groups = [reference[at : at + GROUP] for at in range(0, LENGTH, GROUP)]

    assert parse_reference(form.format(*groups)) == reference


@pytest.mark.parametrize(
    "text", ["", "-", "12345678", "1234567890", "48217390a", "４８２１７３９０５", "²" * 9, "#"]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    assert parse_reference(text) is None


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    parse_reference(text)


def test_a_reference_is_said_in_groups_of_three() -> None:
    assert spoken_reference("482173905") == "482-173-905"
