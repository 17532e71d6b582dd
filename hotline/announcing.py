"""What the terminal says once everything answers: where to dial, where to look, who may sign in."""

import os
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from hotline.errors import HotlineError
from hotline.settings import Settings
from hotline.setup import FIRST_SIGN_IN, explain_model
from hotline.telephony.checked import PHONE
from hotline.telephony.installation import find_asterisk
from hotline.telephony.process import asterisk_rx
from hotline.telephony.wanted import NONE, wanted_telephony
from hotline.wiring import the_province

PATIENCE_S = 60.0


def announce_when_ready(settings: Settings) -> None:
    """Wait until every process answers, then say so; or say which does not."""
    began = time.monotonic()
    parent = os.getppid()
    waiting = _checks(settings)
    while waiting and time.monotonic() - began < PATIENCE_S:
        waiting = {name: answers for name, answers in waiting.items() if not answers()}
        time.sleep(0.1)
        if os.getppid() != parent:
            return  # the supervisor has ended already: its own words say why
    if waiting:
        logs = settings.data / "logs"
        click.echo(f"not ready after {PATIENCE_S:.0f} s: {', '.join(waiting)}; see {logs}")
        return
    click.echo(f"ready after {time.monotonic() - began:.1f} s\n")
    for line in _lines(settings):
        click.echo(f"  {line}")


def _checks(settings: Settings) -> dict[str, Callable[[], bool]]:
    """What has to answer, by name; what has answered once is not asked again."""
    checks: dict[str, Callable[[], bool]] = {
        name: partial(_answers, bind)
        for name, bind in (
            ("web", settings.web_bind),
            *((f"agi {bind}", bind) for bind in settings.agi_binds),
        )
    }
    if settings.speech != NONE:
        checks["speech"] = partial(_answers, settings.speech_bind)
    if settings.asterisk != NONE:
        checks["asterisk"] = partial(_asterisk_answers, settings)
    return checks


def _answers(bind: str) -> bool:
    host, _, port = bind.rpartition(":")
    try:
        with socket.create_connection((host.replace("0.0.0.0", "127.0.0.1"), int(port)), 1.0):
            return True
    except OSError:
        return False


def _asterisk_answers(settings: Settings) -> bool:
    installation = find_asterisk(settings.asterisk, settings.cache)
    if installation is None:
        return False
    try:
        asterisk_rx(installation, wanted_telephony(settings).etc, "core waitfullybooted")
    except HotlineError:
        return False
    return True


def _lines(settings: Settings) -> list[str]:
    lines = []
    if settings.asterisk != NONE:
        number = the_province(settings).hotline_number
        secret = settings.secrets / PHONE
        lines.append(f"dial           sip:{number}@{settings.sip_bind}")
        lines.append(
            f"               a SIP phone on this machine: user {PHONE}, secret in {secret}"
        )
    lines.append(f"web            http://{settings.web_bind}/")
    if sign_in := _shown_once(settings.secrets / FIRST_SIGN_IN):
        email, _, password = sign_in.partition(" ")
        lines.append(f"first sign-in  {email}  {password}   (shown once: note it now)")
    lines.append(f"speech model   {explain_model(settings)}")
    if settings.asterisk != NONE:
        lines.append("try it         make call      (in another terminal)")
    lines.append("stop           Ctrl-C")
    return lines


def _shown_once(path: Path) -> str | None:
    try:
        text = path.read_text().strip()
    except FileNotFoundError:
        return None
    path.unlink()
    return text
