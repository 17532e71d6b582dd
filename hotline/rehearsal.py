"""Simulated calls with everything as it is in this installation but the telephone and the data.

The same province, flows, preparation and handlers; a database and recordings of their own that
are thrown away. What leaves the house in a real call (messages, calls) stays a row there.
"""

import dataclasses
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from structlog.contextvars import bound_contextvars

from console.simulator import Simulated, SimulatedCall
from hotline.call_facts import prepare_calls
from hotline.clock import utc_now
from hotline.handlers import command_handlers
from hotline.settings import Settings
from hotline.wiring import the_province
from ivr.drivers.recorder import Recorder
from ivr.drivers.simulator import Shown, SimulatedClock, Simulator
from ivr.engine import Arrival, Prepare, Setting
from ivr.errors import BadAnswer
from provinces.schema import Province
from storage.database import open_engine
from storage.migrations import upgrade
from understanding.phone_number import read_phone_number

AGAIN = "again"
# One at a time in a process: the job queue keeps a client for each database that it has met.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Rehearsed:
    """The call to simulate.

    `number` is as a caller's network would give it, None where withheld; `flow` None means the
    one that an arriving call gets; `unusual` are fields of `CallFacts`.
    """

    number: str | None
    begins_at: datetime
    flow: tuple[str, int] | None = None
    unusual: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def rehearsing(settings: Settings, call: Rehearsed) -> Iterator[Simulator]:
    """A simulator for `call`; several calls may be made in it, one after another."""
    province = the_province(settings)
    with (
        _ONE_AT_A_TIME,
        bound_contextvars(simulated=True),
        _empty_database() as (engine, recordings),
    ):
        yield Simulator(
            database=engine,
            handlers=command_handlers(settings, province),
            prepare=_prepare(settings, province, call),
            recorder=Recorder(recordings),
            wording=province.wording,
            clock=SimulatedClock(call.begins_at),
            spoken_words=province.spoken,
        )


def number_of(text: str) -> str:
    """A caller's number in E.164.

    Raises:
        BadAnswer: it is no telephone number.
    """
    number = read_phone_number(text)
    if number is None:
        raise BadAnswer(f"expected a telephone number, found {text!r}")
    return number.e164


def played(
    simulator: Simulator, call: Rehearsed, answers: Sequence[str]
) -> Iterator[tuple[str | None, Shown]]:
    """Each answer with what it led to; None stands for the call's arrival.

    The answer `again` is another call of the same number, once the first one is over.

    Raises:
        BadAnswer: an answer does not fit; those before it have been told.
    """
    shown = simulator.begin(call.number)
    yield None, shown
    for answer in answers:
        if answer.strip() == AGAIN and shown.expects is None:
            shown = simulator.begin(call.number)
        else:
            shown = simulator.answer(answer)
        yield answer, shown


def simulate(settings: Settings, asked: SimulatedCall) -> Simulated:
    """A call of the simulator's page, held from its beginning.

    Raises:
        BadAnswer: it cannot begin: the number is none.
    """
    call = Rehearsed(
        number=None if asked.number is None else number_of(asked.number),
        begins_at=asked.begins_at or utc_now(),
        unusual=asked.unusual,
    )
    turns: list[tuple[str | None, Shown]] = []
    with rehearsing(settings, call) as simulator:
        try:
            for turn in played(simulator, call, asked.answers):
                turns.append(turn)  # one by one: those before a bad answer are shown
        except BadAnswer as error:
            return Simulated(turns, str(error), simulator.codes)
        return Simulated(turns, codes=simulator.codes)


def _prepare(settings: Settings, province: Province, call: Rehearsed) -> Prepare:
    usual = prepare_calls(settings, province)

    def prepare(session: Session, arrival: Arrival, now: datetime) -> Setting:
        setting = usual(session, arrival, now)
        facts = dataclasses.replace(setting.facts, **call.unusual)
        return Setting(call.flow or setting.flow, facts)

    return prepare


@contextmanager
def _empty_database() -> Iterator[tuple[Engine, Path]]:
    """A migrated database with nothing in it, and an empty folder for recordings."""
    folder = _folder()
    recordings = folder / "recordings"
    recordings.mkdir()
    path = folder / "calls.sqlite3"
    path.write_bytes(_migrated())
    engine = open_engine(f"sqlite:///{path}")
    try:
        yield engine, recordings
    finally:
        engine.dispose()
        shutil.rmtree(recordings, ignore_errors=True)
        for leftover in folder.glob("calls.sqlite3*"):
            leftover.unlink()


@cache
def _kept() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="hotline-rehearsal-")  # goes when the process ends


def _folder() -> Path:
    return Path(_kept().name)


@cache
def _migrated() -> bytes:
    """A database as `hotline migrate` makes it; made once, for it takes a second."""
    path = _folder() / "migrated.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path.read_bytes()
