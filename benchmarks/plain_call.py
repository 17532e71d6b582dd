"""The calls that the capacity benchmark makes. Their flows are registered here alone.

The plain call is the harshest: welcome, a question cut by a key, goodbye, all within five seconds.
The paced call has the steps of a report at the pace of a caller: four questions, a statement.
"""

import time
import wave
from collections.abc import MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ivr.conversation import Conversations
from ivr.drivers.agi_server import Hotline
from ivr.drivers.recorder import Recorder
from ivr.engine import Arrival, Setting
from ivr.facts import CallFacts
from ivr.flows import registry
from ivr.prompts import Prompts
from ivr.steps import Flow, Gather, Record, Say
from ivr.voices import Voices

FLOW = ("plain_call", 1)
HELD_FLOW = ("held_call", 1)
# Whoever rings this number hears a long question and stays.
HELD_NUMBER = "19009121"
PACED_FLOW = ("paced_call", 1)
PACED_NUMBER = "19009122"
QUESTIONS = 4
SOUNDS_S = {
    "welcome": 2.0,
    "question": 2.0,
    "question_long": 60.0,
    "goodbye": 2.0,
    "apology": 0.5,
    "welcome_paced": 4.0,
    "question_paced": 5.0,
    "statement": 3.0,
    "beep": 0.3,
}
RATE_HZ = 8000
KEY = "5"
# As many facts as a real call's, so that storing them costs as much.
FACTS = CallFacts(
    menu={str(key): f"category_{key}" for key in range(1, 6)},
    submenu={
        str(key): {str(sub): f"category_{key}_{sub}" for sub in range(1, 6)} for key in range(1, 6)
    },
    areas={str(key): [f"2025:{number}" for number in range(12)] for key in range(1, 6)},
    can_text=True,
    number_known=True,
)


def plain_call(facts: CallFacts) -> Flow[None]:
    yield Say("welcome")
    yield Gather("question", timeout_s=5.0)
    yield Say("goodbye")


def held_call(facts: CallFacts) -> Flow[None]:
    yield Say("welcome")
    yield Gather("question_long", timeout_s=5.0)
    yield Say("goodbye")


def paced_call(facts: CallFacts) -> Flow[None]:
    yield Say("welcome_paced")
    for _ in range(QUESTIONS):
        yield Gather("question_paced", timeout_s=5.0)
    yield Record("statement", max_length_s=60)
    yield Say("goodbye")


_FLOWS = {FLOW: plain_call, HELD_FLOW: held_call, PACED_FLOW: paced_call}
_NUMBERS = {HELD_NUMBER: HELD_FLOW, PACED_NUMBER: PACED_FLOW}


def register() -> None:
    """Let this process's engine find the flows."""
    cast(MutableMapping[Any, Any], registry.FLOWS).update(_FLOWS)


def prepare(session: Session, arrival: Arrival, now: datetime) -> Setting:
    """What our flow knows, without asking the database: that is the hotline's own affair."""
    return Setting(_NUMBERS.get(arrival.called_number, FLOW), FACTS)


def conversations(database: Engine) -> Conversations:
    return Conversations(database, {}, prepare, lambda: datetime.now(UTC))


def house(database: Engine, folder: Path) -> Hotline:
    """What an AGI server needs; sounds and recordings lie in `folder`."""
    prompts = Prompts({key: key for key in SOUNDS_S}, "vi", folder)
    return Hotline(
        conversations(database),
        Voices({("vi", False): prompts}),
        Recorder(folder),
        lambda recording, limit_s: False,
    )


def write_sounds(folder: Path) -> None:
    """The prompts, as soft noise-free tones: what is spoken costs Asterisk the same."""
    for name, length_s in SOUNDS_S.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE_HZ)
            period = b"".join(
                value.to_bytes(2, "little", signed=True) for value in (0, 1000, 0, -1000)
            )
            sound.writeframes(period * round(length_s * RATE_HZ / 4))


class TimedSocket:
    """A socket that notes how long our side takes from a pressed key's reply to the next command.

    What lies before the reply is read (network, a thread that waits for its turn) is not in it;
    the fake peer, which looks from outside, sees that too.
    """

    def __init__(self, connection: Any, taken_s: list[float]) -> None:
        self._connection = connection
        self._taken_s = taken_s
        self._read_at = 0.0

    def recv(self, size: int) -> bytes:
        received: bytes = self._connection.recv(size)
        pressed = received.startswith(b"200 result=") and received[11:13].isdigit()
        self._read_at = time.perf_counter() if pressed else 0.0
        return received

    def sendall(self, data: bytes) -> None:
        if self._read_at:
            self._taken_s.append(time.perf_counter() - self._read_at)
            self._read_at = 0.0
        self._connection.sendall(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
