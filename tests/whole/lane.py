"""A real Asterisk, real AGI servers and scripted callers, without the rest of the house.

Quicker than `hotline run` and SIP telephones, and several fit beside each other: the caller is a
leg of a local channel, whose dialplan asks us over FastAGI what to do next. Prompts are short.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import OperationalError

from hotline.settings import Settings
from hotline.telephony.installation import Installation
from hotline.voices import voice_sounds
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.models import Transcript, TranscriptStatus
from speech.sound import write_wav
from storage.database import open_engine, reading, transaction
from tests.asterisk.fake_agi import FakeAgi, Visit
from tests.asterisk.running import RunningAsterisk, free_ports, running_asterisk, until
from tests.caller.sounds import beep, voice
from tests.processes import end_with_parent
from tests.whole.dying_agi import FOLDER

PROMPT_S = 0.08
SPOKEN_S = 1.0
START_S = 120.0
# What the recogniser's stand-in hears in every recording, and after how long.
WORDS = "ở xã Hòa Bình"
RECOGNISED_AFTER_S = 0.8

# The caller's own end of the line, and the way in that gives each call its caller's number.
CALLERS = """
[test-in]
exten => _X.,1,Set(CALLERID(num)=${{EXTEN}})
 same => n,Set(CALLERID(num-pres)=allowed)
 same => n,Goto(hotline-incoming,19009120,1)

[test-caller]
exten => _X.,1,AGI(agi://127.0.0.1:{port}/caller)
 same => n,Hangup()
"""
CALLER_MODULES = ("app_senddtmf",)


class LineDead(Exception):
    """The hotline hung up while the caller wanted to go on."""


@dataclass
class Caller:
    """A telephone in the caller's hand."""

    visit: Visit
    folder: Path

    def press(self, keys: str) -> None:
        self._do(f'EXEC SendDTMF "{keys},60,80"')

    def speak(self) -> None:
        self._do(f'STREAM FILE {self.folder / "voice"} ""')

    def listen(self, seconds: float) -> None:
        self._do(f"WAIT FOR DIGIT {round(seconds * 1000)}")

    def hear_out(self, within_s: float, keys: str = "") -> bool:
        """Whether the hotline hangs up within that time, while or after those keys are pressed."""
        end = time.monotonic() + within_s
        try:
            if keys:
                self.press(keys)
            while time.monotonic() < end:
                self.listen(0.5)
        except LineDead:
            return True
        return False

    def _do(self, command: str) -> None:
        if "result=-1" in (said := self.visit.command(command)) or not said:
            raise LineDead(command)


@dataclass
class Lane:
    """The running parts, and what a test does with them."""

    asterisk: RunningAsterisk
    database: Engine
    environment: Mapping[str, str]
    folder: Path
    callers: FakeAgi
    servers: subprocess.Popen[bytes] | None = None
    recognising: bool = True
    _scripts: dict[str, Callable[[Caller], None]] = field(default_factory=dict)
    _over: dict[str, threading.Event] = field(default_factory=dict)
    _problems: dict[str, str] = field(default_factory=dict)

    @property
    def trace_file(self) -> Path:
        return self.folder / "trace"

    def trace(self, since: int = 0) -> tuple[list[dict[str, Any]], int]:
        """What the servers told since that place in their trace, and where it ends now."""
        if not self.trace_file.exists():
            return [], since
        with self.trace_file.open("rb") as file:
            file.seek(since)
            lines, end, _ = file.read().rpartition(b"\n")
        told = [json.loads(line) for line in lines.splitlines()]
        return told, since + len(lines) + len(end)

    def arm(self, step: str, instant: str) -> None:
        """The next server that comes to `step` dies there."""
        unfinished = self.folder / "arming"
        unfinished.write_text(json.dumps({"step": step, "instant": instant}))
        unfinished.rename(self.folder / "arm")

    def disarm(self) -> None:
        (self.folder / "arm").unlink(missing_ok=True)

    def place_call(self, number: str, script: Callable[[Caller], None]) -> None:
        """Ring from `number`; `script` runs beside. `finish` tells how it ended."""
        self._scripts[number], self._over[number] = script, threading.Event()
        said = self.asterisk.rx(
            f"channel originate Local/{number}@test-in/n extension {number}@test-caller"
        )
        assert "No such" not in said and "not found" not in said.lower(), said

    def finish(self, number: str, timeout_s: float = 60.0) -> str | None:
        """What went wrong for the caller of `number`; None where all went as they wanted."""
        if not self._over[number].wait(timeout_s):
            return f"not over after {timeout_s:g} s"
        return self._problems.get(number)

    def talk(self, visit: Visit) -> None:
        """The caller's end of a call, in a thread of its own."""
        number = visit.environment["agi_extension"]
        try:
            self._scripts[number](Caller(visit, self.folder))
        except (LineDead, AssertionError, OSError) as error:
            self._problems[number] = f"{type(error).__name__}: {error}"
        finally:
            self._over[number].set()

    def start_servers(self) -> None:
        """Start the AGI servers and wait until they listen."""
        binds = [f"127.0.0.1:{port}" for port in self.asterisk.agi_ports]
        with (self.folder / "agi.log").open("ab") as log:
            self.servers = subprocess.Popen(
                [sys.executable, "-m", "tests.whole.dying_agi", *binds],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent(),
            )
        self.wait_for_servers()

    def wait_for_servers(self) -> None:
        until(lambda: all(_listens(port) for port in self.asterisk.agi_ports), START_S)

    def stop_servers(self) -> None:
        """All of them at once, and for good."""
        if self.servers is not None:
            self.servers.send_signal(signal.SIGTERM)
            self.servers.wait(10)
            self.servers = None
        until(lambda: not any(_listens(port) for port in self.asterisk.agi_ports), 5)

    def log(self) -> str:
        return (self.folder / "agi.log").read_text()


@contextmanager
def running_lane(
    installation: Installation, folder: Path, database_url: str, **settings: str
) -> Iterator[Lane]:
    """An Asterisk with two AGI servers on a migrated database, ready for calls.

    `settings` are variables of the servers' environment.
    """
    from tests.conftest import TEST_KEY

    data = folder / "data"
    (data / "secrets").mkdir(parents=True, mode=0o700)
    (data / "secrets" / "data.key").write_bytes(TEST_KEY)
    _make_sounds(data, database_url)
    write_wav(folder / "voice.wav", voice(SPOKEN_S))
    (port,) = free_ports(1)

    def add_callers(etc: Path) -> None:
        with (etc / "extensions.conf").open("a") as file:
            file.write(CALLERS.format(port=port))
        modules = etc / "modules.conf"
        missing = [f"load = {name}.so\n" for name in CALLER_MODULES]
        modules.write_text(modules.read_text() + "".join(missing))

    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
        "HOTLINE_SPEECH": "none",  # a caller of a lane answers by key, when one is waited for
        "HOTLINE_DATA": str(data),
        "HOTLINE_DATABASE_URL": database_url,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "HOTLINE_DISK_BALLAST_MB": "1",
        FOLDER: str(folder),
        **settings,
    }
    with running_asterisk(installation, data, weaken=add_callers) as asterisk:
        database = open_engine(database_url)
        lane: list[Lane] = []
        with FakeAgi(port, lambda visit: lane[0].talk(visit)) as callers:
            lane.append(Lane(asterisk, database, environment, folder, callers))
            ended = threading.Event()
            recogniser = threading.Thread(target=_recognise, args=(lane[0], ended))
            recogniser.start()
            try:
                lane[0].start_servers()
                yield lane[0]
            finally:
                ended.set()
                recogniser.join()
                asterisk.hang_up()
                lane[0].stop_servers()  # a hung one would keep its calls
                asterisk.hang_up()
                until(lambda: not asterisk.channels())
                database.dispose()


def _make_sounds(data: Path, database_url: str) -> None:
    settings = Settings(data=data, database_url=database_url)
    sound = data / "prompt.wav"
    write_wav(sound, beep(PROMPT_S))
    for sounds in voice_sounds(settings, _province(settings.province)):
        sounds.prompts.folder.mkdir(parents=True)
        for name in sounds.prompts.names:
            os.link(sound, sounds.prompts.folder / f"{name}.wav")


@cache
def _province(name: str) -> Province:
    return load_province(find_province(name))


def _recognise(lane: Lane, ended: threading.Event) -> None:
    """Stands in for the worker: every recording says the same."""
    waiting = select(Transcript.recording_name).where(Transcript.status == TranscriptStatus.PENDING)
    since: dict[str, float] = {}

    def recognise() -> None:
        with reading(lane.database) as session:
            names = session.scalars(waiting).all()
        now = time.monotonic()
        for name in names:
            if now - since.setdefault(name, now) < RECOGNISED_AFTER_S:
                continue
            with transaction(lane.database) as session:
                session.execute(
                    update(Transcript)
                    .where(Transcript.recording_name == name)
                    .values(status=TranscriptStatus.DONE, text=WORDS, confidence=0.9, segments=[])
                )

    while not ended.wait(0.1):
        if lane.recognising:
            with contextlib.suppress(OperationalError):  # tests take the database away
                recognise()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except OSError:
        return False
    return True


def copy_of(database: Path, folder: Path) -> str:
    """The URL of a copy of an SQLite file."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(database, folder / "lane.sqlite3")
    return f"sqlite:///{folder / 'lane.sqlite3'}"
