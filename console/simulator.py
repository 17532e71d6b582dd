"""The simulator's page: a call in the browser, one answer a click, no script needed.

The server keeps nothing of it: the form carries all answers so far, and the call is held again
from its beginning each time. So a reload repeats it, and "back" takes an answer back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from ivr.answers import write_answer
from ivr.call_script import read_facts, write_command
from ivr.drivers.simulator import Noted, Shown
from ivr.errors import BadAnswer
from ivr.spoken import Prompt
from ivr.steps import Done

MOST_ANSWERS = 80
LONGEST_FIELD = 200
MOMENT = "%Y-%m-%dT%H:%M"  # as a browser's datetime field writes it
DEFAULT_NUMBER = "0912345678"

CODES = ("reference", "pin")

# What is offered at each kind of step, besides hanging up; the words are `sim_<key>`.
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
OFFERS: Mapping[str, Sequence[tuple[str, str]]] = {
    "Gather": (("silence", "says nothing"),),
    "Record": (
        ("speaks", "speaks 10 s"),
        ("speaks_key", "speaks 10 s and presses #"),
        ("silence", "says nothing"),
    ),
    "Hear": (("words_found", "words found"), ("no_words", "no words")),
    "LookAtQueue": (
        ("queue_short", "queue 0 waiting, 2 agents, 0 min"),
        ("queue_long", "queue 3 waiting, 2 agents, 4 min"),
        ("queue_nobody", "queue nobody on duty"),
    ),
    "Enqueue": (
        ("agent", "agent answers after 20 s"),
        ("queue_timeout", "queue times out"),
        ("queue_unavailable", "queue unavailable"),
        ("queue_key_1", "presses 1 after 20 s"),
        ("queue_key_2", "presses 2 after 20 s"),
    ),
    "Dial": (
        ("dial_answered", "dial answered 60 s"),
        ("dial_busy", "dial busy"),
        ("dial_no_answer", "dial no answer"),
    ),
}


@dataclass(frozen=True)
class SimulatedCall:
    """A call to hold: `begins_at` None is now; `unusual` are fields of the call's facts."""

    number: str | None = DEFAULT_NUMBER
    begins_at: datetime | None = None
    unusual: Mapping[str, Any] = field(default_factory=dict)
    answers: Sequence[str] = ()


@dataclass(frozen=True)
class Simulated:
    """Each answer (None: the call's arrival) with what it led to, up to one that did not fit.

    `codes` are the `reference` and `pin` that were given last.
    """

    turns: Sequence[tuple[str | None, Shown]]
    problem: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)


Simulate = Callable[[SimulatedCall], Simulated]


@dataclass(frozen=True)
class SimulatorForm:
    """What the page's form holds, as it was typed."""

    number: str = DEFAULT_NUMBER
    withheld: bool = False
    moment: str = ""
    facts: str = ""
    answers: tuple[str, ...] = ()
    drafts: bool = False  # recordings that are not published yet are heard too
    aloud: bool = False  # what follows an answer is played at once

    def call(self, timezone: ZoneInfo) -> SimulatedCall:
        """Raises: BadAnswer: a field cannot be read."""
        return SimulatedCall(
            number=None if self.withheld else self.number,
            begins_at=_moment(self.moment, timezone) if self.moment else None,
            unusual=read_facts(self.facts) if self.facts else {},
            answers=self.answers,
        )


def read_form(sent: MultiDict[str, str]) -> SimulatorForm:
    """The form with the answer that was just given, or with the last one taken back.

    What is typed counts before any button: "enter" in the field presses the page's first one.
    Codes are drawn anew when the call is held again: one that was heard is taken by its name.

    Raises:
        BadAnswer: it is longer than any call.
    """
    answers = [line for line in sent.get("answers", "").splitlines() if line]
    if "back" in sent:
        answers = answers[:-1]
    elif answer := " ".join((sent.get("typed") or sent.get("answer", "")).split()):
        code = next((name for name in CODES if sent.get(name) == answer.strip("#")), None)
        answers.append(f"presses {code}" if code else answer)
    given = [sent.get(name, "") for name in ("number", "moment", "facts")]
    if len(answers) > MOST_ANSWERS:
        raise BadAnswer(f"expected at most {MOST_ANSWERS} answers, found {len(answers)}")
    if any(len(text) > LONGEST_FIELD for text in (*answers, *given)):
        raise BadAnswer(f"expected at most {LONGEST_FIELD} characters, found more")
    number, moment, facts = given
    return SimulatorForm(
        number,
        "withheld" in sent,
        moment,
        facts,
        tuple(answers),
        drafts="drafts" in sent,
        aloud="aloud" in sent,
    )


@dataclass(frozen=True)
class TurnRow:
    """One answer and what followed, in lines."""

    answer: str | None
    journal: Sequence[str]
    effects: Sequence[str]
    says: Sequence[str]
    happening: str | None
    language: str
    prompts: Sequence[Prompt] = ()
    slow: bool = False


def rows(simulated: Simulated) -> list[TurnRow]:
    return [
        TurnRow(
            answer,
            [_journal_line(noted) for noted in shown.noted],
            [_effect_line(effect.how, effect.what, effect.fields) for effect in shown.effects],
            shown.says,
            shown.happening,
            shown.language,
            shown.prompts,
            shown.slow,
        )
        for answer, shown in simulated.turns
    ]


def offers(simulated: Simulated) -> Sequence[tuple[str, str]] | None:
    """(wording key, answer) of what can happen now; None once the call is over."""
    if not simulated.turns or (shown := simulated.turns[-1][1]).expects is None:
        return None
    if shown.step.startswith("Gather:enter_") and simulated.codes:
        codes = tuple((name, f"presses {name}") for name in CODES)
        return (*codes, *OFFERS["Gather"], ("hang_up", "hangs up"))
    return (*OFFERS.get(shown.step.partition(":")[0], ()), ("hang_up", "hangs up"))


def takes_keys(simulated: Simulated) -> bool:
    """Whether the call waits where keys mean something."""
    if not simulated.turns:
        return False
    return simulated.turns[-1][1].step.partition(":")[0] in ("Gather", "Record")


def _journal_line(noted: Noted) -> str:
    if noted.command is not None and isinstance(noted.result, Done):
        told = write_command(noted.command, noted.result.value)
    else:
        told = write_answer(noted.result, noted.step)
    return f"{noted.position} {noted.step}: {told}"


def _effect_line(how: str, what: str, fields: Mapping[str, Any]) -> str:
    return f"{how} {what} " + ", ".join(f"{name}={value}" for name, value in fields.items())


def _moment(text: str, timezone: ZoneInfo) -> datetime:
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=timezone)
    except ValueError as error:
        raise BadAnswer(f"expected a moment such as 2026-11-22T09:00, found {text!r}") from error
