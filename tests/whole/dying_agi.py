"""`hotline agi` that kills itself at a named instant of a named wait, and tells what it does.

    python -m tests.whole.dying_agi HOST:PORT...

It is the real program: the command runs as it is, with a subclass of `Conversations` and a wrapped
`perform`. One process holds what Python has loaded and forks a server for each address; a server
that died is back after a pause, as under a supervisor. HOTLINE_TEST_DEATH names a folder:

- `arm`: {"step": "Gather:contact", "instant": "waiting"}; whoever comes there takes it and dies.
- `trace`: a line of JSON for each thing that happened, times by the monotonic clock of the machine.
"""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, cast

from sqlalchemy import Engine, event

from hotline import calls
from hotline.commands.agi import agi
from ivr.conversation import Conversations
from ivr.drivers import agi_server
from ivr.drivers.agi import Channel
from ivr.drivers.listening import Asked, Key, Words
from ivr.drivers.turns import Telephone, TelephoneChannel, perform
from ivr.engine import Pending
from ivr.session import Turn
from ivr.steps import Hear, Result, step_name
from tests.processes import end_with_parent

FOLDER = "HOTLINE_TEST_DEATH"
# A second of supervisord's, and the start.
AWAY_S = 2.0
INTO_THE_PROMPT_S = 0.03
INTO_THE_WAIT_S = 0.2


class Instant(StrEnum):
    """When a server dies."""

    SENT = "sent"  # its turn is being spoken
    WAITING = "waiting"  # it waits for the caller
    RECEIVED = "received"  # all is done for the answer, but it is not committed
    COMMITTED = "committed"  # nothing was said since the commit


class Fate:
    """Reads when to die, and writes down what happened until then."""

    def __init__(self, folder: Path) -> None:
        self._arm = folder / "arm"
        self._trace = os.open(folder / "trace", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(self, what: str, **values: Any) -> None:
        told = {"at": time.monotonic(), "pid": os.getpid(), "what": what, **values}
        os.write(self._trace, json.dumps(told).encode() + b"\n")

    def claim(self, step: str, instant: Instant) -> bool:
        """Whether this is where to die: said to one server only, and once."""
        try:
            armed = json.loads(self._arm.read_text())
            if armed != {"step": step, "instant": instant}:
                return False
            self._arm.rename(self._arm.with_name("claimed"))
        except FileNotFoundError:
            return False
        return True

    def die(self) -> NoReturn:
        self.tell("dies")
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("a killed process goes on")

    def die_in(self, seconds: float) -> None:
        threading.Timer(seconds, self.die).start()


class TellingChannel:
    """A channel that tells of a turn's first command, and of the wait."""

    def __init__(self, channel: TelephoneChannel, fate: Fate, turn: Turn, position: str) -> None:
        self._channel = channel
        self._fate = fate
        self._turn = turn
        self._position = int(position)
        self._caller = cast(Channel, channel).greeting["agi_callerid"]
        self._step = step_name(turn.wait)
        self._begun = self._asked = False

    def play(self, sound: str, escape_digits: str = "") -> str:
        self._begin()
        if self._fate.claim(self._step, Instant.SENT):
            self._fate.die_in(INTO_THE_PROMPT_S)
        return self._channel.play(sound, escape_digits)

    def wait_for_digit(self, timeout_ms: int) -> str:
        self._ask()
        return self._channel.wait_for_digit(timeout_ms)

    def record(self, path: str, max_length_ms: int, silence_s: int, escape_digits: str) -> str:
        self._ask()
        return self._channel.record(path, max_length_ms, silence_s, escape_digits)

    def listen(self, sounds: Sequence[str], asked: Asked) -> Key | Words | None:
        self._ask()
        return self._channel.listen(sounds, asked)

    def full_variable(self, expression: str) -> str | None:
        self._begin()
        return self._channel.full_variable(expression)

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._tell("turn")

    def _ask(self) -> None:
        self._begin()
        if self._asked:
            return
        self._asked = True
        dies = self._fate.claim(self._step, Instant.WAITING)
        if not isinstance(self._turn.wait, Hear):
            self._tell("asks", dies=dies)
        if dies:
            self._fate.die_in(INTO_THE_WAIT_S)

    def _tell(self, what: str, **values: Any) -> None:
        at = {"step": self._step, "position": self._position, "caller": self._caller}
        self._fate.tell(what, **at, **values)


class DyingConversations(Conversations):
    """Conversations that end their process before or after a commit."""

    fate: Fate

    def advance(self, at: Pending, result: Result) -> Pending:
        step = step_name(at.turn.wait)
        before_commit = self.fate.claim(step, Instant.RECEIVED)
        if before_commit:
            event.listen(self.database, "commit", lambda connection: self.fate.die())
        advanced = super().advance(at, result)
        assert not before_commit, "nothing was committed"
        self.fate.tell("committed", step=step, position=at.position, call=at.call_id)
        if self.fate.claim(step, Instant.COMMITTED):
            self.fate.die()
        return advanced


def serve(bind: str) -> None:
    """Be the server at `bind`, until death or SIGTERM."""
    fate = Fate(Path(os.environ[FOLDER]))
    the_hotline = calls.the_hotline

    def dying_hotline(settings: Any, database: Engine, province: Any) -> Any:
        hotline = the_hotline(settings, database, province)
        given = hotline.conversations
        conversations = DyingConversations(
            given.database, given.handlers, given.prepare, given.clock
        )
        object.__setattr__(conversations, "fate", fate)
        object.__setattr__(hotline, "conversations", conversations)
        return hotline

    def telling(turn: Turn, telephone: Telephone, recording: str) -> Result | None:
        position = recording.rpartition("-")[2]
        channel = TellingChannel(telephone.channel, fate, turn, position)
        told = {**vars(telephone), "channel": channel}
        return perform(turn, Telephone(**told), recording)

    vars(calls)["the_hotline"] = dying_hotline
    vars(agi_server)["perform"] = telling
    agi.main(["--bind", bind], standalone_mode=False)


def main() -> None:
    addresses: dict[int, str] = {}

    def leave(number: int, frame: FrameType | None) -> None:
        for pid in addresses:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, leave)
    for bind in sys.argv[1:]:
        addresses[_fork(bind)] = bind
    while True:
        pid, _ = os.wait()
        bind = addresses.pop(pid)
        time.sleep(AWAY_S)
        addresses[_fork(bind)] = bind


def _fork(bind: str) -> int:
    if (pid := os.fork()) == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        end_with_parent()()
        serve(bind)
        os._exit(0)
    return pid


if __name__ == "__main__":
    main()
