"""The tests' own tool: what it says about a transcript that does not fit."""

import pytest

from ivr.call_script import CallScript
from ivr.facts import CallFacts
from ivr.session import Entry
from ivr.steps import Digits, QueueSeen, Recorded
from tests.ivr.golden import comparable, hold

FACTS = CallFacts(menu={"1": "road"}, number_known=True)
WORDING = {"vi": {"greeting": "Xin chào."}}


def _hold(*told: str) -> str:
    return hold(CallScript(("A title",), told), FACTS, WORDING).text


def test_a_script_that_ends_too_early_shows_the_call_so_far_and_what_was_expected() -> None:
    with pytest.raises(AssertionError) as told:
        _hold("caller presses 1")

    assert "the script ends; expected keys" in str(told.value)
    assert "hotline  Xin chào.\n" in str(told.value)
    assert "caller presses 1\n" in str(told.value)


def test_an_answer_that_does_not_fit_is_told_with_the_step() -> None:
    with pytest.raises(AssertionError, match="at Gather:main_menu expected keys"):
        _hold("words found")


def test_answers_after_the_end_are_told() -> None:
    with pytest.raises(AssertionError, match="the call is over, but the script goes on"):
        _hold("caller hangs up", "caller presses 1")


def test_keys_typed_ahead_answer_the_next_question_and_are_shown() -> None:
    text = _hold("caller   presses 11", "caller   hangs up")

    assert "         (typed ahead: 1)\n" in text


def test_a_prompt_without_wording_stands_in_brackets() -> None:
    assert "hotline  [main_choices]" in _hold("caller hangs up")


def test_journals_are_compared_by_all_but_the_calls_id_and_the_bytes() -> None:
    def journal(name: str, length_s: float = 5.0, key: str = "") -> list[Entry]:
        spoken = Recorded(name, length_s, len(name), "0" * 64, silent=False, key=key)
        return [Entry("Record:statement", spoken), Entry("LookAtQueue:q", QueueSeen(1, 2, 90))]

    assert comparable(journal("a-3")) == comparable(journal("call-3"))
    assert comparable(journal("a-3")) != comparable(journal("a-4"))
    assert comparable(journal("a-3")) != comparable(journal("a-3", length_s=6.0))
    assert comparable(journal("a-3")) != comparable(journal("a-3", key="0"))
    one, two = (comparable([Entry("Gather:a", Digits(key))]) for key in "12")
    assert one != two
