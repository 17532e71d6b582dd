"""The real Asterisk with our own configuration, and beside it the same call by dialplan alone."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.plain_call import QUESTIONS
from benchmarks.processes import end, free_udp_port
from hotline.settings import read_settings
from hotline.telephony.fetch import provide_asterisk
from hotline.telephony.process import asterisk_command, asterisk_rx, wait_fully_booted
from hotline.telephony.render import render
from hotline.telephony.telephony import Telephony

DIALPLAN_ALONE = "plan"
PACED_DIALPLAN = "paced"
OURS = "19009120"
RTP_PORTS = 4000

_SIPP = """
[capacity]
type = endpoint
context = capacity
disallow = all
allow = alaw
direct_media = no
dtmf_mode = auto_info

[capacity]
type = identify
endpoint = capacity
match = 127.0.0.1
"""
# What Read asks for is what the flow's Gather asks for: one key, five seconds after the prompt.
_DIALPLAN = """
[capacity]
exten => plan,1,Answer()
 same => n,Playback({sounds}/welcome)
 same => n,Read(KEY,{sounds}/question,1,,1,5)
 same => n,Playback({sounds}/goodbye)
 same => n,Hangup()
exten => paced,1,Answer()
 same => n,Playback({sounds}/welcome_paced)
{questions}
 same => n,Playback({sounds}/statement)
 same => n,Playback({sounds}/beep)
 same => n,Record({sounds}/paced-${{UNIQUEID}}.wav,4,60,q)
 same => n,Playback({sounds}/goodbye)
 same => n,Hangup()
exten => _X.,1,Goto(hotline-incoming,${{EXTEN}},1)
"""


@dataclass(frozen=True)
class LoadedAsterisk:
    """A running Asterisk that takes sipp's calls."""

    pid: int
    sip_port: int
    version: str


@contextmanager
def loaded_asterisk(
    folder: Path, sounds: Path, agi_ports: tuple[int, ...]
) -> Iterator[LoadedAsterisk]:
    """Ended with the block.

    Raises:
        AsteriskMissing: there is none, or it cannot be fetched.
        AsteriskSilent: it did not start.
    """
    settings = read_settings()
    installation = provide_asterisk(settings.asterisk, settings.cache)
    sip_port = free_udp_port()
    telephony = Telephony(
        data=folder / "asterisk",
        sip_bind=f"127.0.0.1:{sip_port}",
        rtp_ports=f"20000-{20000 + RTP_PORTS - 1}",
        agi_servers=tuple(f"127.0.0.1:{port}" for port in agi_ports),
        extra_modules=("app_read",),
    )
    etc = render(telephony, installation)
    _add(etc / "pjsip.conf", _SIPP)
    _add(etc / "extensions.conf", _dialplan(sounds))
    with (folder / "asterisk.log").open("wb") as log:
        process = subprocess.Popen(
            asterisk_command(installation, etc),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_fully_booted(installation, etc, alive=lambda: process.poll() is None)
            yield LoadedAsterisk(process.pid, sip_port, installation.version)
            asterisk_rx(installation, etc, "channel request hangup all")
        finally:
            end(process)


def _dialplan(sounds: Path) -> str:
    question = f" same => n,Read(KEY,{sounds}/question_paced,1,,1,5)"
    return _DIALPLAN.format(sounds=sounds, questions="\n".join([question] * QUESTIONS))


def _add(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)
