"""All flows, for all their cases, against all rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.facts import CallFacts
from ivr.flow_check.cases import cases_of
from ivr.flow_check.heard import Heard
from ivr.flow_check.rules import broken_rules
from ivr.flow_check.walk import FlowFunction, Walker
from ivr.flow_check.wording import broken_words
from ivr.spoken import Wording
from ivr.voices import Voices
from provinces.spoken_names import QUESTION


@dataclass(frozen=True)
class FlowChecked:
    """What was walked of a flow, and what it breaks; each problem once, in the first case."""

    name: str
    version: int
    cases: int
    moments: int
    answers: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """The flows, and what is wrong with the words that were heard in them."""

    flows: tuple[FlowChecked, ...]
    prompts: int
    words: tuple[str, ...]

    @property
    def problems(self) -> int:
        return len(self.words) + sum(len(flow.problems) for flow in self.flows)


def check(
    flows: Mapping[tuple[str, int], FlowFunction],
    usual: CallFacts,
    voices: Voices,
    wording: Wording,
    lengths_s: Mapping[str, Mapping[str, float]],
) -> Checked:
    """Walk every flow; `usual`: the facts of a call that has nothing special.

    `lengths_s`: language → sound → how long it was measured to be, where it is made already.
    """
    walker, heard = Walker(), Heard()
    questions = sorted(
        {key for texts in wording.values() for key in texts if key.startswith(QUESTION)}
    )
    checked = tuple(
        _check_flow(name, version, flow, cases_of(name, usual, questions), walker, heard)
        for (name, version), flow in flows.items()
    )
    heard.alike(questions)
    words = tuple(broken_words(heard, voices, wording, lengths_s))
    return Checked(checked, len(heard.keys), words)


def _check_flow(
    name: str,
    version: int,
    flow: FlowFunction,
    cases: Mapping[str, CallFacts],
    walker: Walker,
    heard: Heard,
) -> FlowChecked:
    problems: dict[str, str] = {}
    moments = answers = 0
    for case, facts in cases.items():
        walk = walker.walk(flow, facts, (name, version, case))
        heard.add(walk)
        moments += len(walk.moments)
        answers += walk.answers
        for where, problem in broken_rules(walk):
            # The same defect met in another case is no news.
            cause = f"{where.partition(' after ')[0]}: {problem}"
            problems.setdefault(cause, f"{case}: {where}: {problem}")
    return FlowChecked(name, version, len(cases), moments, answers, tuple(problems.values()))
