"""`hotline replay`: a stored call turn by turn, and whether today's code would hold it the same."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hotline.settings import read_settings

if TYPE_CHECKING:
    from ivr.replay import Replay
    from ivr.spoken import Wording
    from ivr.stored_calls import StoredCall


@click.command()
@click.argument("call")
@click.option("--private", is_flag=True, help="Show real numbers, references and PINs.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the call as a regression test, without anybody's data.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def replay(call: str, private: bool, save: Path | None, as_json: bool) -> None:
    """Show a stored call turn by turn and run it against today's code.

    CALL is a call's id, its first six signs or more, or a report's reference. Exit code 1 if the
    code no longer asks what the journal answers. What identifies somebody is replaced unless
    --private is given. A file of --save belongs in tests/journals.
    """
    # Imported here, not above: whoever asks another command for help should not wait for them.
    from hotline.wiring import database, the_province
    from ivr.replay import replay as replayed_call
    from ivr.saved_calls import save as saved_text
    from ivr.saved_calls import with_stand_ins
    from storage.database import reading

    settings = read_settings()
    with database(settings) as engine, reading(engine) as session:
        stored = _found(session, call)
    facts, journal = stored.facts(), stored.journal
    # What is shown may be of stand-ins; whether it diverges is of the call as it was.
    divergence = replayed_call(stored.flow, facts, journal).divergence
    if save is not None:
        save.write_text(saved_text(stored.flow, facts, journal))
    if not private:
        facts, journal = with_stand_ins(facts, journal)
    shown = replayed_call(stored.flow, facts, journal)
    wording = the_province(settings).wording
    if as_json:
        told = _as_data(stored, shown, divergence, wording)
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
    else:
        _print(stored, shown, divergence, wording)
        if save is not None:
            click.echo(f"saved     {save}")
    sys.exit(1 if divergence else 0)


def _found(session: Any, text: str) -> "StoredCall":
    from sqlalchemy import select

    from ivr.stored_calls import find_calls, stored_call
    from reports.models import Report

    digits = "".join(sign for sign in text if sign.isdigit())
    calls = list(session.scalars(select(Report.call_id).where(Report.reference == digits)))
    calls = [found for found in calls if found] or find_calls(session, text)
    if not calls:
        raise click.ClickException(
            f"expected the id of a call (six signs or more) or a reference, found {text!r}"
        )
    if len(calls) > 1:
        raise click.ClickException(f"several calls begin with {text!r}: give more of the id")
    return stored_call(session, calls[0])


def _print(
    stored: "StoredCall", shown: "Replay", divergence: str | None, wording: "Wording"
) -> None:
    from ivr.answers import write_answer
    from ivr.call_script import write_command
    from ivr.spoken import happening, spoken
    from ivr.steps import Do, Done

    name, version = stored.flow
    click.echo(
        f"call      {stored.id}\n"
        f"          {name} {version}, {stored.driver}, "
        f"{stored.started_at:%Y-%m-%d %H:%M:%S} UTC, {stored.status}\n"
    )
    for answered in shown.answered:
        result, step = answered.entry.result, answered.entry.step
        at_s = (stored.entered_at[answered.position] - stored.started_at).total_seconds()
        if answered.command is not None and isinstance(result, Done):
            click.echo(f"{at_s:7.1f} s does     {write_command(answered.command, result.value)}")
            continue
        for sentence in spoken(answered.turn, wording):
            click.echo(f"          hotline  {sentence}")
        if what := happening(answered.turn.wait):
            click.echo(f"                   {what}")
        click.echo(f"{at_s:7.1f} s {write_answer(result, step)}   [{step}]")
    if divergence:
        click.echo(f"\ndiverges  {divergence}")
        return
    if (standing := shown.standing) is not None:
        if not isinstance(standing.wait, Do):
            for sentence in spoken(standing, wording):
                click.echo(f"          hotline  {sentence}")
        click.echo("ends" if standing.wait is None else f"stands at {standing.wait}")


def _as_data(
    stored: "StoredCall", shown: "Replay", divergence: str | None, wording: "Wording"
) -> dict[str, Any]:
    from ivr.saved_calls import turns_of
    from ivr.spoken import spoken

    turns = turns_of(shown)
    for turn, answered in zip(turns, shown.answered, strict=False):
        turn["says"] = spoken(answered.turn, wording)
        turn["at_s"] = (stored.entered_at[answered.position] - stored.started_at).total_seconds()
    if len(turns) > len(shown.answered) and shown.standing is not None:
        turns[-1]["says"] = spoken(shown.standing, wording)
    return {
        "call": stored.id,
        "flow": stored.flow[0],
        "version": stored.flow[1],
        "started_at": stored.started_at.isoformat(),
        "status": stored.status,
        "turns": turns,
        "divergence": divergence,
    }
