"""`hotline simulate`: a call without a telephone; keys, words, silence and hang-up are typed."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from hotline.commands.databases import quiet_logs
from hotline.settings import read_settings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from hotline.rehearsal import Rehearsed
    from ivr.drivers.simulator import Simulator

DEFAULT_CALLER = "0912345678"
MOMENT = "%Y-%m-%d %H:%M"
HELP, QUIT = ("?", "help"), ("quit", "exit")


@click.command()
@click.option("--flow", metavar="NAME", help="Default: what such a call really gets.")
@click.option("--language", metavar="TAG", help="Begin in this language. Default: the province's.")
@click.option("--number", default=DEFAULT_CALLER, show_default=True, help="The caller's number.")
@click.option("--withheld", is_flag=True, help="The caller's number does not come with the call.")
@click.option(
    "--at",
    "moment",
    metavar=f'"{datetime(2026, 11, 22, 9).strftime(MOMENT)}"',
    help="When the call comes, in the province's time. Default: now.",
)
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="NAME=VALUE",
    help="A fact of the call that is otherwise, such as treatment=blocked or open_now=no.",
)
@click.option(
    "--script",
    type=click.File(encoding="utf-8"),
    help="Answers, one a line, or a transcript; - reads them from the input.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; wants --script.")
def simulate(
    flow: str | None,
    language: str | None,
    number: str,
    withheld: bool,
    moment: str | None,
    facts: tuple[str, ...],
    script: Any,
    as_json: bool,
) -> None:
    """Hold a call in the terminal: what the caller hears, the journal, and what it did.

    Flows, handlers and province are this installation's; the database is a new one that is
    thrown away. Nobody is rung and nothing is sent. Answers are those of docs/transcripts.md:
    2, "words in quotes", speaks 12 s, an empty line for silence, hangup. Afterwards `again` is
    another call of the same number, which finds what the first one left.

    \b
    Example:
      hotline simulate --at "2026-11-22 23:30" --fact open_now=no
      hotline simulate --script tests/transcripts/report/pothole.txt --json
    """
    if as_json and script is None:
        raise click.UsageError("--json wants --script: answers cannot be typed beside it")
    # Imported here, not above: whoever asks another command for help should not wait for them.
    from cryptography.fernet import Fernet

    from hotline.rehearsal import rehearsing
    from hotline.wiring import the_province
    from ivr.errors import BadAnswer
    from storage.crypto import use_key

    use_key(Fernet.generate_key())  # nothing here is to be read later
    quiet_logs()
    settings = read_settings()
    try:
        call, answers = _asked(
            flow,
            language,
            None if withheld else number,
            moment,
            facts,
            script,
            the_province(settings).timezone,
        )
    except BadAnswer as error:
        raise click.UsageError(str(error)) from error
    with rehearsing(settings, call) as simulator:
        if script is not None:
            _play(simulator, call, answers, as_json)
        else:
            _converse(simulator, call)


def _asked(
    flow: str | None,
    language: str | None,
    number: str | None,
    moment: str | None,
    facts: Sequence[str],
    script: Any,
    timezone: "ZoneInfo",
) -> "tuple[Rehearsed, tuple[str, ...]]":
    from hotline.clock import utc_now
    from hotline.rehearsal import Rehearsed, number_of
    from ivr.call_script import newest, read_answers, read_facts

    written = read_answers(script.read()) if script is not None else None
    unusual: dict[str, Any] = dict(written.unusual) if written else {}
    for fact in facts:
        unusual |= read_facts(fact)
    if language is not None:
        unusual["language"] = language
    chosen = newest(flow) if flow else written.flow if written and written.names_flow else None
    withheld = number is None or unusual.get("number_known") is False
    call = Rehearsed(
        number=None if withheld or number is None else number_of(number),
        begins_at=_moment(moment, timezone) if moment else utc_now(),
        flow=chosen,
        unusual=unusual,
    )
    return call, written.told if written else ()


def _moment(text: str, timezone: "ZoneInfo") -> datetime:
    from ivr.errors import BadAnswer

    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=timezone)
    except ValueError as error:
        expected = datetime(2026, 11, 22, 9).strftime(MOMENT)
        raise BadAnswer(f'expected a moment such as "{expected}", found {text!r}') from error


def _play(simulator: "Simulator", call: "Rehearsed", answers: Sequence[str], as_json: bool) -> None:
    from hotline.rehearsal import played
    from hotline.shown_calls import as_data, lines
    from ivr.errors import BadAnswer

    turns: list[dict[str, Any]] = []
    problem = None
    try:
        for answer, shown in played(simulator, call, answers):
            if as_json:
                turns.append({"answer": answer, **as_data(shown)})
            else:
                _print(() if answer is None else (f"> {answer}",))
                _print(lines(shown))
    except BadAnswer as error:
        problem = str(error)
    if as_json:
        told = {"turns": turns, "problem": problem}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
    if problem:
        raise click.ClickException(problem)


def _converse(simulator: "Simulator", call: "Rehearsed") -> None:
    from hotline.rehearsal import AGAIN
    from hotline.shown_calls import lines
    from ivr.errors import BadAnswer

    shown = simulator.begin(call.number)
    _print(lines(shown))
    for answer in _typed():
        if answer in QUIT:
            return
        try:
            if answer == AGAIN and shown.expects is None:
                shown = simulator.begin(call.number)
            elif answer in HELP:
                click.echo(f"  expected {shown.expects or f'{AGAIN} or {QUIT[0]}'}")
                continue
            else:
                shown = simulator.answer(answer)
        except BadAnswer as error:
            click.echo(f"  {error}")
            continue
        _print(lines(shown))
        if shown.expects is None:
            click.echo(f"  ({AGAIN} for another call of this number, {QUIT[0]} to leave)")


def _typed() -> Iterator[str]:
    while True:
        try:
            answer = input("> " if sys.stdin.isatty() else "")
        except (EOFError, KeyboardInterrupt):
            return
        yield answer.strip()


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(line)
