"""Processes that die in the middle of things: nothing that was said is lost."""

import asyncio
import itertools
import os
import signal
import threading
from collections.abc import Callable

import pytest

from hotline.caller.placing import CallPlan, PlacedCall
from hotline.caller.script import Action, HangUp, KeepSilent, PressAtOnce, Speak
from tests.asterisk.running import until
from tests.whole.speech import (
    PLACE_WAS_SAID,
    RING_THIS_NUMBER,
    STREET_LIGHT,
    reporting_in_haste,
    statements,
)
from tests.whole.system import System
from tests.whole.test_calls import HOTLINE

pytestmark = [pytest.mark.asterisk, pytest.mark.model, pytest.mark.timeout(600)]

NUMBERS = itertools.count(10)


def call_while(
    system: System, script: tuple[Action, ...], happens: Callable[[], object]
) -> PlacedCall:
    """Place one call; `happens` runs beside it.

    Each call has a number of its own: one that is known is asked about its earlier report first.
    """
    number = f"09876543{next(NUMBERS):02d}"
    beside = threading.Thread(target=happens)
    beside.start()
    placed = asyncio.run(system.call([CallPlan(script, number, HOTLINE)]))
    beside.join()
    return placed[0]


def kill_agi_while_recording(system: System) -> Callable[[], None]:
    before = set(system.recordings.glob("*.wav"))

    def kill() -> None:
        def growing() -> bool:
            new = set(system.recordings.glob("*.wav")) - before
            return any(path.stat().st_size > 30_000 for path in new)

        until(growing, 60)
        os.kill(system.serving(), signal.SIGKILL)

    return kill


def test_the_worker_dies_in_mid_transcription_and_the_words_come_all_the_same(
    system: System,
) -> None:
    statement = statements(1)[0]
    killed = system.pid("worker")

    placed = call_while(
        system,
        reporting_in_haste(statement),
        lambda: until(lambda: _kill_while_transcribing(system), 90),
    )

    report = system.report_of(placed)
    assert report["transcript"]["status"] == "done"
    assert report["transcript"]["text"]
    assert system.pid("worker") != killed


def _kill_while_transcribing(system: System) -> bool:
    pending = [
        report
        for report in system.get("reports")["reports"]
        if report["transcript"]["status"] == "pending"
    ]
    if not pending:
        return False
    os.kill(system.pid("worker"), signal.SIGKILL)
    return True


def test_the_agi_server_dies_while_the_caller_speaks_and_the_call_goes_on(system: System) -> None:
    statement = statements(1)[0]

    script = (
        *STREET_LIGHT,
        Speak(statement.sound, "statement"),
        PressAtOnce("#"),
        *PLACE_WAS_SAID,
        *RING_THIS_NUMBER,
        KeepSilent(1.0),
        PressAtOnce("1"),
        KeepSilent(2.0),
        HangUp(),
    )

    placed = call_while(system, script, kill_agi_while_recording(system))

    report = system.report_of(placed)
    assert placed.problem is None
    assert report["partial"] is False
    assert report["recordings"][0]["length_s"] == pytest.approx(statement.sound.length_s, abs=0.3)
    assert report["transcript"]["text"]


def test_the_agi_server_dies_and_the_caller_leaves_before_it_is_back(system: System) -> None:
    statement = statements(1)[0]
    said = Speak(statement.sound, "statement")
    script = (*STREET_LIGHT, said, PressAtOnce("#"), HangUp())

    placed = call_while(system, script, kill_agi_while_recording(system))

    report = system.report_of(placed)
    assert report["partial"] is True
    assert report["recordings"][0]["length_s"] == pytest.approx(statement.sound.length_s, abs=0.4)
    assert report["transcript"]["text"]


def test_the_agi_server_dies_in_the_menu_and_the_caller_hears_it_again(system: System) -> None:
    statement = statements(1)[0]
    script = (KeepSilent(6.0), *reporting_in_haste(statement))

    def kill() -> None:
        until(lambda: system.get("calls")["calls"][0]["status"] == "in-progress", 20)
        os.kill(system.serving(), signal.SIGKILL)

    placed = call_while(system, script, kill)

    assert placed.problem is None
    assert system.report_of(placed)["partial"] is False
