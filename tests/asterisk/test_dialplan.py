"""A call finds an AGI server, whatever dies on the way."""

import itertools
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hotline.telephony.installation import Installation
from tests.asterisk import fake_agi
from tests.asterisk.fake_agi import FakeAgi, Visit
from tests.asterisk.running import RunningAsterisk, running_asterisk, until

pytestmark = pytest.mark.asterisk


def finishes(visit: Visit) -> None:
    visit.done()


def vanishes(_visit: Visit) -> None:
    """Closes the connection without a word, as a crash does."""


@pytest.mark.parametrize("number", ["19009120", "+842919009120", "s"])
def test_a_call_to_any_number_reaches_the_software_with_that_number(
    asterisk: RunningAsterisk, number: str
) -> None:
    with FakeAgi(asterisk.agi_port, finishes) as server:
        asterisk.call(number)
        until(lambda: server.visits and not asterisk.channels())

    (visit,) = server.visits
    assert visit.environment["agi_extension"] == number
    assert visit.environment["agi_network_script"] == "call"
    assert asterisk.ended == []


def test_a_refused_connection_is_passed_to_the_next_server_at_once(
    asterisk: RunningAsterisk,
) -> None:
    began = time.monotonic()
    with FakeAgi(asterisk.agi_ports[1], finishes) as second:
        asterisk.call()
        until(lambda: second.visits)

    assert time.monotonic() - began < 0.9


def test_a_server_that_is_down_for_a_moment_is_tried_again(asterisk: RunningAsterisk) -> None:
    asterisk.call()
    time.sleep(1.5)
    with FakeAgi(asterisk.agi_port, finishes) as server:
        until(lambda: server.visits and not asterisk.channels())

    assert asterisk.ended == []


def test_a_server_killed_in_mid_command_is_followed_by_the_next_within_two_seconds(
    asterisk: RunningAsterisk,
) -> None:
    first = subprocess.Popen(
        [sys.executable, fake_agi.__file__, str(asterisk.agi_ports[0])],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "listening\n"
    with first.stdout:
        # Whichever server it begins at: only the first one answers yet.
        asterisk.call()
        assert first.stdout.readline() == "asked\n"
        with FakeAgi(asterisk.agi_ports[1], finishes) as second:
            killed_at = time.monotonic()
            first.kill()
            until(lambda: second.visits)

            assert time.monotonic() - killed_at < 2.0
            first.wait()
            until(lambda: not asterisk.channels())
    assert asterisk.ended == []


def test_calls_begin_at_every_server(asterisk: RunningAsterisk) -> None:
    with (
        FakeAgi(asterisk.agi_ports[0], finishes) as first,
        FakeAgi(asterisk.agi_ports[1], finishes) as second,
    ):
        for calls in range(1, 21):
            asterisk.call()
            until(lambda calls=calls: len(first.visits) + len(second.visits) == calls)  # type: ignore[misc]

    assert first.visits and second.visits


def test_a_lone_server_that_crashes_is_asked_again_after_a_second(
    asterisk: RunningAsterisk,
) -> None:
    times: list[float] = []

    def crashes_twice(visit: Visit) -> None:
        times.append(time.monotonic())
        if len(times) == 3:
            visit.done()

    with FakeAgi(asterisk.agi_port, crashes_twice):
        asterisk.call()
        until(lambda: len(times) == 3 and not asterisk.channels())

    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(0.9 < pause < 2.0 for pause in pauses), pauses


def test_a_variable_set_by_one_server_is_there_for_the_next(asterisk: RunningAsterisk) -> None:
    seen: list[str] = []

    def sets_or_reads(visit: Visit) -> None:
        seen.append(visit.command("GET VARIABLE HOTLINE_NO_RECORDING"))
        if len(seen) == 2:
            visit.done()
        else:
            visit.command("SET VARIABLE HOTLINE_NO_RECORDING 1")

    with (
        FakeAgi(asterisk.agi_ports[0], sets_or_reads),
        FakeAgi(asterisk.agi_ports[1], sets_or_reads),
    ):
        asterisk.call()
        until(lambda: len(seen) == 2 and not asterisk.channels())

    assert seen == ["200 result=0", "200 result=1 (1)"]


def test_a_hangup_that_the_software_saw_and_finished_leaves_no_note(
    asterisk: RunningAsterisk,
) -> None:
    replies: list[str] = []

    def waits_then_finishes(visit: Visit) -> None:
        replies.append(visit.command("WAIT FOR DIGIT 60000"))
        visit.done()

    with FakeAgi(asterisk.agi_port, waits_then_finishes) as server:
        asterisk.call()
        until(lambda: server.visits)
        asterisk.hang_up()
        until(lambda: replies and not asterisk.channels())

    assert replies == ["200 result=-1"]
    assert asterisk.ended == []


def test_a_hangup_while_every_server_is_down_leaves_a_note_with_the_calls_id(
    asterisk: RunningAsterisk,
) -> None:
    with FakeAgi(asterisk.agi_port, vanishes) as server:
        asterisk.call()
        until(lambda: server.visits)
    call = server.visits[0].environment["agi_uniqueid"]

    asterisk.hang_up()
    until(lambda: not asterisk.channels())

    assert asterisk.ended == [call]


def test_a_hangup_in_the_instant_of_a_crash_leaves_a_note(asterisk: RunningAsterisk) -> None:
    def hangs_up_and_dies(_visit: Visit) -> None:
        asterisk.hang_up()

    with FakeAgi(asterisk.agi_port, hangs_up_and_dies) as server:
        asterisk.call()
        until(lambda: server.visits)
        until(lambda: not asterisk.channels())

    assert server.visits[0].environment["agi_uniqueid"] in asterisk.ended


def test_without_any_prompt_a_caller_whom_nobody_answers_is_still_let_go(
    installation: Installation, data: Path
) -> None:
    with running_asterisk(installation, data, failed_rounds=1) as asterisk:
        asterisk.call()
        until(lambda: asterisk.ended)

        until(lambda: not asterisk.channels())
        assert "ERROR" not in asterisk.log.read_text()


def test_servers_that_never_finish_do_not_hold_a_caller_for_ever(
    installation: Installation, data: Path
) -> None:
    with running_asterisk(installation, data, most_rounds=2) as asterisk:
        asterisk.call(seconds=60)
        until(lambda: asterisk.ended)

        until(lambda: not asterisk.channels())


def test_nothing_in_the_dialplan_can_dial_out(asterisk: RunningAsterisk) -> None:
    dialplan = asterisk.rx("dialplan show")
    applications = asterisk.rx("core show applications")

    assert "Dial(" not in dialplan
    assert "Include =>" not in dialplan
    assert " Dial:" not in applications


def test_asterisk_knows_every_application_and_function_of_the_dialplan(
    asterisk: RunningAsterisk,
) -> None:
    text = (asterisk.telephony.etc / "extensions.conf").read_text()
    steps = re.findall(r"^(?:exten =>[^,]+,1|\s*same => n(?:\(\w+\))?),(.*)$", text, re.MULTILINE)
    applications = {step.partition("(")[0] for step in steps}
    functions = set(re.findall(r"(?:\$\{|Set\()([A-Z]+)\(", text))

    assert {"AGI", "Answer", "Hangup"} <= applications
    assert {"CALLERID", "CHANNEL", "FILE", "RAND", "STAT", "TIMEOUT"} == functions
    for name in applications:
        assert "not registered" not in asterisk.rx(f"core show application {name}"), name
    for name in functions:
        assert "No function" not in asterisk.rx(f"core show function {name}"), name


def test_every_module_that_we_list_is_running(asterisk: RunningAsterisk) -> None:
    shown = asterisk.rx("module show")

    states = {line.split()[0]: "Running" in line for line in shown.splitlines() if ".so" in line}
    assert states and all(states.values())
    assert asterisk.installation.missing_modules() == ()
    assert "Error loading" not in asterisk.log.read_text()


def test_neither_manager_nor_web_server_listens(asterisk: RunningAsterisk) -> None:
    assert "Server Disabled" in asterisk.rx("http show status")
    settings = asterisk.rx("manager show settings").splitlines()
    assert any("Manager (AMI):" in line and line.split()[-1] == "No" for line in settings)
