"""Starting and asking Asterisk."""

import time
from pathlib import Path

import pytest

from hotline.telephony.errors import AsteriskSilent
from hotline.telephony.installation import Installation
from hotline.telephony.process import asterisk_rx, wait_fully_booted
from tests.asterisk.running import RunningAsterisk, running_asterisk

pytestmark = pytest.mark.asterisk


def test_a_running_asterisk_answers(asterisk: RunningAsterisk) -> None:
    assert asterisk.installation.version in asterisk.rx("core show version")


def test_nobody_running_is_said_so(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(AsteriskSilent, match="no Asterisk is running"):
        asterisk_rx(installation, tmp_path, "core show version")


def test_one_that_ended_is_not_waited_for(installation: Installation, tmp_path: Path) -> None:
    began = time.monotonic()

    with pytest.raises(AsteriskSilent, match="ended while starting"):
        wait_fully_booted(installation, tmp_path, timeout_s=30, alive=lambda: False)

    assert time.monotonic() - began < 5


def test_one_that_never_gets_ready_is_given_up(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(AsteriskSilent, match=r"not ready within 0\.2 s"):
        wait_fully_booted(installation, tmp_path, timeout_s=0.2)


def test_it_runs_from_a_folder_with_a_very_long_path(
    installation: Installation, tmp_path: Path
) -> None:
    data = tmp_path / ("deep-" * 30)

    with running_asterisk(installation, data) as asterisk:
        assert asterisk.channels() == []
        assert not asterisk.telephony.socket_folder.is_relative_to(tmp_path)


def test_everything_it_writes_lies_under_the_data_folder(asterisk: RunningAsterisk) -> None:
    folders = [
        line.partition(":")[2].strip()
        for line in asterisk.rx("core show settings").partition("* Directories")[2].splitlines()
        if any(word in line for word in ("Spool", "Log", "Run", "VarLib", "ASTDB", "Cache", "PID"))
    ]

    assert len(folders) == 7
    assert all(Path(folder).is_relative_to(asterisk.data) for folder in folders)
