"""Journals are read by staff: secrets and numbers in them are not."""

from typing import Any

import pytest

from ivr.privacy import is_private, shown, wiped
from ivr.steps import Digits, NoInput, Result


@pytest.mark.parametrize(
    ("step", "private"),
    [
        ("Gather:enter_pin", True),
        ("Gather:other_number", True),
        ("Gather:enter_reference", False),
        ("Gather:category", False),
        ("Do:open_report", False),
        ("enter_pin", False),
    ],
)
def test_which_steps_are_private(step: str, private: bool) -> None:
    assert is_private(step) is private


@pytest.mark.parametrize(
    ("step", "result", "told"),
    [
        ("Gather:enter_pin", {"type": "digits", "value": "4711"}, "•••"),
        ("Gather:other_number", {"type": "digits", "value": "0912345678"}, "•••"),
        ("Gather:category", {"type": "digits", "value": "2"}, "2"),
        (
            "Do:file_report",
            {"type": "done", "value": {"reference": "482-173-908", "pin": "4711"}},
            {"reference": "482-173-908", "pin": "•••"},
        ),
        ("Do:find_report", {"type": "done", "value": ["x"]}, ["x"]),
    ],
)
def test_a_result_is_shown_without_what_is_private(
    step: str, result: dict[str, Any], told: object
) -> None:
    assert shown(step, result) == result | {"value": told}
    assert shown(step, {"type": "no_input"}) == {"type": "no_input"}


@pytest.mark.parametrize(
    ("result", "left"),
    [
        (Digits("0912345678"), "0000000000"),
        (Digits("9123"), "9000"),
        (Digits(""), None),
        (NoInput(), None),
    ],
)
def test_wiped_digits_keep_their_length_and_first_digit_only(
    result: Result, left: str | None
) -> None:
    stored = wiped(result)

    assert (stored and stored["value"]) == left
