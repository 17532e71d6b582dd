"""A telephone line whose caller does what a journal says: AGI's other end, for one call.

It speaks AGI as Asterisk does and lets the dialplan's part of the queue and of outside lines
happen at once. Which keys come while a prompt plays and which after it, whether an entry is ended
by `#` or by waiting, and whether the speech service is there for a key, changes from answer to
answer: a journal must not depend on it.
"""

import shlex
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

from ivr.answers import Speech
from ivr.conversation import Conversations
from ivr.drivers.agi import Channel
from ivr.drivers.agi_server import DRIVER, Hotline, hold_call
from ivr.drivers.listening import Key, Words
from ivr.drivers.simulator import tone
from ivr.errors import ChannelGone, SpeechGone
from ivr.steps import (
    Dial,
    DialEnded,
    Digits,
    Enqueue,
    Gather,
    Hear,
    HungUp,
    NoInput,
    QueueEnded,
    QueueSeen,
    Recorded,
    Result,
    Said,
    Wait,
)
from speech.sound import write_wav

UNIQUE_ID = "1795000000.1"
MOST_VISITS = 60
_QUEUE_STATUS = {
    "answered": "CONTINUE",
    "timeout": "TIMEOUT",
    "key": "KEY",
    "unavailable": "JOINEMPTY",
}
_DIAL_STATUS = {
    "answered": "ANSWER",
    "busy": "BUSY",
    "no_answer": "NOANSWER",
    "failed": "CHANUNAVAIL",
}


class _ScriptedHearing(Channel):
    """A channel on which listening is scripted, too: what Asterisk does there is tested with it."""

    def __init__(self, connection: socket.socket, line: "ScriptedLine") -> None:
        super().__init__(connection)
        self._line = line

    def listen(self, *_: object, **__: object) -> Key | Words | None:
        return self._line.listen()


class ScriptedLine:
    """Answers each wait in order; `variables` are what our server has set on the channel."""

    def __init__(self, answers: Sequence[tuple[Wait, Result]], caller_id: str) -> None:
        self.variables: dict[str, str] = {}
        self.played: list[str] = []
        self._answers = list(answers)
        self._caller_id = caller_id
        self._next = 0
        self._keyed = ""
        self._hung_up = False

    def call(self, hotline: Hotline) -> None:
        """The whole call, visit by visit, until our server says that it is done.

        Raises:
            AssertionError: the call goes on after the last answer, or over before it.
        """
        outcome = ""
        for visit in range(MOST_VISITS):
            self._visit(hotline, f"scripted-{visit}", outcome)
            if self.variables.get("HOTLINE_DONE") == "1":
                break
            assert self.variables.pop("HOTLINE_NEXT", None), "left without a word to the dialplan"
            if isinstance(self._due()[1], HungUp):
                self._leave_the_dialplan(hotline.conversations)
                break
            outcome = self._outcome()
        left = self._answers[self._next :]
        assert not left, f"the call is over, but there were answers left: {left}"

    def words_ready(self, recording: str, limit_s: float) -> bool:
        """What our server asks of the recogniser."""
        wait, result = self._due()
        if isinstance(wait, Hear) and not isinstance(result, NoInput | HungUp):
            self._next += 1
            return True
        return False

    def listen(self) -> Key | Words | None:
        """What the caller says or presses at a question that hears words."""
        wait, result = self._due()
        assert isinstance(wait, Gather) and wait.by_word, f"nobody listens at {wait}"
        if isinstance(result, HungUp):
            self._next = len(self._answers)
            self._hung_up = True
            raise ChannelGone("hung up while somebody listened")
        if isinstance(result, Digits) and self._next % 2:
            raise SpeechGone("every other key comes without a speech service")
        self._answered()
        match result:
            case Said(_, words, confidence):
                return Words(words, confidence)
            case Digits(value):
                return Key(value)
            case _:
                return None

    @property
    def handling_s(self) -> float:
        """How long a person talks to a caller, so that the queue is as long as it is told."""
        for _, result in self._answers:
            if isinstance(result, QueueSeen) and result.waiting:
                return result.wait_s * result.agents / result.waiting
        return 120.0

    def _due(self) -> tuple[Wait | None, Result | None]:
        return self._answers[self._next] if self._next < len(self._answers) else (None, None)

    def _visit(self, hotline: Hotline, holder: str, outcome: str) -> None:
        ours, theirs = socket.socketpair()
        failures: list[Exception] = []

        def serve() -> None:
            try:
                hold_call(_ScriptedHearing(theirs, self), hotline, holder)
            except Exception as error:
                failures.append(error)
            finally:
                theirs.close()

        server = threading.Thread(target=serve)
        server.start()
        try:
            with ours, ours.makefile("rw", newline="\n") as wire:
                wire.write(self._greeting(outcome))
                wire.flush()
                for command in wire:
                    wire.write("".join(f"{line}\n" for line in self._replies(command.strip())))
                    wire.flush()
        finally:
            server.join()
        if failures:
            raise failures[0]

    def _greeting(self, outcome: str) -> str:
        told = {
            "network": "yes",
            "uniqueid": UNIQUE_ID,
            "callerid": self._caller_id,
            "callingpres": "0",
            "language": "vi",
            "dnid": "19009120",
            "arg_1": "",
            "arg_2": outcome,
        }
        return "".join(f"agi_{name}: {value}\n" for name, value in told.items()) + "\n"

    def _replies(self, command: str) -> list[str]:
        wait, result = self._due()
        if isinstance(result, HungUp) and not isinstance(wait, Enqueue | Dial):
            self._hung_up = True
        match shlex.split(command):
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                return ["200 result=1"]
            case ["CHANNEL", "STATUS"]:
                return [f"200 result={0 if self._hung_up else 6}"]
            case _ if self._hung_up:
                self._next = len(self._answers)
                return ["HANGUP", "200 result=-1"]
            case ["STREAM", "FILE", sound, keys, "0"]:
                return [self._play(Path(sound).name, keys)]
            case ["WAIT", "FOR", "DIGIT", _]:
                return [self._wait()]
            case ["RECORD", "FILE", path, "wav", *_]:
                return [self._record(Path(f"{path}.wav"))]
            case ["GET", "FULL", "VARIABLE", _]:
                return [self._look_at_queue()]
            case _:
                return ["510 Invalid or unknown command"]

    def _play(self, sound: str, keys: str) -> str:
        self.played.append(sound)
        wait, result = self._due()
        interrupts = self._next % 2 and isinstance(wait, Gather) and not self._keyed
        if interrupts and isinstance(result, Digits) and result.value[0] in keys:
            return self._press(result.value[0])
        return "200 result=0 endpos=16000"

    def _press(self, key: str) -> str:
        wait, result = self._due()
        self._keyed += key
        if isinstance(wait, Gather) and isinstance(result, Digits):
            complete = len(self._keyed) == wait.max_digits
            if complete and self._keyed == result.value:
                self._answered()
        return f"200 result={ord(key)}"

    def _answered(self) -> None:
        self._next += 1
        self._keyed = ""

    def _wait(self) -> str:
        wait, result = self._due()
        match result:
            case Digits(value) if self._keyed != value:
                return self._press(value[len(self._keyed)])
            case NoInput() if isinstance(wait, Hear):
                self._answered()
                return f"200 result={ord('1')}"  # any key goes on without the words
            case Digits() | NoInput():
                ends_by_key = self._next % 3 == 0 and isinstance(wait, Gather) and wait.finish_on
                self._answered()
                return f"200 result={ord('#') if ends_by_key else 0}"
            case _:
                return "200 result=0"

    def _record(self, path: Path) -> str:
        _, result = self._due()
        self._answered()
        if not isinstance(result, Recorded):
            return "200 result=0 (timeout) endpos=0"
        write_wav(path, tone(Speech(result.length_s, result.silent)))
        if result.key:
            return f"200 result={ord(result.key)} (dtmf) endpos=24000"
        return "200 result=0 (timeout) endpos=24000"

    def _look_at_queue(self) -> str:
        _, result = self._due()
        assert isinstance(result, QueueSeen), f"expected a look at the queue, found {result}"
        self._answered()
        return f"200 result=1 ({result.waiting}:{result.agents})"

    def _outcome(self) -> str:
        """What the dialplan says about the wait that it has carried out."""
        _, result = self._due()
        self._answered()
        match result:
            case QueueEnded(outcome, waited_s, key):
                told = f"{_QUEUE_STATUS[outcome]}:{waited_s}:{key}"
            case DialEnded(dialled, talked_s):
                told = f"{_DIAL_STATUS[dialled]}:{talked_s}:"
            case _:
                raise AssertionError(f"expected the end of a queue or call, found {result}")
        return f"{self.variables['HOTLINE_AT']}:{told}"

    def _leave_the_dialplan(self, conversations: Conversations) -> None:
        """Asterisk notes that the caller left; the sweep tells the conversation."""
        self._answered()
        call_id = conversations.open_calls(DRIVER)[UNIQUE_ID]
        conversations.caller_left(call_id, lambda name: None)
