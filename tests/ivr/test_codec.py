"""What the journal stores can be read again, or is refused by name."""

import json
from typing import Any

import pytest

from ivr.codec import decode, encode
from ivr.errors import BadEntry
from ivr.steps import Digits, Done, HungUp, NoInput, Recorded, Result


@pytest.mark.parametrize(
    "result",
    [
        Digits("2"),
        Digits(""),
        Recorded("c-1", 2.5, 40_044, "ab" * 32, False),
        Recorded("c-1", 3.0, 0, "", False, "#", "RE" + "0" * 32),
        NoInput(),
        Done("482-173-905"),
        Done(),
        HungUp(),
    ],
)
def test_a_result_comes_back_as_it_was(result: Result) -> None:
    assert decode(json.loads(json.dumps(encode(result)))) == result


def test_a_recording_that_never_lay_elsewhere_says_nothing_of_it() -> None:
    assert "remote_id" not in encode(Recorded("c-1", 2.5, 40_044, "ab" * 32, False))


def test_a_stored_result_is_readable_by_people() -> None:
    assert encode(Digits("2")) == {"type": "digits", "value": "2"}


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"type": "telepathy"},
        {"type": None},
        {"type": "digits"},
        {"type": "digits", "value": "2", "more": 1},
        {"value": "2"},
        [],
        ["digits"],
        "digits",
        None,
    ],
)
def test_anything_else_is_refused(stored: Any) -> None:
    with pytest.raises(BadEntry):
        decode(stored)
