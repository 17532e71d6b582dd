"""What callers heard in the walks of all flows: each prompt, and each question with its keys."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ivr.flow_check.states import Alike
from ivr.flow_check.walk import Moment, Walk
from ivr.session import Turn
from ivr.steps import Digits, Enqueue, Gather, Record, Say
from reports.models import ReportStatus

NOMATCH = "nomatch"
CHOICE_KEYS = "12345"
# Offered beside the question: a person, languages, danger, no recording; 6 takes danger back.
EXTRA_KEYS = "06789"
# Values of which one example was met; the others are said as well.
_AMOUNT = re.compile(r"@number_[0-9]+")
_STATUS = re.compile(r"@status_\w+")
AMOUNTS = tuple(f"@number_{amount}" for amount in range(100))
STATUSES = tuple(f"@status_{status}" for status in ReportStatus)

Values = tuple[tuple[str, str], ...]


@dataclass
class Question:
    """A turn that waits for keys: which it refused, and which led on."""

    turn: Turn
    where: str
    refused: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)


@dataclass
class Heard:
    """`prompts`: by key, and the language where it is not the call's own, the values met."""

    prompts: dict[tuple[str, str | None], set[Values]] = field(default_factory=dict)
    turns: dict[Hashable, Turn] = field(default_factory=dict)
    questions: dict[Hashable, Question] = field(default_factory=dict)

    def add(self, walk: Walk) -> None:
        kinds = Alike.by(walk.facts).kinds
        self.turns = walk.turns | self.turns
        for turn in walk.turns.values():
            for step in steps_of(turn):
                language = step.language if isinstance(step, Say) else None
                values = tuple(sorted(step.values.items()))
                met = self.prompts.setdefault((step.key, language), set())
                if values not in met:
                    met.update(_those_alike(values, kinds))
        for moment in walk.moments:
            self._ask(moment)

    def alike(self, keys: Iterable[str]) -> None:
        """Where one of these prompts was heard, all are: only the words differ."""
        alike = list(keys)
        met = next((self.prompts[key, None] for key in alike if (key, None) in self.prompts), None)
        if met is not None:
            self.prompts |= {(key, None): met for key in alike}

    @property
    def keys(self) -> frozenset[str]:
        """Every prompt that a caller may hear, those in values too."""
        keys = {key for key, _ in self.prompts}
        for all_values in self.prompts.values():
            keys |= {v[1:] for values in all_values for _, v in values if v.startswith("@")}
        return frozenset(keys)

    def _ask(self, moment: Moment) -> None:
        turn = moment.turn
        if not isinstance(turn.wait, Gather | Record | Enqueue) or not moment.edges:
            return
        heard = tuple((step.key, step.values.keys()) for step in steps_of(turn))
        said = tuple((key, tuple(names)) for key, names in heard)
        question = self.questions.setdefault((said, turn.wait.key), Question(turn, moment.name))
        match turn.wait:
            case Record(end_keys=keys) | Enqueue(leave_keys=keys):
                question.taken |= set(keys)
                question.refused = set(CHOICE_KEYS) - question.taken
        for edge in moment.edges:
            if isinstance(edge.answer, Digits):
                refused = any(say.key == NOMATCH for say in edge.turn.says)
                (question.refused if refused else question.taken).add(edge.answer.value)


def steps_of(turn: Turn) -> tuple[Say | Gather | Record, ...]:
    """What the caller hears in a turn, in order."""
    return (*turn.says, *([turn.wait] if isinstance(turn.wait, Gather | Record) else []))


def _those_alike(values: Values, kinds: Mapping[str, tuple[str, ...]]) -> Iterator[Values]:
    """`values`, and those with each of its codes, amounts and states replaced by its like."""
    yield values
    for index, (name, value) in enumerate(values):
        for other in _likes(value, kinds):
            yield (*values[:index], (name, other), *values[index + 1 :])


def _likes(value: str, kinds: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if _AMOUNT.fullmatch(value):
        return AMOUNTS
    if _STATUS.fullmatch(value):
        return STATUSES
    for codes in kinds.values():
        for code in codes:
            if value.startswith("@") and value.endswith(f"_{code}"):
                return tuple(value.removesuffix(code) + other for other in codes)
    return ()
