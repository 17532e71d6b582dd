"""Which processes `hotline run` keeps alive, and the configuration of supervisord for them.

supervisord restarts what dies and ends everything on Ctrl-C. It becomes the process
that `hotline run` was, so nothing of ours stands between it and the terminal.
"""

import configparser
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from hotline.settings import Settings
from hotline.telephony.wanted import NONE

STOP_WAIT_S = 10


def processes(settings: Settings, asterisk: list[str] | None) -> Mapping[str, list[str]]:
    """Command lines by process name; the order is that of starting."""
    program = [sys.executable, "-m", "hotline"]
    commands: dict[str, list[str]] = {}
    for number, bind in enumerate(settings.agi_binds, start=1):
        commands[f"agi-{number}"] = [*program, "agi", "--bind", bind]
    if settings.speech != NONE:
        commands["speech"] = [*program, "speech"]
    if asterisk is not None:
        commands["asterisk"] = asterisk
    commands["web"] = [*program, "web"]
    commands["worker"] = [*program, "worker"]
    return commands


def write_configuration(settings: Settings, commands: Mapping[str, list[str]]) -> Path:
    """The file that supervisord reads; logs go to the data folder and are rotated."""
    logs = settings.data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    settings.run.mkdir(parents=True, exist_ok=True)
    parser = configparser.RawConfigParser()
    parser["supervisord"] = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": _value(str(logs / "supervisord.log")),
        "pidfile": _value(str(settings.run / "supervisord.pid")),
        "loglevel": "info",
    }
    for priority, (name, command) in enumerate(commands.items(), start=1):
        parser[f"program:{name}"] = {
            "command": _value(shlex.join(command)),
            "priority": str(priority),
            "autorestart": "true",
            "startsecs": "1",
            # A process that cannot start now (the database is away) may be able to later.
            "startretries": "1000000",
            "stopwaitsecs": str(STOP_WAIT_S),
            # Recordings, notes of callers and the database are for this user only.
            "umask": "077",
            "stopasgroup": "false",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": _value(str(logs / f"{name}.log")),
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": "5",
        }
    path = settings.run / "supervisord.conf"
    with path.open("w") as file:
        parser.write(file)
    return path


def supervisor_command(configuration: Path) -> list[str]:
    return [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)]


def _value(text: str) -> str:
    """supervisord expands `%(…)s` in its values."""
    return text.replace("%", "%%")
