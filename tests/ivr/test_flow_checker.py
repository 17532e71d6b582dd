"""The flow checker finds each kind of mistake, and ours make none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.commands.check_flows import check_flows
from ivr.facts import CallFacts
from ivr.flow_check.heard import Heard
from ivr.flow_check.report import check
from ivr.flow_check.rules import RULES, broken_rules
from ivr.flow_check.walk import Walk, Walker
from ivr.flow_check.wording import broken_words, offers
from ivr.prompts import Prompts
from ivr.steps import Flow
from ivr.voices import Voices
from tests.ivr.flows_that_break import by_conduct, by_words
from tests.ivr.flows_that_break.by_words import Words

FACTS = CallFacts()


def _walk(flow: Callable[[CallFacts], Flow[None]]) -> Walk:
    return Walker().walk(flow, FACTS)


def _problems(flow: Callable[[CallFacts], Flow[None]]) -> list[str]:
    return [f"{where}: {what}" for where, what in broken_rules(_walk(flow))]


def _of_words(words: Words, lengths_s: dict[str, float] | None = None) -> list[str]:
    heard = Heard()
    heard.add(_walk(words.flow))
    prompts = Prompts(words.wording, "vi", Path("sounds"))
    voices = Voices({("vi", False): prompts})
    found = broken_words(heard, voices, {"vi": words.wording}, {"vi": lengths_s or {}})
    return [problem for problem in found if "queue_next" not in problem]


def test_a_sound_flow_keeps_all_rules() -> None:
    assert _problems(by_conduct.sound) == []


@pytest.mark.parametrize("flow", by_conduct.BREAKS, ids=lambda flow: flow.__name__)
def test_a_flow_that_breaks_a_rule_is_named_with_it(
    flow: Callable[[CallFacts], Flow[None]],
) -> None:
    problems = _problems(flow)

    assert any(by_conduct.BREAKS[flow] in problem for problem in problems), problems


def test_good_words_keep_all_rules() -> None:
    assert _of_words(Words("", {})) == []


@pytest.mark.parametrize("name", by_words.BREAKS)
def test_words_that_break_a_rule_are_named_with_it(name: str) -> None:
    words = by_words.BREAKS[name]

    problems = _of_words(words)

    assert any(words.says in problem for problem in problems), problems


def test_a_sound_of_more_than_nine_seconds_is_too_long() -> None:
    problems = _of_words(Words("", {}), {"question": 9.4})

    assert problems == ["vi: question: expected at most 9 s, found 9.4 s"]


def test_a_problem_tells_the_keys_that_lead_to_it() -> None:
    where, _ = next(
        (where, what)
        for where, what in broken_rules(_walk(by_conduct.records_who_declined))
        if "declined" in what
    )

    assert where == "Record:statement after 1"


def test_every_rule_is_broken_by_some_flow() -> None:
    broken = {
        rule
        for flow in by_conduct.BREAKS
        for walk in [_walk(flow)]
        for rule in RULES
        if any(problem for moment in walk.moments for problem in rule(moment, walk))
    }

    assert broken == set(RULES)


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Để gửi, bấm phím một. Để hủy, bấm hai.", ["1", "2"]),
        ("To send, press one. To cancel, press two.", ["1", "2"]),
        ("Gặp người trực, bấm phím không.", ["0"]),
        ("Xin bấm chín số của mã phản ánh.", []),
        ("Xin bấm một phím. Nói xong, bấm phím thăng.", []),
        ("Xin bấm từ một, chưa xong, đến năm, xong hẳn.", ["1", "2", "3", "4", "5"]),
    ],
)
def test_the_keys_that_a_sentence_offers_are_read(sentence: str, keys: list[str]) -> None:
    assert offers(sentence) == keys


def test_the_same_defect_is_told_once_for_all_kinds_of_calls() -> None:
    voices = Voices({("vi", False): Prompts(by_words.GOOD, "vi", Path("sounds"))})
    flows = {("incoming", 1): by_conduct.asks_once}

    checked = check(flows, FACTS, voices, {"vi": by_words.GOOD}, {})

    asked = [problem for problem in checked.flows[0].problems if "asked again" in problem]
    assert asked == ["usual: Gather:confirm: whoever presses a wrong key is not asked again"]


@pytest.mark.slow
def test_our_flows_keep_all_rules() -> None:
    result = CliRunner().invoke(check_flows, ["--json"])

    assert result.exit_code == 0, result.output
