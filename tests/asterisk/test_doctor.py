"""`hotline doctor` finds what is wrong and says what mends it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.commands.doctor import doctor
from hotline.doctor import (
    NotReady,
    State,
    check,
    check_asterisk,
    check_disk,
    check_port,
    check_python,
    check_secrets,
)
from hotline.errors import SetupFailed


def raising(error: Exception) -> str:
    raise error


def test_a_probe_that_is_content_is_ok() -> None:
    found = check("x", lambda: "fine", "mend it")

    assert (found.state, found.found, found.mend) == (State.OK, "fine", "")


@pytest.mark.parametrize(
    ("error", "state", "mend"),
    [
        (NotReady("old", "renew it", State.WARN), State.WARN, "renew it"),
        (SetupFailed("broken\nbadly"), State.FAIL, "mend it"),
        (OSError("gone"), State.FAIL, "mend it"),
    ],
)
def test_a_probe_that_is_not_says_what_mends_it(error: Exception, state: State, mend: str) -> None:
    found = check("x", lambda: raising(error), "mend it", OSError)

    assert (found.state, found.mend) == (state, mend)
    assert "\n" not in found.found


def test_a_defect_of_ours_is_not_taken_for_a_finding() -> None:
    with pytest.raises(ZeroDivisionError):
        check("x", lambda: raising(ZeroDivisionError()), "mend it", OSError)


def test_this_python_will_do() -> None:
    assert check_python().state is State.OK


def test_a_folder_that_is_not_there_yet_is_judged_by_its_disk(tmp_path: Path) -> None:
    found = check_disk(tmp_path / "not/yet", "HOTLINE_DATA")

    assert found.name == "disk HOTLINE_DATA"
    assert "MB free" in found.found


def test_a_secret_that_others_can_read_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    good, bad = folder / "good", folder / "bad"
    good.touch(mode=0o600)

    assert check_secrets(folder).state is State.OK
    bad.touch()
    bad.chmod(0o644)

    found = check_secrets(folder)
    assert found.state is State.FAIL
    assert found.found == "others can read bad"
    assert "chmod" in found.mend


def test_secrets_that_are_not_made_yet_are_no_fault(tmp_path: Path) -> None:
    assert check_secrets(tmp_path / "absent").state is State.OK


def test_asterisk_switched_off_is_a_warning_only(tmp_path: Path) -> None:
    assert check_asterisk("none", tmp_path).state is State.WARN


def test_a_configured_asterisk_that_is_not_there_fails(tmp_path: Path) -> None:
    found = check_asterisk(str(tmp_path / "absent"), tmp_path)

    assert found.state is State.FAIL
    assert "found nothing at" in found.found


@pytest.mark.parametrize(
    ("kind", "sort"), [("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)]
)
def test_a_port_held_by_another_program_is_a_fault_that_names_it(
    tmp_path: Path, kind: str, sort: socket.SocketKind
) -> None:
    with socket.socket(socket.AF_INET, sort) as held:
        held.bind(("127.0.0.1", 0))
        if sort == socket.SOCK_STREAM:
            held.listen()
        bind = f"127.0.0.1:{held.getsockname()[1]}"

        found = check_port("sip", "HOTLINE_SIP_BIND", bind, (kind,), tmp_path)

    assert found.state is State.FAIL
    assert f"process {os.getpid()}" in found.found
    assert "HOTLINE_SIP_BIND" in found.mend
    assert check_port("sip", "HOTLINE_SIP_BIND", bind, (kind,), tmp_path).state is State.OK


def test_a_port_held_by_this_installation_is_no_fault(tmp_path: Path) -> None:
    program = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); "
        "print(s.getsockname()[1], flush=True); input()"
    )
    configuration = str(tmp_path / "run" / "etc")
    with subprocess.Popen(
        [sys.executable, "-c", program, configuration],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as ours:
        assert ours.stdout is not None
        bind = f"127.0.0.1:{ours.stdout.readline().strip()}"

        mine = check_port("agi", "HOTLINE_AGI_BINDS", bind, ("tcp",), tmp_path)
        other = check_port("agi", "HOTLINE_AGI_BINDS", bind, ("tcp",), tmp_path / "another")
        ours.terminate()

    assert (mine.state, mine.found) == (State.OK, f"{bind} in use by this hotline")
    assert other.state is State.FAIL


def test_an_address_that_is_not_ours_is_a_fault(tmp_path: Path) -> None:
    found = check_port("sip", "HOTLINE_SIP_BIND", "192.0.2.77:5060", ("udp",), tmp_path)

    assert found.state is State.FAIL
    assert "address of this machine" in found.mend


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where nothing is set up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOTLINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOTLINE_ASTERISK", "none")
    return tmp_path


def test_in_a_fresh_place_it_fails_says_why_and_changes_nothing(fresh: Path) -> None:
    result = CliRunner().invoke(doctor, ["--json"])

    said = json.loads(result.output)
    states = {one["name"]: one["state"] for one in said["checks"]}
    assert result.exit_code == 1
    assert not said["ok"]
    assert states["python"] == "ok"
    assert states["database"] == "fail"
    assert states["prompts"] == "fail"
    assert states["speech model"] == "warn"
    assert all(one["mend"] for one in said["checks"] if one["state"] != "ok")
    assert list(fresh.iterdir()) == []


def test_for_people_each_fault_is_followed_by_its_mend(fresh: Path) -> None:
    result = CliRunner().invoke(doctor)

    lines = result.output.splitlines()
    at = next(number for number, line in enumerate(lines) if "database" in line)
    assert lines[at].startswith("fail")
    assert lines[at + 1].strip().startswith("→ run `make run`")


def test_a_bad_setting_is_a_finding_not_a_traceback(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_WEB_BIND", "nowhere")

    result = CliRunner().invoke(doctor)

    assert result.exit_code == 1
    assert "HOTLINE_WEB_BIND" in result.output
    assert "Traceback" not in result.output
