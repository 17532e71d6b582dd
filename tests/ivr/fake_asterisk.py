"""A scripted Asterisk: speaks AGI over a real socket to our server, as Asterisk 22 does.

`Caller` tells what the person at the telephone does, by the question they were asked, so that
they answer again when they are asked again. `FakeAsterisk` is their channel: each `visit` is one
AGI() of the dialplan. It plays no sound; RECORD FILE writes what the caller says.
"""

import shlex
import socket
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from speech.sound import Sound, write_wav

PATIENCE_S = 20.0
DEAD = "511 Command Not Permitted on a dead channel or intercept routine"
UP = "6"
CARRIER_CALL_ID = "3848276298220188511@192.0.2.7"
END_OF_USAGE = (
    "520-Invalid command syntax.  Proper usage follows:",
    " Usage: STREAM FILE <filename> <escape digits> [sample offset]",
    "520 End of proper usage.",
)


class Hangup(StrEnum):
    """The disguises in which Asterisk tells of a hangup in mid-command."""

    RESULT = "result=-1, the notice before the next command"
    NOTICE_FIRST = "the notice, then result=-1"
    BRACKETS = "(hangup)"
    DEAD_CHANNEL = "511 at once"
    UNNOTICED = "the command succeeds, the notice comes after it"
    STATE = "result=-1, no notice, and a channel that is not up"


@dataclass(frozen=True)
class Presses:
    """A key while Asterisk waits, or (`during`) while it plays the question."""

    key: str
    during: bool = False


@dataclass(frozen=True)
class Speaks:
    """What RECORD FILE leaves on disk: a sound, some bytes, or nothing; and how it ends."""

    sound: Sound | bytes | None
    ends_by: Literal["key", "silence", "limit"] | Hangup = "key"
    key: str = "#"


@dataclass(frozen=True)
class HangsUp:
    how: Hangup = Hangup.NOTICE_FIRST


@dataclass(frozen=True)
class Waits:
    """Does nothing."""


Action = Presses | Speaks | HangsUp | Waits


class Caller:
    """Answers each question by its prompt's key; the last answer to a question repeats."""

    def __init__(self, answers: Mapping[str, Action | Sequence[Action]]) -> None:
        self._answers = {
            key: list(given) if isinstance(given, Sequence) else [given]
            for key, given in answers.items()
        }

    def answer(self, question: str) -> Action:
        left = self._answers.get(question, [Waits()])
        return left.pop(0) if len(left) > 1 else left[0]

    def glance(self, question: str) -> Action:
        """What `answer` would say, without having said it."""
        return self._answers.get(question, [Waits()])[0]


@dataclass(frozen=True)
class Loss:
    """The connection goes at command `at` (from 0) of a visit: before or after the reply to it."""

    at: int
    replied: bool = False
    how: Literal["close", "reset", "half_line"] = "close"


class Connection:
    """The wire as Asterisk holds it: commands in, replies out."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, PATIENCE_S)
        self._buffer = b""

    def send(self, *lines: str) -> None:
        self._socket.sendall("".join(line + "\n" for line in lines).encode())

    def send_raw(self, content: bytes) -> None:
        self._socket.sendall(content)

    def command(self) -> str | None:
        """The next command; None when our server has closed."""
        while b"\n" not in self._buffer:
            try:
                received = self._socket.recv(4096)
            except ConnectionResetError:
                return None
            if not received:
                return None
            self._buffer += received
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode()

    def close(self) -> None:
        """Close, and wait until the server has noticed and let go of the call."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
            while self._socket.recv(4096):
                pass
        except OSError:
            pass  # the server was quicker
        self._socket.close()

    def reset(self) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


@dataclass
class FakeAsterisk:
    """One channel with its caller. Keeps every command and variable that it was told."""

    address: tuple[str, int]
    caller: Caller
    unique_id: str = "1795000000.1"
    caller_id: str = "0912345678"
    more_greeting: Mapping[str, str] = field(default_factory=dict)
    queue: str = "0:0"  # who waits, and who is signed in
    brings: str = "TIMEOUT:5:"  # how what the dialplan does for us ends
    commands: list[str] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outcome = ""
        self._hung_up = False
        self._notice_due = False
        self._state = UP
        self._question = ""

    @property
    def done(self) -> bool:
        return self.variables.get("HOTLINE_DONE") == "1"

    @property
    def records(self) -> list[str]:
        return [command for command in self.commands if command.startswith("RECORD FILE")]

    def call(self, losses: Iterable[Loss] = ()) -> "FakeAsterisk":
        """The whole call as the dialplan makes it: visits until the flow says that it is done."""
        for loss in losses:
            self.visit(loss)
        if not self.done:
            self.visit()
        while self.variables.pop("HOTLINE_NEXT", None):
            self.outcome = f"{self.variables['HOTLINE_AT']}:{self.brings}"
            self.visit()
        return self

    def visit(self, loss: Loss | None = None) -> int:
        """One AGI(): until our server closes, or until `loss`. The number of commands in it."""
        wire = Connection(self.address)
        wire.send(*self._greeting(), "")
        count = 0
        while (command := wire.command()) is not None:
            self.commands.append(command)
            replies = self._replies(command)
            if loss is not None and loss.at == count:
                self._lose(wire, loss, replies)
                return count + 1
            wire.send(*replies)
            count += 1
        wire.close()
        return count

    def _lose(self, wire: Connection, loss: Loss, replies: list[str]) -> None:
        if loss.replied:
            wire.send(*replies)
        elif loss.how == "half_line":
            wire.send_raw(replies[0][:7].encode())
        if loss.how == "reset":
            wire.reset()
        else:
            wire.close()

    def _greeting(self) -> list[str]:
        greeting = {
            "agi_network": "yes",
            "agi_network_script": "call",
            "agi_request": "agi://127.0.0.1:4573/call",
            "agi_channel": "PJSIP/trunk-00000001",
            "agi_language": "vi",
            "agi_type": "PJSIP",
            "agi_uniqueid": self.unique_id,
            "agi_version": "22.10.1",
            "agi_callerid": self.caller_id,
            "agi_calleridname": "Nguyễn Văn: A",
            "agi_callingpres": "0",
            "agi_dnid": "19009120",
            "agi_extension": "19009120",
            "agi_enhanced": "0.0",
            "agi_arg_1": "",
            "agi_arg_2": self.outcome,
            "agi_arg_3": CARRIER_CALL_ID,
            **self.more_greeting,
        }
        return [f"{name}: {value}" for name, value in greeting.items()]

    def _replies(self, command: str) -> list[str]:
        notice = ["HANGUP"] if self._notice_due else []
        self._notice_due = False
        return notice + self._reply(command, shlex.split(command))

    def _reply(self, command: str, words: list[str]) -> list[str]:
        match words:
            case ["SET", "VARIABLE", name, value]:  # permitted on a dead channel too
                self.variables[name] = value
                return ["200 result=1"]
            case ["GET", "FULL", "VARIABLE", expression] if "QUEUE" in expression:
                return [f"200 result=1 ({self.queue})"]
            case ["CHANNEL", "STATUS"] if not self._hung_up or self._state != UP:
                return [f"200 result={self._state}"]
            case _ if self._hung_up:
                return [DEAD] if self._state == UP else ["200 result=-1"]
            case ["STREAM", "FILE", sound, keys, "0"]:
                return self._play(sound, keys)
            case ["WAIT", "FOR", "DIGIT", milliseconds]:
                assert int(milliseconds) > 0
                return self._wait()
            case ["RECORD", "FILE", path, "wav", _, _, "0", _]:
                return self._record(Path(f"{path}.wav"))
            case _:
                return ["510 Invalid or unknown command"]

    def _play(self, sound: str, keys: str) -> list[str]:
        name = Path(sound).name
        self.played.append(name)
        if name != "beep" and not name.startswith(("digit_", "pause")):
            self._question = name.partition(".")[0]
        question = name if name == "beep" else self._question
        match self.caller.glance(question):
            case Presses(key, during=True) if key in keys and keys:
                self.caller.answer(question)
                return [f"200 result={ord(key)} endpos=4160"]
            case HangsUp(how):
                return self._hang_up(how, endpos=" endpos=960")
            case _:
                return ["200 result=0 endpos=16000"]

    def _wait(self) -> list[str]:
        match self.caller.answer(self._question):
            case Presses(key):
                return [f"200 result={ord(key)}"]
            case HangsUp(how):
                return self._hang_up(how)
            case _:
                return ["200 result=0"]

    def _record(self, path: Path) -> list[str]:
        match self.caller.answer(self._question):
            case Speaks(sound, ends_by, key):
                if isinstance(sound, Sound):
                    write_wav(path, sound)
                elif sound is not None:
                    path.write_bytes(sound)
                if isinstance(ends_by, Hangup):
                    return self._hang_up(ends_by, endpos=" endpos=24000")
                ending = {
                    "key": f"result={ord(key)} (dtmf)",
                    "silence": "result=0 (timeout)",
                    "limit": "result=0 (timeout)",
                }[ends_by]
                return [f"200 {ending} endpos=24000"]
            case HangsUp(how):
                return self._hang_up(how, endpos=" endpos=0")
            case _:
                return ["200 result=0 (timeout) endpos=0"]

    def _hang_up(self, how: Hangup, endpos: str = "") -> list[str]:
        self._hung_up = True
        match how:
            case Hangup.RESULT:
                self._notice_due = True
                return [f"200 result=-1{endpos}"]
            case Hangup.NOTICE_FIRST:
                return ["HANGUP", f"200 result=-1{endpos}"]
            case Hangup.BRACKETS:
                self._notice_due = True
                return [f"200 result=-1 (hangup){endpos}"]
            case Hangup.DEAD_CHANNEL:
                return [DEAD]
            case Hangup.UNNOTICED:
                self._notice_due = True
                return [f"200 result=0{endpos}"]
            case Hangup.STATE:
                self._state = "0"
                return [f"200 result=-1{endpos}"]
