"""Holding a transcript's call over what really carries calls; each gives the call's journal."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import ivr.commands
import reports.commands
from ivr.call_script import CallScript
from ivr.conversation import Conversations
from ivr.drivers.agi_server import DRIVER, Hotline
from ivr.drivers.recorder import Recorder
from ivr.drivers.simulator import SimulatedClock, Simulator
from ivr.engine import Handlers, Prepare, Setting
from ivr.facts import CallFacts
from ivr.models import Call
from ivr.session import Entry
from ivr.steps import Do, Json
from ivr.stored_calls import stored_call
from ivr.voices import Voices
from provinces.schema import Province
from storage.database import reading
from tests.builders import CALLER_NUMBER, NOON
from tests.ivr.golden import Handled, Held
from tests.ivr.scripted_line import ScriptedLine

COMMANDS = tuple(
    kind
    for module in (ivr.commands, reports.commands)
    for kind in vars(module).values()
    if isinstance(kind, type) and kind.__module__ == module.__name__
)


def handlers_of(script: CallScript) -> Handlers:
    """Handlers that answer as the script says."""
    handled = Handled(script.gives)

    def handle(session: Session, call: Call, position: int, command: object, now: datetime) -> Json:
        return handled(command)

    return dict.fromkeys(COMMANDS, handle)


def prepare_of(script: CallScript, usual: CallFacts) -> Prepare:
    setting = Setting(script.flow, script.facts(usual))
    return lambda session, arrival, now: setting


def by_simulator(
    script: CallScript, usual: CallFacts, province: Province, database: Engine, folder: Path
) -> tuple[Entry, ...]:
    """The journal of the script's call in the simulator.

    Raises:
        AssertionError: the script does not fit the call.
    """
    simulator = Simulator(
        database,
        handlers_of(script),
        prepare_of(script, usual),
        Recorder(folder),
        province.wording,
        SimulatedClock(NOON),
        province.spoken,
        shows_effects=False,
    )
    shown = simulator.begin(CALLER_NUMBER if script.facts(usual).number_known else None)
    for line in script.told:
        assert shown.expects, f"the call is over, but the script goes on with {line!r}"
        shown = simulator.answer(line)
    assert shown.expects is None, f"the script ends; expected {shown.expects}"
    return tuple(Entry(noted.step, noted.result) for noted in simulator.journal)


def by_agi(
    script: CallScript,
    usual: CallFacts,
    held: Held,
    voices: Voices,
    database: Engine,
    folder: Path,
) -> tuple[Entry, ...]:
    """The journal of the same call over AGI, against a peer that answers as in `held`.

    Raises:
        AssertionError: our server asked for something else.
    """
    answers = [
        (wait, entry.result)
        for wait, entry in zip(held.waits, held.journal, strict=True)
        if not isinstance(wait, Do)
    ]
    number = CALLER_NUMBER if script.facts(usual).number_known else ""
    line = ScriptedLine(answers, number)
    clock = SimulatedClock(NOON)
    hotline = Hotline(
        conversations=Conversations(
            database, handlers_of(script), prepare_of(script, usual), clock
        ),
        voices=voices,
        recorder=Recorder(folder),
        words_ready=line.words_ready,
        handling_s=line.handling_s,
        can_dial=True,
    )

    line.call(hotline)

    with reading(database) as session:
        call_id = session.scalars(select(Call.id).where(Call.driver == DRIVER)).one()
        return stored_call(session, call_id).journal
