"""Start Asterisk in the foreground, wait until it takes calls, and ask it things."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from hotline.telephony.errors import AsteriskSilent
from hotline.telephony.installation import Installation


def asterisk_command(installation: Installation, etc: Path) -> list[str]:
    """The command that runs Asterisk in the foreground, without colours, until SIGTERM."""
    return [*installation.command, "-C", str(etc / "asterisk.conf"), "-f", "-n"]


def asterisk_rx(
    installation: Installation, etc: Path, command: str, timeout_s: float = 10.0
) -> str:
    """What the running Asterisk answers to a console command.

    Raises:
        AsteriskSilent: none is running there, or it did not answer within `timeout_s` seconds.
    """
    asked = [*installation.command, "-C", str(etc / "asterisk.conf"), "-n", "-rx", command]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        raise AsteriskSilent(f"Asterisk did not answer {command!r} in {timeout_s:g} s") from error
    if done.returncode:
        raise AsteriskSilent(f"no Asterisk is running with the configuration in {etc}")
    return done.stdout


def wait_fully_booted(
    installation: Installation,
    etc: Path,
    timeout_s: float = 30.0,
    alive: Callable[[], bool] = lambda: True,
) -> float:
    """Seconds until Asterisk had loaded everything and takes calls.

    `alive` says whether the process still runs, so that one that died is not waited for.

    Raises:
        AsteriskSilent: it ended, or was not ready within `timeout_s` seconds.
    """
    began = time.monotonic()
    while (left_s := began + timeout_s - time.monotonic()) > 0:
        if not alive():
            raise AsteriskSilent("Asterisk ended while starting; its last lines say why")
        try:
            asterisk_rx(installation, etc, "core waitfullybooted", timeout_s=left_s)
            return time.monotonic() - began
        except AsteriskSilent:
            time.sleep(0.05)
    raise AsteriskSilent(f"Asterisk was not ready within {timeout_s:g} s")
