"""Golden transcripts: a call written as one would tell it, held against the flow.

In a file, lines that begin with `caller` are the script; all others are what the hotline
says and does, rewritten by `pytest --update-transcripts` and reviewed as a diff.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.facts import CallFacts
from ivr.flows.report_problem import report_problem
from ivr.session import CallSession
from ivr.steps import Digits, Do, Done, Gather, HungUp, NoInput, Record, Recorded, Result, Say
from reports.commands import FileReport

REFERENCE = "482-173-905"
FACTS = CallFacts("vi", {"1": "road", "2": "power", "3": "waste", "4": "order", "5": "other"}, True)


@dataclass(frozen=True)
class Script:
    title: str
    answers: tuple[str, ...]
    facts: CallFacts


def read_script(path: Path) -> Script:
    lines = path.read_text().splitlines()
    answers = tuple(line.removeprefix("caller").strip() for line in lines if _is_caller(line))
    can_text = "number withheld" not in lines[0]
    return Script(lines[0], answers, CallFacts(FACTS.language, FACTS.menu, can_text))


def hold(script: Script, wording: dict[str, str]) -> str:
    """The whole transcript of the call that `script` describes.

    Raises:
        AssertionError: the script has too few answers for the call, or too many.
    """
    session = CallSession(lambda: report_problem(script.facts))
    lines = [script.title, ""]
    answers = iter(script.answers)
    while (wait := session.turn.wait) is not None:
        if isinstance(wait, Do):
            value = REFERENCE if isinstance(wait.command, FileReport) else None
            lines.append(f"does     {wait.command}")
            session.resume(Done(value))
            continue
        lines.extend(_spoken(session.turn.says, wait, wording))
        answer = next(answers, None)
        assert answer is not None, f"the script ends while the hotline waits at {wait}"
        lines.append(f"caller   {answer}")
        session.resume(_result(answer, wait, session.position))
    lines.extend(_spoken(session.turn.says, None, wording))
    lines.append("ends")
    assert not (left := list(answers)), f"the call is over, but the script goes on with {left}"
    return "\n".join(lines) + "\n"


def _is_caller(line: str) -> bool:
    return line.startswith("caller ")


def _spoken(
    says: tuple[Say, ...], wait: Gather | Record | None, wording: dict[str, str]
) -> Iterator[str]:
    spoken = [(say.key, dict(say.values)) for say in says]
    if wait is not None:
        spoken.append((wait.key, dict(wait.values) if isinstance(wait, Gather) else {}))
    for key, values in spoken:
        yield f"hotline  {wording[key].format(**values)}"
    if isinstance(wait, Record):
        yield "         (beep)"


def _result(answer: str, wait: Gather | Record, position: int) -> Result:
    match answer.split():
        case ["hangs", "up"]:
            return HungUp()
        case ["says", "nothing"] if isinstance(wait, Record):
            return Recorded(f"call-{position}", 4.0, 64_044, "0" * 64, silent=True)
        case ["says", "nothing"]:
            return NoInput()
        case ["speaks", seconds, "s"] if isinstance(wait, Record):
            return Recorded(f"call-{position}", float(seconds), 80_044, "0" * 64, silent=False)
        case ["presses", keys] if isinstance(wait, Gather):
            return Digits(keys)
        case _:
            raise AssertionError(f"at {wait} a caller cannot: {answer}")
